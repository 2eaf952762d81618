"""Windows of time (clause A9): which days are inside, and from when history must be known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from tests.naive.covering import EVER
from tests.naive.lengths import Length, after, length


class Span(NamedTuple):
    """The days from `first` on are inside; None if no day is. History is needed from `needed`."""

    first: date | None
    needed: date | None


def span(window: Mapping[str, Any], on: date, sessions: list[date]) -> Span:
    """The window on a day, given the dates of all sessions up to it."""
    if "rolling" in window:
        first = rolling_start(on, _length(window["rolling"]), window["far_edge"] == "inside")
        return Span(first, first)
    if "calendar" in window:
        first = calendar_start(on, window["calendar"])
        return Span(first, first)
    if "periods_from_first" in window:
        return Span(_period_start(on, _length(window["periods_from_first"]), sessions), EVER)
    gap = _length(window["since_gap_of"])
    first = _episode_start(on, gap, sessions)
    return Span(first, rolling_start(first, gap, far_inside=False))


@cache
def rolling_start(on: date, long: Length, far_inside: bool) -> date:
    """The first day on which a service is still inside: so long after it lies beyond `on`."""
    months = {"day": 1 / 28, "week": 1 / 4, "month": 1, "year": 12}[long.unit] * long.count
    start = on - timedelta(days=int(31 * months) + 2)
    while after(start, long) < on or (after(start, long) == on and not far_inside):
        start += timedelta(days=1)
    return start


def calendar_start(on: date, kind: str) -> date:
    """The first day of the year, quarter or month."""
    if kind == "year":
        return date(on.year, 1, 1)
    month = on.month if kind == "month" else on.month - (on.month - 1) % 3
    return date(on.year, month, 1)


def _period_start(on: date, long: Length, sessions: list[date]) -> date | None:
    """Where the period of `on` began; None if the last one has ended and none begun since."""
    start = None
    for session in sorted(sessions):
        if start is None or session >= after(start, long):
            start = session
    return None if start is None or on >= after(start, long) else start


def _episode_start(on: date, gap: Length, sessions: list[date]) -> date:
    """The first session after the last gap so long; the day itself if that follows such a gap."""
    start = on
    for session in sorted(sessions, reverse=True):
        if after(session, gap) <= start:
            break
        start = session
    return start


def _length(text: Any) -> Length:
    found = length(text)
    assert found is not None
    return found
