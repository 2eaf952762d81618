"""The plan of a code on a day, with its rules put together in facets that keep what they said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.chain.bound import BoundBook, Plan
from engine.chain.bound_rule import BoundRule
from engine.chain.facets import Covers, Facet
from engine.chain.reads import Reads, reads_of, reads_of_rule

MOST = 400_000
"""So many answers of facets are kept before all of them are let go."""


@dataclass
class Sheet:
    """The facets of the rules that may decide a line, by stratum; those of the rules that judge
    its diagnoses, of the scopes (None: it is in scope), and of the rules that are not judged."""

    plan: Plan
    strata: list[list[Facet]]
    diagnoses: Facet | None
    scope: Facet | None
    unjudged: Facet | None


class Sheets:
    """The sheets of a bound book; `covers` says which days the history holds of everybody."""

    def __init__(self, bound: BoundBook, covers: Covers) -> None:
        self.bound = bound
        self._covers = covers
        self._sheets: dict[tuple[str, int], Sheet] = {}
        self._kept: dict[Hashable, dict[Any, Any]] = {}

    def sheet(self, code: str, day: date) -> Sheet:
        """The sheet for a code on a day."""
        mark = (code, self.bound.stretch(day))
        found = self._sheets.get(mark)
        if found is None:
            found = self._sheets[mark] = self._make(code, day)
        return found

    @property
    def size(self) -> int:
        """How many answers are kept."""
        return sum(map(len, self._kept.values()))

    def _make(self, code: str, day: date) -> Sheet:
        plan, book = self.bound.plan(code, day), self.bound
        strata = [self._facets(rules, code, day) for rules in plan.strata]
        judged = [rule for _, rule in plan.diagnoses]
        scope = None
        if not plan.in_scope:
            read = reads_of(book, [s.term for s in book.book.scopes], code)
            read.days |= {d for s in book.book.scopes for d in (s.begin, s.end) if d is not None}
            scope = self._facet("scope", read, code, day)
        return Sheet(
            plan,
            strata,
            self._of_rules("diagnoses", judged, code, day) if judged else None,
            scope,
            self._of_rules("unjudged", plan.unjudged, code, day) if plan.unjudged else None,
        )

    def _of_rules(self, kind: str, rules: Sequence[BoundRule], code: str, day: date) -> Facet:
        read = Reads()
        for rule in rules:
            read.add(reads_of_rule(self.bound, rule.rule, code))
        positions = tuple(rule.position for rule in rules)
        facet = self._facet((kind, positions), read, code, day)
        facet.content = list(rules)
        return facet

    def _facet(self, kind: Hashable, read: Reads, code: str, day: date) -> Facet:
        """A facet that shares what it keeps with other stretches in which nothing of it changes."""
        era = bisect_right(sorted(read.days), day)
        both = bisect_right(sorted(read.days | read.days_beside), day)
        alone, among, seen = (
            self._kept.setdefault((code, kind, name, n), {})
            for name, n in (("alone", era), ("among", both), ("seen", era))
        )
        mark = (code, kind, both)
        return Facet(read, self.bound, code, day, self._covers, mark, alone, among, seen)

    def _facets(self, rules: list[BoundRule], code: str, day: date) -> list[Facet]:
        groups: dict[Hashable, list[BoundRule]] = {}
        for rule in rules:
            read = reads_of_rule(self.bound, rule.rule, code)
            groups.setdefault((read.untold, read.how, read.sought, read.names), []).append(rule)
        return [self._of_rules("rules", group, code, day) for group in _joined(groups)]


def _joined(groups: dict[Any, list[BoundRule]]) -> list[list[BoundRule]]:
    """Groups that read a part of what another one reads, put into that one: no more keys arise."""
    found: dict[Any, list[BoundRule]] = {}
    for mark in sorted(groups, key=lambda m: -len(m[-1])):
        *same, names = mark
        wider = [m for m in found if [*m[:-1]] == same and names < m[-1]]
        if wider:
            found[min(wider, key=lambda m: len(m[-1]))] += groups[mark]
        else:
            found[mark] = list(groups[mark])
    for rules in found.values():
        rules.sort(key=lambda rule: rule.position)
    return list(found.values())
