"""The plan of a code on a day, with its rules put together in facets that keep what they said."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from engine.chain.beside import Beside, Values
from engine.chain.bound import BoundBook, Plan
from engine.chain.bound_rule import BoundRule
from engine.chain.calendar import Stretch
from engine.chain.facets import Facet, Found, Looking
from engine.chain.reads import Reads
from engine.chain.reads_terms import reads_of, reads_of_rule
from engine.chain.shared import Shared


@dataclass(slots=True)
class Level:
    """The facets of one stratum. `untold` are those whose keys do not tell lines apart; `read`
    takes all that the others read of a line out of its values; `kept` is what they said of lines
    together, but for those that found something to look at."""

    facets: list[Facet]
    untold: list[Facet]
    read: Callable[[Values], Any]
    kept: dict[Hashable, Any]


Days = tuple[int, list[Stretch]]
Looked = list[dict[Facet, list[Found]]]
Looks = tuple[int, int, Looking]
"""A level, the place of a facet among those that look at all, and how it looks."""


class Sheet:
    """The facets of the rules that may decide a line, by stratum; those of the rules that judge
    its diagnoses, of the scopes (None: it is in scope), and of the rules that are not judged."""

    def __init__(
        self,
        plan: Plan,
        levels: list[Level],
        diagnoses: Facet | None,
        scope: Facet | None,
        unjudged: Facet | None,
    ) -> None:
        self.plan = plan
        self.levels = levels
        self.diagnoses = diagnoses
        self.scope = scope
        self.unjudged = unjudged
        self._looking = [(n, f) for n, v in enumerate(levels) for f in v.facets if f.looks]
        self._nothing: Looked = [{} for _ in levels]
        self._of_code: dict[str, tuple[list[Looks], list[Looks]]] = {}
        self._days: dict[date, Days] = {}
        self._kinds: dict[Hashable, int] = {}

    def kind(self, day: date) -> int:
        """How a day lies to all windows, as one number."""
        return (self._days.get(day) or self._day(day))[0]

    def look(self, own: Beside, others: Sequence[Beside]) -> Looked:
        """By level the facets that look at some of the other lines, with those lines."""
        if not others or not self._looking:
            return self._nothing
        day, found = own.date, list[dict[Facet, list[Found]]]({} for _ in self.levels)
        _, stretches = self._days.get(day) or self._day(day)
        for other in others:
            looking, counted = self._of_code.get(other.procedure) or self._of(other.procedure)
            here = other.claim == own.claim
            if other.date < day:
                for level, n, look in looking if here else counted:
                    bits = look.windows & stretches[n].windows(other.date)
                    bits |= look.in_claim if here else 0
                    if bits:
                        found[level].setdefault(look.facet, []).append((bits, other))
            elif here or other.date == day:
                for level, _, look in looking:
                    bits = look.in_claim if here else 0
                    bits |= look.of_day if other.date == day else 0
                    if bits:
                        found[level].setdefault(look.facet, []).append((bits, other))
        return found

    def _day(self, day: date) -> Days:
        stretches = [facet.stretch(day) for _, facet in self._looking]
        kinds = tuple(stretch.kind for stretch in stretches)
        kind = self._kinds.setdefault(kinds, len(self._kinds))
        found = self._days[day] = (kind, stretches)
        return found

    def _of(self, code: str) -> tuple[list[Looks], list[Looks]]:
        """The facets that look at lines of a code, and those of them that count it in windows."""
        looking = [
            (level, n, look)
            for n, (level, facet) in enumerate(self._looking)
            if (look := facet.looking(code)) is not None
        ]
        found = self._of_code[code] = (looking, [entry for entry in looking if entry[2].windows])
        return found


class Sheets:
    """The sheets of a bound book."""

    def __init__(self, bound: BoundBook, shared: Shared) -> None:
        self.bound = bound
        self._shared = shared
        self._sheets: dict[int, dict[str, Sheet]] = {}
        self._of_day: dict[date, dict[str, Sheet]] = {}
        self._reads: dict[tuple[int, str], Reads] = {}

    def sheet(self, code: str, day: date) -> Sheet:
        """The sheet for a code on a day."""
        sheets = self._of_day.get(day)
        if sheets is None:
            sheets = self._sheets.setdefault(self.bound.stretch(day), {})
            self._of_day[day] = sheets
        found = sheets.get(code)
        if found is None:
            found = sheets[code] = self._make(code, day)
        return found

    @property
    def size(self) -> int:
        """How many answers are kept for this book alone."""
        sheets = [sheet for sheets in self._sheets.values() for sheet in sheets.values()]
        levels = [level.kept for sheet in sheets for level in sheet.levels]
        return sum(map(len, levels))

    def _make(self, code: str, day: date) -> Sheet:
        plan, book = self.bound.plan(code, day), self.bound
        levels = [_level(self._facets(rules, code, day)) for rules in plan.strata]
        judged = [rule for _, rule in plan.diagnoses]
        scope = None
        if not plan.in_scope:
            read = reads_of(book, [s.term for s in book.book.scopes], code)
            read.days |= {d for s in book.book.scopes for d in (s.begin, s.end) if d is not None}
            scope = Facet(read, book, code, day, ("scope", id(book), code), self._shared)
        return Sheet(
            plan,
            levels,
            self._of_rules("diagnoses", judged, code, day) if judged else None,
            scope,
            self._of_rules("unjudged", plan.unjudged, code, day) if plan.unjudged else None,
        )

    def _of_rules(self, kind: str, rules: Sequence[BoundRule], code: str, day: date) -> Facet:
        read = Reads()
        for rule in rules:
            read.add(self._read(rule, code))
        token = self._shared.token(self.bound, [rule.position for rule in rules], read.rests_on)
        facet = Facet(read, self.bound, code, day, (kind, code, token), self._shared)
        facet.content = list(rules)
        return facet

    def _read(self, rule: BoundRule, code: str) -> Reads:
        """What a rule reads of a code; the same in every stretch of days."""
        mark = (rule.position, code)
        found = self._reads.get(mark)
        if found is None:
            found = self._reads[mark] = reads_of_rule(self.bound, rule.rule, code)
        return found

    def _facets(self, rules: list[BoundRule], code: str, day: date) -> list[Facet]:
        """Facets of rules that read the same, those of each layer apart: books share layers."""
        groups: dict[Hashable, list[BoundRule]] = {}
        for rule in rules:
            read, layer = self._read(rule, code), rule.rule.policy.rpartition("/")[0]
            mark = (layer, read.untold, read.how, read.sought, read.names)
            groups.setdefault(mark, []).append(rule)
        return [self._of_rules("rules", group, code, day) for group in _joined(groups)]


def _level(facets: list[Facet]) -> Level:
    told = [facet for facet in facets if facet.told]
    for n, facet in enumerate(told):
        facet.bit = 1 << n
    places = sorted({n for facet in told for n in facet.places})
    read = itemgetter(*places) if places else len
    return Level(told, [facet for facet in facets if not facet.told], read, {})


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
