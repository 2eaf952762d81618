"""Breaks good files of claims at random: cut, flipped, spliced, with foreign bytes in between."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.batch.tables import as_csv, as_nested, as_parquet, flat

FOREIGN = (
    b"\x00\xff\xfe", b'"', b"{", b"]", b",,,,,,", b"\n\n", b"~ISA*", b"\xef\xbb\xbf", b"NaN",
    b"-1", b"9" * 400, b"'; DROP TABLE given; --", b"PAR1", b"null", b"\t", b"2026-02-30",
    "é".encode("latin-1"), b"*" * 90, b"PK\x03\x04", b"<html>",
)  # fmt: skip
SAMPLE_837 = Path(__file__).parents[2] / "examples"


def samples(claims: Path, folder: Path) -> list[Path]:
    """Good files of each kind that is read."""
    lines = flat(claims)[:40]
    short = folder / "claims.jsonl"
    short.write_text("\n".join(claims.read_text("utf-8").splitlines()[:12]) + "\n", "utf-8")
    found = [
        short,
        as_csv(lines, folder / "lines.csv"),
        as_parquet(lines, folder / "lines.parquet"),
        as_nested(short, folder / "nested.parquet"),
    ]
    return [*found, *sorted(SAMPLE_837.rglob("*.837"))[:2], *sorted(SAMPLE_837.rglob("*.edi"))[:1]]


def broken(chance: Random, good: list[Path], folder: Path, number: int) -> Path:
    """One broken file."""
    source = chance.choice(good)
    data = bytearray(source.read_bytes())
    for _ in range(chance.randrange(1, 4)):
        _break(chance, data, chance.choice(good))
    path = folder / f"{number:04d}{chance.choice([source.suffix, '.txt', '.csv', ''])}"
    path.write_bytes(bytes(data))
    return path


def _break(chance: Random, data: bytearray, other: Path) -> None:
    at = chance.randrange(len(data) + 1)
    kind = chance.randrange(6)
    if kind == 0:
        del data[at:]
    elif kind == 1:
        data[at:at] = chance.choice(FOREIGN)
    elif kind == 2:
        del data[at : at + chance.randrange(1, 200)]
    elif kind == 3:
        for _ in range(chance.randrange(1, 30)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == 4:
        more = other.read_bytes()
        data[at:at] = more[: chance.randrange(len(more) + 1)]
    else:
        data[: chance.randrange(40)] = b""
