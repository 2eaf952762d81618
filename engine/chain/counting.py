"""Counts services of the history and the claim, with what is sure and what may be (A9 to A11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

from engine.chain import windows
from engine.chain.facts import MISSING, LineFacts
from engine.chain.matching import CodeTest, code_test, conjunction, same_test
from engine.chain.matching import _equal as equal
from engine.model.claim import Coverage
from engine.model.length import Length
from engine.model.term import Counted, Sessions, Window

if TYPE_CHECKING:
    from engine.chain.binding import Binding
    from engine.chain.bound import BoundBook

Evaluate = Callable[[LineFacts], bool | None]
DAY = timedelta(days=1)
MOST_MAYBE = 10
"""Above so many uncertain dates a benefit period is not searched exhaustively."""


@dataclass
class Tally:
    """What was counted: lines that match surely and lines that may, and the bounds.

    `lacking`: the day from which to count was looked for and is not in the record.
    """

    low: int | Decimal = 0
    high: int | Decimal | None = 0
    sure: list[LineFacts] = field(default_factory=list)
    maybe: list[LineFacts] = field(default_factory=list)
    covered: bool = True
    begin: date | None = None
    later: int = 0
    lacking: bool = False

    @property
    def days(self) -> list[date]:
        """The distinct dates counted for sure."""
        return sorted({line.date for line in self.sure})


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
            return _joined(whole, begin, until, open_end=planned)
        named = [(c, self._named(c, x)) for c in spans]
        return all(
            _joined([c for c, held in named if code in held], begin, until, open_end=planned)
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


def _joined(spans: list[Coverage], begin: date | None, until: date, *, open_end: bool) -> bool:
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


def tally(counter: Counter, term: Sessions, x: LineFacts) -> Tally:
    """Count the services of a sessions form in its window."""
    sure, maybe, later = counter.find(x)
    window = term.window
    if not window.this_date:
        sure = [y for y in sure if y.date != x.date]
        maybe = [y for y in maybe if y.date != x.date]
    found = _WINDOWS[window.kind](counter, window, x, sure, maybe)
    found.later = later
    _bounds(found, term)
    return found


def _fixed(
    counter: Counter, window: Window, x: LineFacts, sure: list[LineFacts], maybe: list[LineFacts]
) -> Tally:
    begin = windows.first_day(x.date, window)
    return Tally(
        sure=[y for y in sure if y.date == x.date or windows.inside(y.date, x.date, window)],
        maybe=[y for y in maybe if y.date == x.date or windows.inside(y.date, x.date, window)],
        covered=counter.covered(x, begin),
        begin=begin,
    )


def _since(
    counter: Counter, window: Window, x: LineFacts, sure: list[LineFacts], maybe: list[LineFacts]
) -> Tally:
    start = x.measured(window.fact or "")
    if not isinstance(start, date):
        # Until the day is known, any service may lie before it, today's too.
        lacking = start is None and x.around.null is False
        covered = counter.covered(x, None)
        return Tally(maybe=[*maybe, *sure], covered=covered, lacking=lacking)
    return Tally(
        sure=[y for y in sure if y.date >= start],
        maybe=[y for y in maybe if y.date >= start],
        covered=counter.covered(x, start),
        begin=start,
    )


def _since_gap(
    counter: Counter, window: Window, x: LineFacts, sure: list[LineFacts], maybe: list[LineFacts]
) -> Tally:
    length = window.length or Length(0, "day")
    known = set(windows.episode([y.date for y in sure], x.date, length))
    possible = set(windows.episode([y.date for y in (*sure, *maybe)], x.date, length))
    first = min(possible, default=x.date)
    begin = _before_gap(first, length)
    kept = [y for y in sure if y.date in known or y.date == x.date]
    rest = [y for y in (*sure, *maybe) if y.date in possible and y not in kept]
    return Tally(sure=kept, maybe=rest, covered=counter.covered(x, begin), begin=begin)


def _before_gap(first: date, length: Length) -> date:
    """The first day on which a service would still have joined the episode."""
    day = first - (length.most_days() + 1) * DAY
    while length.after(day) <= first:
        day += DAY
    return day


def _benefit_period(
    counter: Counter, window: Window, x: LineFacts, sure: list[LineFacts], maybe: list[LineFacts]
) -> Tally:
    length = window.length or Length(0, "day")
    today = [y for y in sure if y.date == x.date]
    covered = counter.covered(x, None)
    if not covered:
        rest = [y for y in (*sure, *maybe) if y not in today]
        return Tally(sure=today, maybe=rest, covered=False)
    doubtful = sorted({y.date for y in maybe} - {y.date for y in sure})
    if len(doubtful) > MOST_MAYBE:
        rest = [y for y in (*sure, *maybe) if y not in today]
        return Tally(sure=today, maybe=rest, covered=True)
    certain = [y.date for y in sure]
    choices = [
        set(windows.benefit_period([*certain, *extra], x.date, length))
        for n in range(len(doubtful) + 1)
        for extra in combinations(doubtful, n)
    ]
    always, ever = set.intersection(*choices), set.union(*choices)
    kept = [y for y in sure if y.date in always]
    rest = [y for y in (*sure, *maybe) if y.date in ever and y not in kept]
    result = Tally(sure=kept, maybe=rest, covered=True)
    result.low, result.high = min(map(len, choices)), max(map(len, choices))
    return result


_WINDOWS: dict[str, Callable[..., Tally]] = {
    "rolling": _fixed,
    "calendar": _fixed,
    "since": _since,
    "since_gap_of": _since_gap,
    "periods_from_first": _benefit_period,
}


def _bounds(found: Tally, term: Sessions) -> None:
    exact = term.window.kind == "periods_from_first" and term.count == "dates" and found.covered
    if not exact:
        found.low, found.high = (
            _amount(found.sure, term),
            _amount([*found.sure, *found.maybe], term),
        )
    if not found.covered:
        found.high = None
    if term.count == "units":
        if any(not isinstance(y.units, int | Decimal) for y in (*found.sure, *found.maybe)):
            found.high = None
        found.low = max(found.low or 0, 0)


def _amount(lines: list[LineFacts], term: Sessions) -> Any:
    if term.count == "dates":
        return len({y.date for y in lines})
    if term.count == "lines":
        return len(lines)
    return sum(y.units for y in lines if isinstance(y.units, int | Decimal))


def nearest(
    counter: Counter, length: Length, x: LineFacts
) -> tuple[bool | None, list[LineFacts], list[LineFacts], bool]:
    """Whether every earlier such service lies at least `length` before; with the services that
    lie too near, those that may, and whether the history covers the length (clause A11)."""
    sure, maybe, _ = counter.find(x)
    near = [y for y in sure if y.date < x.date and length.after(y.date) > x.date]
    doubtful = [y for y in maybe if y.date < x.date and length.after(y.date) > x.date]
    begin = windows.first_day(x.date, Window("", "rolling", False, length))
    covered = counter.covered(x, begin)
    value = False if near else (True if covered and not doubtful else None)
    return value, near, doubtful, covered


def known(value: Any) -> Any:
    """A fact's value, None where it is missing."""
    return None if value is MISSING else value
