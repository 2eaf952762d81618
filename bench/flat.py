"""Rules as plain conditions, from which the inputs of the other engines are written.

A rule is flat if its violation is one conjunction: its code, the conditions of its left side,
and that its requirement and every exception fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from engine.chain.bound import BoundBook
from engine.chain.matching import code_test
from engine.model.book import Rule, in_force
from engine.model.term import (
    All,
    Attribute,
    Bears,
    Codes,
    Constant,
    Fixed,
    Not,
    Parameter,
    Points,
    Related,
    Some,
    Term,
    Units,
)


class NotFlatError(Exception):
    """The rule needs more than the other engines are given."""


@dataclass(frozen=True)
class Condition:
    """One test of a line. `values` are modifiers, diagnoses, places, or codes of another line of
    the claim on the same day; `limit` is for units."""

    of: Literal["modifiers", "diagnoses", "place", "beside", "units_above", "units_below"]
    values: tuple[str, ...] = ()
    limit: int = 0
    holds: bool = True


@dataclass(frozen=True)
class Flat:
    """A rule's id, its codes, and what must all hold for it to be violated."""

    id: str
    codes: tuple[str, ...]
    conditions: tuple[Condition, ...]


def flat(bound: BoundBook, rule: Rule, day: date) -> Flat:
    """The rule as it stands on a day. Raises NotFlatError if it is not flat."""
    if rule.for_diagnosis or rule.when_stated is not None:
        raise NotFlatError
    flattening = _Flattening(bound, day)
    left = [*_parts(rule.applies_to), *(_parts(rule.when) if rule.when else ())]
    codes = [t.test.codes for t in left if isinstance(t, Attribute) and t.path == "procedure"]
    if len(codes) != 1 or codes[0] is None:
        raise NotFlatError
    rest = [t for t in left if not (isinstance(t, Attribute) and t.path == "procedure")]
    ways = [*_ways(rule.requires), *(way for e in rule.exemptions for way in _ways(e.when))]
    found = [flattening.condition(t) for t in rest]
    for way in ways:
        if way != Fixed(False, getattr(way, "words", "")):
            condition = flattening.condition(way)
            found.append(replace(condition, holds=not condition.holds))
    return Flat(rule.id, flattening.codes(codes[0]), tuple(found))


def _parts(term: Term) -> Iterator[Term]:
    if isinstance(term, All):
        for part in term.terms:
            yield from _parts(part)
    else:
        yield term


def _ways(term: Term) -> Iterator[Term]:
    if isinstance(term, Some):
        for part in term.terms:
            yield from _ways(part)
    else:
        yield term


@dataclass(frozen=True)
class _Flattening:
    bound: BoundBook
    day: date

    def condition(self, term: Term) -> Condition:
        if isinstance(term, Not):
            inner = self.condition(term.term)
            return replace(inner, holds=not inner.holds)
        if isinstance(term, Bears):
            if term.how == "has_all" and len(self.codes(term.codes)) != 1:
                raise NotFlatError
            values = self.codes(term.codes)
            return Condition("modifiers", values, holds=term.how != "has_none")
        if isinstance(term, Points) and not term.primary:
            return Condition("diagnoses", self.codes(term.codes))
        if isinstance(term, Attribute) and term.path == "place_of_service" and term.test.codes:
            return Condition("place", self.codes(term.test.codes))
        if isinstance(term, Units) and not term.keys:
            return self._units(term)
        return self._beside(term)

    def _units(self, term: Units) -> Condition:
        limit = self._limit(term)
        if term.comparison == "at_most":
            return Condition("units_above", limit=limit, holds=False)
        if term.comparison == "at_least":
            return Condition("units_below", limit=limit, holds=False)
        raise NotFlatError

    def _limit(self, term: Units) -> int:
        value = term.value
        amount: object = value.value if isinstance(value, Constant) else None
        if isinstance(value, Parameter):
            dated = in_force(self.bound.book.parameters[value.name], self.day)
            amount = dated.value if dated else None
        if not isinstance(amount, int):
            raise NotFlatError
        return amount

    def _beside(self, term: Term) -> Condition:
        if not isinstance(term, Related) or term.codes is None or term.payable or term.where:
            raise NotFlatError
        if term.different or {key.kind for key in term.same} - {"claim", "date"}:
            raise NotFlatError
        return Condition("beside", self.codes(term.codes))

    def codes(self, codes: Codes) -> tuple[str, ...]:
        possible = self.bound.possible_codes(codes)
        if possible is None:
            raise NotFlatError
        test = code_test(self.bound, codes)
        return tuple(sorted(code for code in possible if test(code, self.day)))


def flat_rules(bound: BoundBook, day: date) -> dict[int, Flat]:
    """The flat rules in force on a day, by their position in the book."""
    found = {}
    for position, rule in enumerate(bound.book.rules):
        if rule.begin <= day and (rule.end is None or day < rule.end):
            try:
                found[position] = flat(bound, rule, day)
            except NotFlatError:
                continue
    return found
