"""Counts services of the history and the claim, with what is sure and what may be (A9 to A11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from engine.chain import windows
from engine.chain.counter import Counter
from engine.chain.facts import LineFacts
from engine.model.length import Length
from engine.model.term import Sessions, Window

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


def tally(counter: Counter, term: Sessions, x: LineFacts) -> Tally:
    """Count the services of a sessions form in its window; counted once for each line."""
    found: Tally | None = x.memo.get(id(term))
    if found is None:
        found = x.memo[id(term)] = _tally(counter, term, x)
    return found


def _tally(counter: Counter, term: Sessions, x: LineFacts) -> Tally:
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
    begin = windows.before_gap(first, length)
    kept = [y for y in sure if y.date in known or y.date == x.date]
    rest = [y for y in (*sure, *maybe) if y.date in possible and y not in kept]
    return Tally(sure=kept, maybe=rest, covered=counter.covered(x, begin), begin=begin)


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
