"""Finds the input files, tells tables from files of claims, and takes their fingerprints."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from engine.batch.inputs.layout import Layout, Mapping_, layout_of
from engine.model.problem import Location, Problem

Kind = Literal["parquet", "csv", "claims"]
_HEAD = 1 << 16
_BESIDE = re.compile(r".*-(history|documentation)")
_PART = 1 << 20


@dataclass
class Input:
    """One file. Tables have a layout; `delimiter` and `columns` are those of a CSV file. `name`
    is what outputs call it: its own name, with folders where several have the same."""

    path: Path
    kind: Kind
    layout: Layout = field(default_factory=Layout)
    columns: dict[str, str] = field(default_factory=dict)
    delimiter: str = ","
    name: str = ""

    def __post_init__(self) -> None:
        self.name = self.name or self.path.name

    @property
    def table(self) -> bool:
        """Whether a database reads it."""
        return self.kind != "claims"

    def mark(self) -> dict[str, Any]:
        """What tells whether it is still the same file: name, size, and a digest of three of its
        parts (the whole of it, where it is small)."""
        size = self.path.stat().st_size
        seen = hashlib.sha256(str(size).encode())
        with self.path.open("rb") as file:
            for at in sorted({0, max(size // 2, 0), max(size - _PART, 0)}):
                file.seek(at)
                seen.update(file.read(_PART))
        return {"file": str(self.path), "size": size, "digest": seen.hexdigest()[:24]}


def found(paths: tuple[str, ...], own: Path | None = None) -> Iterator[Path | Problem]:
    """The files that are named, and those in the folders that are named, in order of name; what
    lies in the folder `own`, to which the outputs go, is none."""
    for name in paths:
        path = Path(name)
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.is_file() and _wanted(p, path)]
            inside = [p for p in inside if own is None or not p.resolve().is_relative_to(own)]
            yield from inside
            if not inside:
                yield Problem(Location(name), "no-claims", "the folder holds no files of claims")
        elif path.exists():
            yield path
        else:
            yield Problem(Location(name), "unreadable-file", "there is no such file or folder")


def name_apart(inputs: Sequence[Input]) -> None:
    """Give inputs of the same name so many of their folders that no two are called the same."""
    alike = Counter(given.path.name for given in inputs)
    for name, count in alike.items():
        same = [given for given in inputs if given.path.name == name] if count > 1 else []
        parts = [given.path.resolve().parts for given in same]
        depth = 1
        while len({part[-depth:] for part in parts}) < len(parts):
            depth += 1
        for given, part in zip(same, parts, strict=True):
            given.name = "/".join(part[-depth:])


def _wanted(path: Path, root: Path) -> bool:
    """Hidden files are no input, nor are histories and records that lie beside the claims."""
    hidden = any(part.startswith((".", "_")) for part in path.relative_to(root).parts)
    return not hidden and not _BESIDE.fullmatch(path.stem)


def opened(path: Path, mapping: Mapping_ | None) -> Input | Problem:
    """The input with its layout, or why it cannot be read; a table may still be `unusable`."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or 'no reason'}"
        return Problem(Location(str(path)), "unreadable-file", message)
    if head.startswith(b"PAR1"):
        return _parquet(path, mapping)
    delimiter = _delimiter(head, path, mapping)
    return _csv(path, head, delimiter, mapping) if delimiter else Input(path, "claims")


def _parquet(path: Path, mapping: Mapping_ | None) -> Input | Problem:
    from pyarrow import ArrowException, parquet

    try:
        schema = parquet.read_schema(path)
    except (ArrowException, OSError, ValueError) as error:
        message = f"this Parquet file cannot be read: {str(error).splitlines()[0][:120]}"
        return Problem(
            Location(str(path)), "bad-table", message, "it may be cut short; make it anew"
        )
    columns = {name: str(schema.field(name).type) for name in schema.names}
    if "lines" in columns and columns["lines"].startswith(("list<", "large_list<")):
        return Input(path, "claims", columns=columns)
    return Input(path, "parquet", layout_of(columns, mapping), columns)


def _csv(path: Path, head: bytes, delimiter: str, mapping: Mapping_ | None) -> Input | Problem:
    names = _names(head, delimiter)
    if len(set(names)) != len(names):
        twice = next(n for n in names if names.count(n) > 1)
        message = f"two columns have the name `{twice[:40]}`"
        return Problem(Location(str(path), 1), "bad-table", message, "name each column once")
    layout = layout_of(names, mapping)
    return Input(path, "csv", layout, dict.fromkeys(names, "text"), delimiter)


def unusable(given: Input) -> Problem | None:
    """Why a table cannot be judged: what must stand in every row and has no column."""
    missing = given.layout.missing
    if not given.table or not missing:
        return None
    listed = ", ".join(missing)
    return Problem(
        Location(str(given.path)),
        "missing-column",
        f"no column of this table is known to hold: {listed}",
        "name the columns in a mapping file (--mapping); --describe shows what was understood"
        + ("; --payer names the payer of all claims" if "payer" in missing else ""),
    )


def _delimiter(head: bytes, path: Path, mapping: Mapping_ | None) -> str | None:
    """The delimiter of a CSV file; None if the first line is no header of a table."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if first.lstrip()[:1] in (b"{", b"[", b"<") or first.startswith(b"ISA"):
        return None
    best = max((",", "\t", "|", ";"), key=lambda d: first.count(d.encode()))
    if not first.count(best.encode()):
        return None
    known = len(layout_of(_names(head, best), mapping).fields)
    return best if known >= 2 or path.suffix.casefold() in (".csv", ".tsv") else None


def _names(head: bytes, delimiter: str) -> list[str]:
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    return [name.strip().strip('"').strip() for name in first.strip("\r\n").split(delimiter)]
