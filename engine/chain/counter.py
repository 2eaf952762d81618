"""Finds the services of claim and history that a count looks at, and whether the history holds
them all (A10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.chain.facts import LineFacts
from engine.chain.matching import CodeTest, code_test, conjunction, same_test
from engine.chain.matching import _equal as equal
from engine.model.claim import Coverage
from engine.model.term import Counted

if TYPE_CHECKING:
    from engine.chain.binding import Binding
    from engine.chain.bound import BoundBook

Evaluate = Callable[[LineFacts], bool | None]
DAY = timedelta(days=1)


class Counter:
    """Finds the services that a count or a distance looks at, relative to a subject."""

    def __init__(self, counted: Counted, binding: Binding) -> None:
        bound: BoundBook = binding.bound
        self.counted = counted
        self.test: CodeTest = code_test(bound, counted.of)
        self.same = [same_test(key) for key in counted.same]
        self.different = [same_test(key) for key in counted.different]
        where = binding.elsewhere().bind(counted.where) if counted.where else True
        self.where: Evaluate = where if callable(where) else lambda _x: where
        self.codes = bound.possible_codes(counted.of)

    def find(self, x: LineFacts) -> tuple[list[LineFacts], list[LineFacts], int]:
        """Lines on or before the subject's date that match surely, that may, and how many
        matching ones are later (clause A10: those never count)."""
        sure: list[LineFacts] = []
        maybe: list[LineFacts] = []
        later = 0
        for y in (*x.around.lines, *x.around.past):
            value = self._matches(x, y)
            if value is False:
                continue
            if y.date > x.date:
                later += value is True
            else:
                (sure if value else maybe).append(y)
        return sure, maybe, later

    def _matches(self, x: LineFacts, y: LineFacts) -> bool | None:
        if self.codes is not None and y.procedure not in self.codes:
            return False
        if not (
            self.test(y.procedure, y.date) or (self.counted.of.same and y.procedure == x.procedure)
        ):
            return False
        value = self._status(x, y)
        if value is False:
            return False
        if y is x:
            return conjunction(value, self.where(y), not self.different)
        value = conjunction(value, self.where(y), self._by(x, y))
        for test in self.same:
            if value is False:
                return False
            value = conjunction(value, test(x, y))
        for test in self.different:
            other = test(x, y)
            value = conjunction(value, None if other is None else not other)
        return value

    def _status(self, x: LineFacts, y: LineFacts) -> bool | None:
        past = y.past
        if past is None:
            return True
        if self.counted.counting == "performed":
            return None if past.status is None else True
        if past.status == "denied":
            return False
        known = None if past.status is None else True
        return conjunction(known, equal(past.payer, x.around.claim.payer.id))

    def _by(self, x: LineFacts, y: LineFacts) -> bool | None:
        if self.counted.by == "any_provider" or (y.past is None and self.counted.by == "group"):
            return True
        if self.counted.by == "group":
            return equal(x.group, y.group)
        return equal(x.npi, y.npi)

    def covered(self, x: LineFacts, begin: date | None) -> bool:
        """Whether the history holds every such service from `begin` (None: ever) until the day
        before the subject's; a planned claim takes the time after the history as empty (A30)."""
        until = x.date - DAY
        spans = [c for c in x.around.coverage if self._holds(c, x)]
        planned = x.around.claim.stage == "planned"
        if begin is not None and begin > until:
            return True
        if self.codes is None or all(c.procedures is None for c in spans):
            whole = [c for c in spans if c.procedures is None]
            return joined(whole, begin, until, open_end=planned)
        named = [(c, self._named(c, x)) for c in spans]
        return all(
            joined([c for c, held in named if code in held], begin, until, open_end=planned)
            for code in self.codes
        )

    def _named(self, coverage: Coverage, x: LineFacts) -> frozenset[str]:
        """The wanted codes that a coverage holds."""
        codes = self.codes or frozenset()
        if coverage.procedures is None:
            return codes
        return codes & x.around.bound.codes_named(coverage.procedures)

    def _holds(self, coverage: Coverage, x: LineFacts) -> bool:
        if coverage.patient_id != x.around.claim.patient.id:
            return False
        everyone = coverage.providers is None and not coverage.own_group
        own = coverage.own_group or x.group in (coverage.providers or ())
        # A provider may have served other groups too, whose services a group does not hold.
        return everyone or (self.counted.by == "group" and own)


def joined(spans: list[Coverage], begin: date | None, until: date, *, open_end: bool) -> bool:
    """Whether each day from `begin` to `until` is in some span; with `open_end` the time after
    the last of them counts too."""
    if open_end and spans:
        until = min(until, max(span.complete_to or date.max for span in spans))
    while begin is None or until >= begin:
        first = date.max
        for span in spans:
            start = span.complete_from or date.min
            if start <= until <= (span.complete_to or date.max):
                first = min(first, start)
        if first in (date.min, date.max):
            return first == date.min
        until = first - DAY
    return True
