"""A bound book in which some rules differ: the rest is shared with the book it was made from."""

from __future__ import annotations

from datetime import date

from engine.analysis.mutation.records import with_
from engine.chain.bound import BoundBook, Plan
from engine.model.book import RuleBook


class Patched(BoundBook):
    """Binds the rules of `touched` anew and takes every other one as `base` has bound it."""

    def __init__(self, book: RuleBook, base: BoundBook, touched: frozenset[str]) -> None:
        self._base = base
        self._anew = frozenset(n for n, r in enumerate(book.rules) if r.id in touched)
        super().__init__(_only(book, self._anew))

    def _make_plan(self, code: str, day: date) -> Plan:
        plan, base = super()._make_plan(code, day), self._base.plan(code, day)
        for n, stratum in enumerate(base.strata):
            if len(plan.strata) <= n:
                plan.strata.append([])
            plan.strata[n] += [b for b in stratum if b.position not in self._anew]
        plan.diagnoses += [d for d in base.diagnoses if d[1].position not in self._anew]
        plan.unjudged += [b for b in base.unjudged if b.position not in self._anew]
        plan.height = max(plan.height, base.height)
        return plan


def _only(book: RuleBook, positions: frozenset[int]) -> RuleBook:
    """The book whose index finds only these rules; every code keeps its entry."""
    return with_(
        book,
        index={c: tuple(n for n in found if n in positions) for c, found in book.index.items()},
        unindexed=tuple(n for n in book.unindexed if n in positions),
        by_table=tuple(n for n in book.by_table if n in positions),
    )
