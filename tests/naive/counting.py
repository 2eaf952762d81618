"""Counting sessions and keeping distance: in every way the doubtful lines can turn out (A10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from tests.naive.comparing import value, within
from tests.naive.covering import EVER, covered
from tests.naive.facts import NOT_RECORDED, UNKNOWN, documented
from tests.naive.lengths import Length, after, length
from tests.naive.others import counted
from tests.naive.sight import window
from tests.naive.three import Tri
from tests.naive.windows import Span, rolling_start, span
from tests.naive.world import Here, Item


def sessions(here: Here, form: Mapping[str, Any]) -> Tri:
    """Whether the number of sessions in the window is what the form wants."""
    declared = window(here.sight, form["within"])
    if "since" in declared:
        return _since(here, form, declared)
    found = counted(here, form)
    bounds = [_bounds(here, form, declared, chosen) for chosen in _ways(found)]
    lower = min(low for low, _ in bounds)
    tops = [top for _, top in bounds]
    upper = None if None in tops else max(top for top in tops if top is not None)
    return within(lower, upper, form, here)


def spacing(here: Here, form: Mapping[str, Any]) -> Tri:
    """Whether every earlier such service lies at least so long ago."""
    distance = value(here, form["at_least"])
    if distance is UNKNOWN:
        return None
    long = length(distance)
    assert isinstance(long, Length)
    near = [
        sure
        for other, sure in counted(here, form)
        if other.day < here.item.day and after(other.day, long) > here.item.day
    ]
    if True in near:
        return False
    if near:
        return None
    first = rolling_start(here.item.day, long, far_inside=False)
    return True if covered(here, first, form) else None


def _ways(found: list[tuple[Item, Tri]]) -> Iterator[list[Item]]:
    """Every choice of lines that may be the true one: all sure lines, and any of the doubtful."""
    doubtful = [item for item, sure in found if sure is None]
    sure = [item for item, value in found if value]
    for count in range(len(doubtful) + 1):
        for some in combinations(doubtful, count):
            yield [*sure, *some]


def _bounds(
    here: Here, form: Mapping[str, Any], declared: Mapping[str, Any], chosen: list[Item]
) -> tuple[Any, Any]:
    """The least and the most that was done in the window, if just these lines count."""
    found = span(declared, here.item.day, [item.day for item in chosen])
    inside = [item for item in chosen if _inside(here, declared, found, item)]
    whole = covered(here, found.needed, form)
    if not whole and "periods_from_first" in declared:
        # An earlier first service would move every period: only today's is surely inside.
        inside = [item for item in inside if item.day == here.item.day]
    low, high = _number(inside, form.get("count", "dates"))
    return low, high if whole else None


def _inside(here: Here, declared: Mapping[str, Any], found: Span, item: Item) -> bool:
    if found.first is None or item.day < found.first:
        return False
    return item.day != here.item.day or declared["this_date"] == "inside"


def _number(inside: list[Item], count: str) -> tuple[Any, Any]:
    if count == "dates":
        dates = len({item.day for item in inside})
        return dates, dates
    if count == "lines":
        return len(inside), len(inside)
    return total_units(inside)


def total_units(items: list[Item]) -> tuple[Any, Any]:
    """The least and the most units of some lines; units that are not given may be any number."""
    given = [item.line.units for item in items]
    low = sum(units for units in given if units is not None)
    return low, None if None in given else low


def _since(here: Here, form: Mapping[str, Any], declared: Mapping[str, Any]) -> Tri:
    """A window that begins on a documented day; of an unknown day any may be meant."""
    begins = documented(here, declared["since"]["fact"])
    if begins is NOT_RECORDED:
        return False
    found = counted(here, form)
    starts: list[date | None]
    if begins is UNKNOWN:
        starts = [*(item.day for item, _ in found), None]
        needed = EVER
    else:
        starts = [begins if isinstance(begins, date) else date.fromisoformat(str(begins))]
        needed = starts[0]
    whole = covered(here, needed, form)
    numbers = [
        _number(
            [item for item in chosen if _inside(here, declared, Span(start, None), item)],
            form.get("count", "dates"),
        )
        for chosen in _ways(found)
        for start in starts
    ]
    tops = [top for _, top in numbers]
    upper = None if None in tops or not whole else max(tops)
    return within(min(low for low, _ in numbers), upper, form, here)
