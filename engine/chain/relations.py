"""Other lines of the patient's day: do they exist, and what do their units sum up to (A7, A8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.chain.facts import LineFacts
from engine.chain.matching import _equal as equal
from engine.chain.matching import code_test, conjunction, partners, same_test
from engine.model.term import Key, Related, Units

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.chain.binding import Binding


def neighbours(x: LineFacts, *, claim_only: bool) -> list[tuple[LineFacts, bool | None]]:
    """The other lines of the claim, and unless `claim_only` those of the history on the same
    day, with this payer, paid or submitted; None marks a line of which that is not known."""
    found: list[tuple[LineFacts, bool | None]] = [
        (y, True) for y in x.around.lines if y.line.number != x.line.number
    ]
    if claim_only or not x.around.past:
        return found
    payer = x.around.claim.payer.id
    for y in x.around.past:
        past = y.past
        if past is None or y.date != x.date or past.status == "denied":
            continue
        value = conjunction(None if past.status is None else True, equal(past.payer, payer))
        if value is not False:
            found.append((y, value))
    return found


class Relation:
    """Finds the lines that a companion or not_with form speaks of."""

    __slots__ = ("claim_only", "codes", "keys", "partners", "possible", "term", "where")

    def __init__(self, binding: Binding, term: Related) -> None:
        self.term = term
        self.claim_only = any(key.kind == "claim" for key in term.same)
        self.keys = [*_tests(term.same, wanted=True), *_tests(term.different, wanted=False)]
        where = binding.elsewhere().bind(term.where) if term.where else True
        self.where: Callable[[LineFacts], bool | None] = (
            where if callable(where) else lambda _: where
        )
        self.codes = code_test(binding.bound, term.codes) if term.codes else None
        join = term.join
        self.partners = partners(binding.bound.book.tables[join.table], join) if join else {}
        self.possible = binding.bound.possible_codes(term.codes) if term.codes else None

    def exists(self, x: LineFacts) -> bool | None:
        """Whether such a line exists."""
        if self.possible is not None and self.possible.isdisjoint(x.around.billed):
            return False
        result: bool | None = False
        for y, known in neighbours(x, claim_only=self.claim_only):
            if self._coded(x, y):
                value = self.holds(x, y, known)
                if value is True:
                    return True
                if value is None:
                    result = None
        return result

    def candidates(self, x: LineFacts) -> list[tuple[LineFacts, bool | None]]:
        """The lines of the wanted codes, each with whether it is such a line."""
        return [
            (y, self.holds(x, y, known))
            for y, known in neighbours(x, claim_only=self.claim_only)
            if self._coded(x, y)
        ]

    def holds(self, x: LineFacts, y: LineFacts, known: bool | None) -> bool | None:
        """Whether a line of the wanted codes is related as the form says."""
        result = known
        for test, wanted in self.keys:
            value = test(x, y)
            if value is not None and value is not wanted:
                return False
            if value is None:
                result = None
        where = self.where(y)
        if where is False:
            return False
        payable = x.around.payable(y) if self.term.payable else True
        return conjunction(result, where, payable)

    def _coded(self, x: LineFacts, y: LineFacts) -> bool:
        if self.codes is not None:
            same = self.term.codes is not None and self.term.codes.same
            return self.codes(y.procedure, y.date) or (same and y.procedure == x.procedure)
        spans = self.partners.get(x.procedure, {}).get(y.procedure, ())
        return any(span.holds(x.date) for span in spans)


def _tests(keys: tuple[Key, ...], *, wanted: bool) -> list[tuple[Any, bool]]:
    return [(same_test(key), wanted) for key in keys]


@dataclass
class Sum:
    """A sum of units that lies from `low` to `high` (None: open), and the lines summed."""

    low: int | Decimal = 0
    high: int | Decimal | None = 0
    lines: list[LineFacts] = field(default_factory=list)
    maybe: list[LineFacts] = field(default_factory=list)

    def add(self, y: LineFacts, value: bool | None) -> None:
        """Add a line that agrees (True) or may agree (None)."""
        (self.lines if value else self.maybe).append(y)
        if y.units is None:
            self.high = None
            return
        if value:
            self.low += y.units
        if self.high is not None:
            self.high += y.units


def summed(binding: Binding, term: Units) -> Callable[[LineFacts], Sum]:
    """A function that sums units over the lines that agree in the term's keys (clause A12)."""
    tests = [same_test(key) for key in term.keys]
    claim_only = any(key.kind == "claim" for key in term.keys)
    codes = code_test(binding.bound, term.of) if term.of else None

    def total(x: LineFacts) -> Sum:
        found = Sum()
        if codes is None or codes(x.procedure, x.date):
            found.add(x, True)
        for y, known in neighbours(x, claim_only=claim_only):
            if codes is not None and not codes(y.procedure, y.date):
                continue
            value = known
            for test in tests:
                value = conjunction(value, test(x, y))
                if value is False:
                    break
            else:
                found.add(y, value)
        return found

    return total
