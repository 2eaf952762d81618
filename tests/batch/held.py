"""Judges claims together and each by itself, and tells where the rows differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.batch.judge.people import People
from engine.batch.judge.plain import PlainClaims
from engine.batch.judge.rows import Rows
from engine.batch.judge.together import Together, _Table, by_itself
from engine.batch.judge.written import Written
from engine.chain.bound import BoundBook
from engine.claims.addressed import BookKey, book_key
from engine.model.claim import Claim
from engine.model.directory import Directory

Shelf = Callable[[BookKey], BoundBook]
OUTPUTS = ("claims", "findings", "needs")


@dataclass
class Held:
    """One `Together` for a whole run, and the books that judge each claim by itself. `quick`
    counts the claims of which what was said could be put together."""

    together: Together
    directory: Directory
    apart: Shelf
    judged: int = 0
    quick: int = 0
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTPUTS, 0))

    def differences(self, patients: Iterable[Sequence[Claim]]) -> list[str]:
        """What differs, patient by patient."""
        return [found for claims in patients for found in self._of(claims)]

    def _of(self, claims: Sequence[Claim]) -> list[str]:
        coverage = self.together.coverage(claims[0].patient.id)
        people, rows = People(claims, coverage), Rows()
        for c, claim in enumerate(claims):
            bound = self.apart(book_key(claim, self.directory))
            rows.add(*by_itself(bound, people, c), "file")
        table = _Table(self.together, given(claims), lambda _: None)
        found = table.judge()
        self.judged += len(claims)
        self.quick += len(table._outcomes)
        if table.left:
            return [f"left: {claims}"]
        one, two = _by_claim(found), _by_claim(rows.written())
        for name in OUTPUTS:
            self.rows[name] += found.count(name)
        return [
            f"{claim.claim_id} {name}: {_apart(mine or [], own or [])}\n  of {claims}"
            for claim in claims
            for name in OUTPUTS
            if (mine := one[name].get(claim.claim_id)) != (own := two[name].get(claim.claim_id))
        ]


def given(claims: Sequence[Claim]) -> PlainClaims:
    """The claims of a patient as they are read of a table."""
    ids = [claim.claim_id for claim in claims]
    patients = [claim.patient.id for claim in claims]
    return PlainClaims(list(claims), ids, ["file"] * len(ids), patients, [True] * len(ids), [])


def _by_claim(written: Written) -> dict[str, dict[str, list[dict[str, Any]]]]:
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name in OUTPUTS:
        own = found.setdefault(name, {})
        for row in written.tables[name].to_pylist():
            own.setdefault(row["claim_id"], []).append(row)
    return found


def _apart(mine: list[dict[str, Any]], own: list[dict[str, Any]]) -> str:
    """The rows that only one of two has, else how their order differs."""
    more = [f"  together: {row}" for row in mine if row not in own]
    more += [f"  by itself: {row}" for row in own if row not in mine]
    if len(mine) == len(own) == 1:
        more = [f"  {k}: {v} instead of {own[0][k]}" for k, v in mine[0].items() if v != own[0][k]]
    if not more:
        more = [
            f"  {way}: {[(r['rule'], r['lines']) for r in rows]}"
            for way, rows in (("together", mine), ("by itself", own))
        ]
    return "\n".join(["", *more])
