"""How the days of a claim and its history lie to each other, apart from which days they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol

from engine.batch.reads import ISO, Reads
from engine.chain import windows
from engine.chain.counting import _before_gap as before_gap
from engine.chain.windows import _next_period as next_period
from engine.model.length import Length
from engine.model.term import Window

DAY = timedelta(days=1)
Symbol = tuple[Any, ...]
Piece = str | Symbol


class Words(Protocol):
    """Takes texts apart at the days in them."""

    def pieces(self, text: str, symbols: Mapping[Symbol, date], /) -> tuple[Piece, ...] | None:
        """The pieces of a text; None if one cannot be told."""


class Days:
    """The relations of days for one book, where the corpus is complete from `first` to `last`."""

    def __init__(self, reads: Reads, first: date | None, last: date | None) -> None:
        self._reads, self._first, self._last = reads, first, last
        self._own: dict[date, tuple[Any, ...]] = {}
        self._pairs: dict[tuple[date, date], tuple[Any, ...]] = {}

    def own(self, day: date) -> tuple[Any, ...]:
        """All that hangs on the subject's day alone: which terms are in force, and which windows
        the corpus covers."""
        found = self._own.get(day)
        if found is None:
            found = self._own[day] = self._of_day(day)
        return found

    def _of_day(self, day: date) -> tuple[Any, ...]:
        reads = self._reads
        begins = [windows.first_day(day, w) for w in reads.windows if _fixed(w)]
        begins += [_rolling(day, length, far=False) for length in reads.gaps]
        begins += [before_gap(day, length) for length in reads.gaps]
        ended = self._last is not None and day - DAY > self._last
        return (reads.bound.stretch(day), ended, *map(self._covers(day), begins))

    def _covers(self, day: date) -> Any:
        first = self._first
        return lambda begin: (begin < day, first is not None and first <= begin)

    def pair(self, earlier: date, later: date) -> tuple[Any, ...]:
        """How one day lies to a later one, or the same: within which lengths and periods."""
        found = self._pairs.get((earlier, later))
        if found is None:
            found = self._pairs[earlier, later] = self._of_pair(earlier, later)
        return found

    def _of_pair(self, earlier: date, later: date) -> tuple[Any, ...]:
        reads, first = self._reads, self._first
        reach = [length.after(earlier) for length in reads.gaps]
        return (
            reads.bound.stretch(earlier),
            earlier == later,
            *((end > later) - (end < later) for end in reach),
            *(windows.inside(earlier, later, w) for w in reads.windows if w.kind == "calendar"),
            *(first is not None and first <= before_gap(earlier, n) for n in reads.gaps),
        )

    def symbols(self, day: date, others: Sequence[date]) -> Mapping[Symbol, date]:
        """Every day that a text can show, by what it is to the claim."""
        found: dict[Symbol, date] = {("x",): day}
        for window in self._reads.windows:
            if window.kind == "calendar":
                found["first", window.calendar] = windows.first_day(day, window)
                found["next", window.calendar] = next_period(day, window)
            elif window.kind == "rolling" and window.length is not None:
                far = window.far_edge_inside
                found["rolling", window.length, far] = _rolling(day, window.length, far=far)
        for length in self._reads.gaps:
            found["rolling", length, False] = _rolling(day, length, far=False)
            for n, other in enumerate(others):
                found["after", length, n] = length.after(other)
                found["beyond", length, n] = length.after(other) + DAY
                if other != day:  # of the claim's own day it is the window's first
                    found["gap", length, n] = before_gap(other, length)
        found.update({("day", n): other for n, other in enumerate(others) if other != day})
        return found

    def pieces(self, text: str, symbols: Mapping[Symbol, date]) -> tuple[Piece, ...] | None:
        """A text with what its days are to the claim in their places; None if one of them may be
        two things at once."""
        shown = ISO.findall(text)
        if not shown:
            return (text,)
        found: list[Piece] = []
        for between, day in zip(ISO.split(text), [*shown, None], strict=True):
            found.append(between)
            if day is not None:
                named = [s for s, value in symbols.items() if str(value) == day]
                if len(named) != 1 or day in self._reads.dates:
                    return None
                found.append(named[0])
        return tuple(found)


def _fixed(window: Window) -> bool:
    return window.kind in ("rolling", "calendar")


@lru_cache(maxsize=65536)
def _rolling(day: date, length: Length, *, far: bool) -> date:
    return windows.first_day(day, Window("", "rolling", False, length, far))


def filled(pieces: tuple[Piece, ...], symbols: Mapping[Symbol, date]) -> str:
    """The text for other days."""
    return "".join(p if isinstance(p, str) else str(symbols[p]) for p in pieces)


class _Unchanged:
    """Texts as they are, for claims of the very same days."""

    def pieces(self, text: str, _symbols: Mapping[Symbol, date]) -> tuple[Piece, ...] | None:
        return (text,)


UNCHANGED = _Unchanged()
