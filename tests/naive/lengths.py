"""Lengths of time: added forward to a day (clause A9), compared across units (clause A15)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.naive.three import Tri

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True)
class Length:
    """So many days, weeks, months or years."""

    count: int
    unit: str


def length(value: Any, unit: str | None = None) -> Length | None:
    """Read ``6 weeks``; a bare number is in `unit`. None if it is no length."""
    match = re.fullmatch(r"([0-9]+) (day|week|month|year)s?", str(value).strip())
    if match:
        return Length(int(match[1]), match[2])
    if unit and re.fullmatch("[0-9]+", str(value).strip()):
        return Length(int(value), unit.rstrip("s"))
    return None


def after(start: date, long: Length) -> date:
    """The day that lies so long after `start`: the same day of the month, or its last."""
    if long.unit in _DAYS:
        return start + timedelta(days=long.count * _DAYS[long.unit])
    months = start.year * 12 + start.month - 1 + long.count * _MONTHS[long.unit]
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


@cache
def range_of_days(long: Length) -> tuple[int, int]:
    """The fewest and the most days that the calendar allows: 3 months are 89 to 92 days."""
    spans = []
    start = date(2000, 1, 1)
    while start < date(2004, 1, 1):
        spans.append((after(start, long) - start).days)
        start += timedelta(days=1)
    return min(spans), max(spans)


def as_long_as(one: Length, other: Length) -> Tri:
    """Whether `one` is at least `other`; unknown where the calendar decides."""
    if one.unit in _DAYS and other.unit in _DAYS:
        return one.count * _DAYS[one.unit] >= other.count * _DAYS[other.unit]
    if one.unit in _MONTHS and other.unit in _MONTHS:
        return one.count * _MONTHS[one.unit] >= other.count * _MONTHS[other.unit]
    fewest, most = range_of_days(one)
    other_fewest, other_most = range_of_days(other)
    if fewest >= other_most:
        return True
    return False if most < other_fewest else None
