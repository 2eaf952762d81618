"""A rule book made ready to decide: plans by code and day, bound once and kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from engine.chain.alike import Alike
from engine.chain.bind import BINDERS
from engine.chain.binding import Binding, Evaluate, Folded
from engine.chain.bound_rule import BoundRule
from engine.chain.counter import Counter
from engine.chain.facts import UNDEFINED, LineFacts
from engine.chain.matching import Members, Spans, column_spans, lookup, members
from engine.chain.prove import prove
from engine.chain.ruling import needs_of
from engine.chain.settle import least
from engine.model.book import Derivation, Rule, RuleBook, Span, in_force
from engine.model.outcome import Need
from engine.model.term import Active, Codes, Column

ANY = "*"


class Plan:
    """The rules that may decide lines of one code in one stretch of days.

    `strata` are in order; `unjudged` counts rules about which an incomplete table is silent;
    `diagnoses` are the rules that judge diagnoses, with their strata; `height` is how many strata
    there are; `standing` is how many rules are in force; `in_scope` says that whatever its line
    says, a coverage policy speaks of it.
    """

    __slots__ = ("diagnoses", "height", "in_scope", "scopes", "standing", "strata", "unjudged")

    def __init__(self) -> None:
        self.strata: list[list[BoundRule]] = []
        self.diagnoses: list[tuple[int, BoundRule]] = []
        self.height = 0
        self.scopes: list[bool | Evaluate | None] = []
        self.unjudged: list[BoundRule] = []
        self.standing = 0
        self.in_scope = False


class BoundBook:
    """Holds everything that is computed once for a rule book. Not to be pickled."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.binders = BINDERS
        self.alike = Alike(self)
        self.counters: dict[tuple[int, int], Counter] = {}
        self.parts: dict[tuple[int, str, int], Folded] = {}
        self._rules: dict[tuple[object, ...], BoundRule] = {}
        self._plans: dict[int, dict[str, Plan]] = {}
        self._plans_of_day: dict[date, dict[str, Plan]] = {}
        self._members: dict[Codes, Members] = {}
        self._derived: dict[tuple[str, int, str], Any] = {}
        self._validity: dict[Active, Mapping[str, Spans]] = {}
        self._lookups: dict[Column, Mapping[str, Sequence[tuple[Any, Span[bool]]]]] = {}
        self._positions: dict[str, tuple[int, ...]] = {}
        self._breakpoints = book.breakpoints

    def plan(self, code: str, day: date) -> Plan:
        """The plan for a code on a day."""
        plans = self._plans_of_day.get(day)
        if plans is None:
            plans = self._plans_of_day[day] = self._plans.setdefault(self.stretch(day), {})
        found = plans.get(code)
        if found is None:
            found = plans[code] = self._make_plan(code, day)
        return found

    def _make_plan(self, code: str, day: date) -> Plan:
        plan, book = Plan(), self.book
        plan.standing = sum(1 for rule in book.rules if _stands(rule, day))
        for position in (*book.index.get(code, ()), *book.unindexed, *book.by_table):
            rule = book.rules[position]
            if not _stands(rule, day):
                continue
            judged_code = None if rule.for_diagnosis else code
            bound = self._shared(BoundRule(Binding(self, day, judged_code), position, rule))
            if rule.for_diagnosis:
                stratum = self._stratum(position, code)
                plan.diagnoses.append((stratum, bound))
                plan.height = max(plan.height, stratum + 1)
            elif bound.applies is False:
                continue
            elif bound.unjudged:
                plan.unjudged.append(bound)
            else:
                self._place(plan, bound, code)
        binding = Binding(self, day, code)
        plan.scopes = [binding.bind(s.term) for s in book.scopes if _covers(s.begin, s.end, day)]
        plan.in_scope = book.outside_covered or True in plan.scopes
        return plan

    def _shared(self, bound: BoundRule) -> BoundRule:
        """The same rule bound to the same functions, if another code has it already."""
        parts = (bound.applies, bound.stated, bound.fulfilled, bound.unjudged)
        return self._rules.setdefault((bound.position, *parts), bound)

    def stretch(self, day: date) -> int:
        """Which stretch between the dates of the book a day lies in."""
        return bisect_right(self._breakpoints, day)

    def _place(self, plan: Plan, bound: BoundRule, code: str) -> None:
        stratum = self._stratum(bound.position, code)
        while len(plan.strata) <= stratum:
            plan.strata.append([])
        plan.strata[stratum].append(bound)
        plan.height = max(plan.height, stratum + 1)

    def _stratum(self, position: int, code: str) -> int:
        known = code if code in self.book.index else ANY
        return self.book.strata.get((position, known), 0)

    def attribute(self, x: LineFacts, name: str) -> Any:
        """A derived fact of a line at the line's own date, else its code's attribute."""
        spans = self.book.derivations.get(name)
        if spans is None:
            return self.code_attribute(name, x.procedure, x.date)
        derivation = in_force(spans, x.date)
        if derivation is None:
            return UNDEFINED
        return self._derive(derivation, name, x)

    def code_attribute(self, name: str, code: str, day: date) -> Any:
        """What code sets say of a code; UNDEFINED if they say nothing."""
        spans = self.book.attributes.get(name, {}).get(code)
        value = in_force(spans, day) if spans else None
        return UNDEFINED if value is None else value

    def _derive(self, derivation: Derivation, name: str, x: LineFacts) -> Any:
        key = (name, self.stretch(x.date), x.procedure)
        bound = self._derived.get(key)
        if bound is None:
            binding = Binding(self, x.date, x.procedure)
            cases = [(binding.bind(when), value) for when, value in derivation.cases]
            bound = self._derived[key] = (binding.bind(derivation.of), cases)
        of, cases = bound
        concerned = of(x) if callable(of) else of
        if concerned is not True:
            return UNDEFINED if concerned is False else None
        return _settle(derivation, [(w(x) if callable(w) else w, v) for w, v in cases], self, x)

    def possible_codes(self, codes: Codes) -> frozenset[str] | None:
        """Every code that may be meant on any day; None for all codes."""
        if codes.any or codes.same:
            return None
        fixed, dated = self.members(codes)
        return fixed.union(dated) if dated else fixed

    def members(self, codes: Codes) -> Members:
        """The codes that are meant on every day, and the days of the others."""
        if codes not in self._members:
            self._members[codes] = members(self.book, codes)
        return self._members[codes]

    def codes_named(self, names: Iterable[str]) -> frozenset[str]:
        """Codes and members of sets as a history's coverage names them, sets by bare name."""
        found: set[str] = set()
        for name in names:
            sets = [s for full, s in self.book.sets.items() if full.endswith(f":{name}")]
            found.update(*(s.members for s in sets)) if sets else found.add(name)
        return frozenset(found)

    def validity(self, term: Active) -> Mapping[str, Spans]:
        """The days on which each code of a validity table is in force."""
        if term not in self._validity:
            table = self.book.tables[term.table]
            self._validity[term] = column_spans(table, Column(term.table, term.column, term.rows))
        return self._validity[term]

    def judges(self, term: Active, code: str) -> bool:
        """Whether a validity table says anything of a code."""
        return code in self.validity(term) or self.complete(term.table, code)

    def complete(self, name: str, code: str) -> bool:
        """Whether a code that a table lacks is lacking in truth (clause A21)."""
        table = self.book.tables[name]
        if table.complete_for is not None:
            return code in table.complete_for[1]
        return table.complete

    def lookup(self, column: Column) -> Mapping[str, Sequence[tuple[Any, Span[bool]]]]:
        """The values of a column for each code in the table's first key column."""
        if column not in self._lookups:
            self._lookups[column] = lookup(self.book.tables[column.table], column)
        return self._lookups[column]

    def positions(self, rule: str) -> tuple[int, ...]:
        """Where the entries of a rule stand in the book."""
        if rule not in self._positions:
            rules = self.book.rules
            self._positions[rule] = tuple(n for n, r in enumerate(rules) if r.id == rule)
        return self._positions[rule]

    def word_on(self, x: LineFacts, positions: tuple[int, ...]) -> str:
        """How a rule came out on a line: as a chain has noted it down, or it is judged now."""
        words = x.around.words
        if words is not None and x.past is None and x is x.around.lines[x.index]:
            noted = (words.get((x.index, position)) for position in positions)
            return next((word for word in noted if word), "not_applicable")
        for stratum in self.plan(x.procedure, x.date).strata:
            for bound in stratum:
                if bound.position in positions:
                    return bound.decide(x)
        return "not_applicable"

    def needs_of(self, x: LineFacts, positions: tuple[int, ...]) -> tuple[Need, ...]:
        """What an undecided rule on a line asks for."""
        for stratum in self.plan(x.procedure, x.date).strata:
            for bound in stratum:
                if bound.position in positions:
                    return needs_of(self, bound.rule, x)
        return ()

    def needs_of_derived(self, x: LineFacts, name: str) -> tuple[Need, ...]:
        """What would settle a derived fact that is unknown: what its first open case asks."""
        derivation = in_force(self.book.derivations[name], x.date)
        binding = Binding(self, x.date, x.procedure)
        terms = [derivation.of, *(when for when, _ in derivation.cases)] if derivation else []
        for term in terms:
            proof = prove(binding, term, x)
            if proof.value is None:
                return least(proof, True) or least(proof, False) or ()
        return ()


def _settle(
    derivation: Derivation, cases: list[tuple[bool | None, Any]], book: BoundBook, x: LineFacts
) -> Any:
    """The value of a derivation: contradictory or unknown cases leave it unknown (A14)."""
    held = {value for when, value in cases if when is True}
    if len(held) > 1 or any(when is None for when, _ in cases):
        return None
    return held.pop() if held else _otherwise(derivation, book, x)


def _otherwise(derivation: Derivation, book: BoundBook, x: LineFacts) -> Any:
    if derivation.otherwise_attribute is not None:
        return book.code_attribute(derivation.otherwise_attribute, x.procedure, x.date)
    return UNDEFINED if derivation.otherwise is None else derivation.otherwise


def _stands(rule: Rule, day: date) -> bool:
    return _covers(rule.begin, rule.end, day)


def _covers(begin: date, end: date | None, day: date) -> bool:
    return begin <= day and (end is None or day < end)
