"""How days lie to windows of time: from when on services count, and whether all are known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.chain.windows import before_gap, first_day
from engine.model.length import Length
from engine.model.term import Window

Covers = Callable[["date | None", date], bool]
"""Whether a history holds everything from a day on (None: ever) until another one."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a day lies to some windows: their first days (None: all that was before), and what
    tells days apart that lie differently to the time that the history is complete for. Of two
    days that no day of `edges` parts, both are in the windows whose bits `inside` has there."""

    begins: tuple[date | None, ...]
    kind: Hashable
    edges: list[date]
    inside: list[int]

    def windows(self, day: date) -> int:
        """The windows in which an earlier day lies, a bit for each."""
        return self.inside[bisect_right(self.edges, day)]


class Calendar:
    """The stretches of some windows; with `chained` any earlier service is looked at."""

    def __init__(self, windows: Sequence[Window], covers: Covers, *, chained: bool) -> None:
        self._windows = windows
        self._covers = covers
        self._chained = chained
        self._days: dict[date, Stretch] = {}

    def stretch(self, day: date) -> Stretch:
        """How a day lies to the windows."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._stretch(day)
        return found

    def _stretch(self, day: date) -> Stretch:
        begins = tuple(_begin(window, day) for window in self._windows)
        until = date.fromordinal(day.toordinal() - 1)
        covered = tuple(self._covers(begin, until) for begin in begins)
        kind = (covered, tuple(begins.index(begin) for begin in begins))
        least = [date.min if b is None or self._chained else b for b in begins]
        edges = sorted(set(least))
        inside = [0, *(sum(1 << n for n, b in enumerate(least) if b <= edge) for edge in edges)]
        return Stretch(begins, kind, edges, inside)


def mark_of(window: Window) -> Hashable:
    """What tells windows apart, whatever they are called."""
    return window.kind, window.length, window.far_edge_inside, window.calendar


def _begin(window: Window, day: date) -> date | None:
    if window.kind in ("rolling", "calendar"):
        return first_day(day, window)
    if window.kind == "since_gap_of":
        return before_gap(day, window.length or Length(0, "day"))
    return None
