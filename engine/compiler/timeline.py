"""Dated entries become spans that do not overlap: clause A19 in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from engine.model.book import Span

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """A value with the first service date on which it holds and the day it could be known.

    `begin` None holds always. `ends` marks an entry after which nothing holds.
    """

    begin: date | None
    published: date | None
    value: T
    ends: bool = False

    @property
    def order(self) -> tuple[date, date]:
        begin = self.begin or date.min
        return begin, self.published or begin


def spans(entries: Iterable[Entry[T]], known_on: date | None) -> tuple[Span[T], ...]:
    """The spans of the entries published by `known_on`: the latest begun holds, then the latest
    published; nothing has an end but the begin of its successor."""
    latest: dict[date, Entry[T]] = {}
    for entry in sorted(entries, key=lambda e: e.order):
        if known_on is None or entry.order[1] <= known_on:
            latest[entry.order[0]] = entry
    ordered = list(latest.values())
    successors = [*ordered[1:], None]
    return tuple(
        Span(e.begin, after.begin if after else None, e.value)
        for e, after in zip(ordered, successors, strict=False)
        if not e.ends
    )


def overlay(
    base: Sequence[Span[T]], upper: Sequence[Span[U]], merge: Callable[[T, U], T | None]
) -> tuple[Span[T], ...]:
    """Where an upper span holds, merge it into the base; merge says None to drop the base."""
    result: list[Span[T]] = []
    for span in base:
        for begin, end in _cuts(span, upper):
            over = next((u for u in upper if u.holds(begin or date.min)), None)
            value = span.value if over is None else merge(span.value, over.value)
            if value is not None:
                result.append(Span(begin, end, value))
    return tuple(result)


def replace(base: Sequence[Span[T]], upper: Sequence[Span[T]]) -> tuple[Span[T], ...]:
    """The upper spans, and the base wherever none of them holds."""
    rest = overlay(base, upper, lambda _below, _above: None)
    return tuple(sorted([*rest, *upper], key=lambda s: s.begin or date.min))


def joined(spans: Iterable[Span[T]]) -> tuple[Span[T], ...]:
    """The same days and values in as few spans as may be."""
    result: list[Span[T]] = []
    for span in spans:
        last = result[-1] if result else None
        if last is not None and last.end == span.begin and last.value == span.value:
            result[-1] = Span(last.begin, span.end, span.value)
        else:
            result.append(span)
    return tuple(result)


def clip(base: Iterable[Span[T]], begin: date | None, end: date | None) -> tuple[Span[T], ...]:
    """The parts of the spans on or after `begin` and before `end`."""
    result = []
    for span in base:
        first = max((d for d in (span.begin, begin) if d), default=None)
        last = min((d for d in (span.end, end) if d), default=None)
        if first is None or last is None or first < last:
            result.append(Span(first, last, span.value))
    return tuple(result)


def _cuts(span: Span[T], upper: Sequence[Span[U]]) -> list[tuple[date | None, date | None]]:
    days = {d for u in upper for d in (u.begin, u.end) if d and span.holds(d) and d != span.begin}
    edges = [span.begin, *sorted(days), span.end]
    return list(pairwise(edges))
