"""The acceptance matrix: statements of the field, and what proves each of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.cli.run import ROOT

MATRIX = ROOT / "tests" / "acceptance.csv"
FAMILIES = ROOT / "tests" / "acceptance-families.csv"
RULINGS = ROOT / "tests" / "acceptance-rulings.csv"
WORKED = ROOT / "tests" / "worked-examples.csv"

KINDS = ("rule", "example", "case", "test", "command", "reason")
TOOL = frozenset({"R43", "R44", "R45"})
"""Families of statements about the tool and not about a claim: a command or a test proves them."""


@dataclass(frozen=True)
class Proof:
    """One thing that proves a row.

    `of` is a rule id (rule, example), a policy id (case), a path (test), the words behind
    `cleanclaim` (command) or the reason itself; `name` the example, case or test; `exit` how a
    command must end.
    """

    kind: str
    of: str
    name: str = ""
    exit: int = 0

    @property
    def policy(self) -> str:
        """The policy in which a rule, an example or a case stands."""
        return self.of.partition("#")[0]


@dataclass(frozen=True)
class Row:
    """A statement, its status (A P X C I), what proves it and the ruling that stands on it."""

    id: str
    family: str
    says: str
    status: str
    written: str
    ruling: str

    @cached_property
    def proofs(self) -> tuple[Proof, ...]:
        """What proves the row, read; none while the row is open."""
        return tuple(_proof(text) for text in self.written.split(" | ") if text)

    def of(self, *kinds: str) -> list[Proof]:
        """The proofs of some kinds."""
        return [proof for proof in self.proofs if proof.kind in kinds]


def matrix(file: Path = MATRIX) -> list[Row]:
    """The rows in the order in which they stand."""
    return [
        Row(
            entry["id"],
            entry.get("family", ""),
            entry["says"],
            entry.get("status", ""),
            entry["proofs"],
            entry["ruling"],
        )
        for entry in _entries(file)
    ]


def families() -> dict[str, str]:
    """The short name of each family of rows."""
    return {entry["family"]: entry["name"] for entry in _entries(FAMILIES)}


def rulings() -> list[tuple[str, str, str]]:
    """Each ruling with its matter and what holds."""
    return [(e["ruling"], e["matter"], e["holds"]) for e in _entries(RULINGS)]


def _entries(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def _proof(text: str) -> Proof:
    """One written proof; a kind that there is not is an error that quotes it."""
    kind, _, rest = text.partition(":")
    if kind not in KINDS or not rest:
        raise ValueError(f"no such proof: `{text}`")
    if kind == "test":
        path, _, name = rest.partition("::")
        return Proof(kind, path, name)
    if kind == "command":
        words, _, code = rest.rpartition(" => ")
        return Proof(kind, words.removeprefix("cleanclaim "), exit=int(code))
    if kind in ("example", "case"):
        of, _, name = rest.partition(": ")
        return Proof(kind, of, name)
    return Proof(kind, rest)
