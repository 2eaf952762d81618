"""Which days lie in a window, and from when on a history must be complete (clause A9)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from engine.model.length import Length
from engine.model.term import Window

DAY = timedelta(days=1)


def inside(day: date, subject: date, window: Window) -> bool:
    """Whether a day before the subject's lies in a rolling or a calendar window."""
    if window.kind == "rolling" and window.length is not None:
        reach = window.length.after(day)
        return reach > subject or (window.far_edge_inside and reach == subject)
    return period(day, window) == period(subject, window)


def period(day: date, window: Window) -> tuple[int, int]:
    """The calendar year, quarter or month of a day."""
    if window.calendar == "month":
        return day.year, day.month
    if window.calendar == "quarter":
        return day.year, (day.month - 1) // 3
    return day.year, 0


def first_day(subject: date, window: Window) -> date:
    """The first day of a rolling or calendar window."""
    if window.kind == "rolling" and window.length is not None:
        return _rolling_start(subject, window.length, window.far_edge_inside)
    if window.calendar == "month":
        return subject.replace(day=1)
    if window.calendar == "quarter":
        return subject.replace(month=(subject.month - 1) // 3 * 3 + 1, day=1)
    return subject.replace(month=1, day=1)


@lru_cache(maxsize=1 << 16)  # some windows on each day of several years
def _rolling_start(subject: date, length: Length, far_edge_inside: bool) -> date:
    day = subject - (length.most_days() + 1) * DAY
    while not (length.after(day) > subject or (far_edge_inside and length.after(day) == subject)):
        day += DAY
    return day


def episode(days: list[date], subject: date, length: Length) -> list[date]:
    """The days since the last gap of a length, counted back from the subject's day."""
    found: list[date] = []
    later = subject
    for day in sorted(set(days), reverse=True):
        if length.after(day) <= later:
            break
        found.append(day)
        later = day
    return found


def before_gap(first: date, length: Length) -> date:
    """The first day on which a service would still have joined the episode."""
    day = first - (length.most_days() + 1) * DAY
    while length.after(day) <= first:
        day += DAY
    return day


def benefit_period(days: list[date], subject: date, length: Length) -> list[date]:
    """The days of the subject's own period: periods begin with the first session after the
    last one ended. `days` holds every session up to the subject's day."""
    ordered = sorted(set(days))
    start: date | None = None
    for day in ordered:
        if start is None or length.after(start) <= day:
            start = day
    if start is None or length.after(start) <= subject:
        return []
    return [day for day in ordered if day >= start]


def next_eligible(days: list[date], subject: date, window: Window, limit: int) -> date | None:
    """The first day from the subject's on with room for one more session, if nothing else is
    done; None for windows that do not open by themselves. `days` are earlier sessions."""
    room = limit - 1 if window.this_date else limit
    if room < 0:
        return None
    if window.kind == "calendar":
        within = [d for d in days if period(d, window) == period(subject, window)]
        return subject if len(within) <= room else _next_period(subject, window)
    if window.kind != "rolling" or window.length is None:
        return None
    ordered = sorted(set(days))
    if len(ordered) <= room:
        return subject
    leaving = ordered[len(ordered) - room - 1]
    free = window.length.after(leaving) + (DAY if window.far_edge_inside else timedelta())
    return max(subject, free)


def _next_period(day: date, window: Window) -> date:
    start = first_day(day, window)
    months = {"month": 1, "quarter": 3}.get(window.calendar or "year", 12)
    return Length(months, "month").after(start)
