"""What a batch says of itself: run.json, the quarantine and the remarks, at any moment of a run.

They are made from the marks of the partitions that are done, so that they are right after
whatever ended an earlier start; each file is whole or not there.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

from engine import __version__
from engine.batch.inputs import Input
from engine.batch.inputs.reading import Refused
from engine.batch.judge import Judge
from engine.batch.lock import WORK
from engine.batch.settings import Settings
from engine.batch.staging import Staged
from engine.batch.told import DONE, whole, write_json
from engine.documents.digest import tree_digest
from engine.model.claim import Payer

RUN, LOST, QUARANTINE = "run.json", "lost.json", "quarantine.jsonl"
State: TypeAlias = Literal["running", "interrupted", "stopped", "complete"]
_KNOWN = ("two-patients",)
"""Refused when they were staged, and counted among the claims of their file."""


class CountsError(Exception):
    """Claims came in that did not come out."""


@dataclass
class Account:
    """The account of one batch; `staged` is what was read, as far as that is known."""

    out: Path
    settings: Settings
    inputs: Sequence[Input]
    options: dict[str, Any]
    staged: Staged = field(default_factory=Staged)
    began: str = field(default_factory=lambda: now())
    _before: float = 0.0
    _begun: float = field(default_factory=time.monotonic)

    def go_on(self) -> None:
        """Take up the time that earlier starts took."""
        said = read_run(self.out)
        self.began = str(said.get("began") or self.began)
        self._before = float(said.get("seconds") or 0)

    def told(self, state: State = "running", why: str | None = None) -> dict[str, Any]:
        """run.json, as far as things have come; `why` is why a run stopped."""
        sums = self._sums()
        return {
            "cleanclaim": __version__,
            "policies": self.policies,
            "state": state,
            "complete": state == "complete",
            "why": why,
            "inputs": [self._input(given) for given in self.inputs],
            "began": self.began,
            "written": now(),
            "ended": None if state == "running" else now(),
            "seconds": round(self._before + time.monotonic() - self._begun, 3),
            "claims": self._claims(sums),
            "untouched": self._untouched(),
            **sums.told(),
            "remarks": len(self.staged.remarks) + sums.remarks,
            "charge": {"read": self.staged.charge, "judged": str(sums.charge)},
            "ledger": self.staged.ledger or None,
            "options": self.options,
        }

    def write(self, state: State = "running", why: str | None = None) -> dict[str, Any]:
        """Write the quarantine and the remarks, then run.json; what it says."""
        told = self.told(state, why)
        _write_lines(self.out / QUARANTINE, self._entries("refused"))
        _write_lines(self.out / "remarks.jsonl", self._entries("remarks"))
        write_json(self.out / RUN, told)
        return told

    @property
    def reasons(self) -> Counter[str]:
        """Why claims and records stand in the quarantine, by code; once it is written."""
        lines = (self.out / QUARANTINE).read_text("utf-8").splitlines()
        return Counter(json.loads(line)["code"] for line in lines)

    def check(self) -> None:
        """Raise CountsError if claims came in that did not come out."""
        claims = self._claims(self._sums())
        out = claims["untouched"] + claims["judged"] + claims["quarantined"]
        if claims["read"] != out:
            raise CountsError(f"{claims['read']:,} claims came in, and {out:,} came out")

    def marks(self) -> Iterator[dict[str, Any]]:
        """What the partitions that are done say, one after the other."""
        for path in sorted((self.out / WORK / DONE).glob("*.json")):
            yield json.loads(path.read_text("utf-8"))

    @property
    def judged(self) -> int:
        """How many claims are judged by now."""
        return sum(mark["judged"] for mark in self.marks())

    @property
    def lost(self) -> dict[str, dict[str, Any]]:
        """The claims that were given up, by key."""
        path = self.out / WORK / LOST
        return json.loads(path.read_text("utf-8")) if path.exists() else {}

    @cached_property
    def policies(self) -> str:
        """The digest of the policies."""
        return tree_digest(self.settings.source)[:16]

    def _sums(self) -> _Sums:
        sums = _Sums()
        for mark in self.marks():
            sums.add(mark)
        return sums

    def _claims(self, sums: _Sums) -> dict[str, int]:
        staged = self.staged
        unread = sum(1 for entry in staged.refused if entry.code not in _KNOWN)
        return {
            "read": sum(staged.claims.values()) + unread,
            "untouched": sum(count for *_, count in staged.untouched),
            "judged": sums.judged,
            "quarantined": len(staged.refused) + sums.refused + len(self.lost),
        }

    def _untouched(self) -> dict[str, int]:
        """Claims that nothing could be said of, by payer."""
        found: Counter[str] = Counter()
        for payer, name, identifier, count in self.staged.untouched:
            said = Payer(self.settings.payer or payer, name=name, identifier=identifier)
            found[self._directory.payer(said) or payer or name or "unknown"] += count
        return dict(sorted(found.items()))

    @cached_property
    def _directory(self) -> Any:
        return Judge(self.settings).shelf.directory

    def _input(self, given: Input) -> dict[str, Any]:
        claims, lines = self.staged.claims.get(given.name, 0), self.staged.lines.get(given.name, 0)
        return {"file": given.name, "kind": given.kind, "claims": claims, "lines": lines}

    def _entries(self, what: str) -> Iterator[dict[str, Any]]:
        """The entries of the quarantine (`refused`) or the `remarks`."""
        for entry in getattr(self.staged, what):
            yield entry.public()
        for mark in self.marks():
            yield from mark[what]
        if what == "refused":
            yield from (Refused(**entry).public() for entry in self.lost.values())


@dataclass
class _Sums:
    """What the marks say together."""

    judged: int = 0
    refused: int = 0
    remarks: int = 0
    findings: int = 0
    needs: int = 0
    charge: Decimal = Decimal()
    verdicts: Counter[str] = field(default_factory=Counter)
    books: dict[str, Any] = field(default_factory=dict)

    def add(self, mark: dict[str, Any]) -> None:
        self.judged += mark["judged"]
        self.refused += len(mark["refused"])
        self.remarks += len(mark["remarks"])
        self.findings += mark["findings"]
        self.needs += mark["needs"]
        self.charge += Decimal(mark["charge"])
        self.verdicts.update(mark["verdicts"])
        self.books |= mark["books"]

    def told(self) -> dict[str, Any]:
        """The sums that run.json holds as they are."""
        shown = {name: getattr(self, name) for name in ("findings", "needs", "books")}
        return {"verdicts": dict(self.verdicts), **shown}


def now() -> str:
    """This moment, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_run(out: Path) -> dict[str, Any]:
    """run.json of a folder; nothing where there is none, or none that can be read."""
    try:
        found = json.loads((out / RUN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_lines(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    with whole(path) as file:
        for entry in entries:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
