"""Lengths of time: added forward to a day (clause A9), compared across units (clause A15)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_TEXT = re.compile(r"(0|[1-9][0-9]*) (day|week|month|year)s?")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, order=False)
class Length:
    """`count` times `unit` (day, week, month or year)."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def after(self, day: date) -> date:
        """The day this long after `day`: the same day of the month, or the month's last day."""
        if self.unit in _DAYS:
            return day + timedelta(days=self.count * _DAYS[self.unit])
        return _add_months(day, self.count * _MONTHS[self.unit])

    def earliest_start(self, day: date) -> date:
        """The first day from which this length, added forward, reaches beyond or to `day`."""
        start = day - timedelta(days=self.most_days() + 1)
        while self.after(start) < day:
            start += timedelta(days=1)
        return start

    def days(self) -> tuple[int, int]:
        """The least and the most days that calendars allow: 3 months are 89 to 92 days."""
        if self.unit in _DAYS:
            exact = self.count * _DAYS[self.unit]
            return exact, exact
        return _month_days(self.count * _MONTHS[self.unit])

    def most_days(self) -> int:
        """Not fewer days than calendars allow, without asking every calendar."""
        if self.unit in _DAYS:
            return self.count * _DAYS[self.unit]
        years, months = divmod(self.count * _MONTHS[self.unit], 12)
        return 366 * years + 31 * months

    def at_least(self, other: Length) -> bool | None:
        """Whether this is as long as `other`; None where the calendar decides."""
        if (self.unit in _DAYS) == (other.unit in _DAYS):
            return _exact(self) >= _exact(other)
        (low, high), (other_low, other_high) = self.days(), other.days()
        if low >= other_high:
            return True
        return False if high < other_low else None


def parse_length(text: str, unit: str | None = None) -> Length | None:
    """Read ``6 weeks``; a bare number is in `unit`. None if `text` is no length."""
    match = _TEXT.fullmatch(text.strip())
    if match:
        return Length(int(match[1]), match[2])
    if unit and text.strip().isdigit():
        return Length(int(text), unit.removesuffix("s"))
    return None


def _exact(length: Length) -> int:
    return length.count * (_DAYS | _MONTHS)[length.unit]


@lru_cache(maxsize=1 << 16)
def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@lru_cache(maxsize=256)
def _month_days(months: int) -> tuple[int, int]:
    first = date(2000, 1, 1)
    spans = [
        (_add_months(day, months) - day).days
        for day in (first + timedelta(days=n) for n in range(4 * 365 + 1))
    ]
    return min(spans), max(spans)
