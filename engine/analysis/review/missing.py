"""Which tests are missing: what no example tells apart, as the author of one must know it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from engine.analysis.diff.sentences import listing
from engine.analysis.mutation.score import Survivor

_READ_AS = re.compile(
    r"(?:^|: )(?:from )?(?P<old>[^`:]+?) read as (?P<new>[^`]+?)(?: in `.*| \(\d+\))?$"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def by_owner(untested: Sequence[Survivor]) -> Iterator[tuple[str, list[Survivor]]]:
    """The untested changes of each rule and definition, as they come."""
    for owner, group in groupby(untested, key=lambda s: s.mutant.owner):
        yield owner, list(group)


def lacking(survivor: Survivor) -> str:
    """``4 read as 5: no example at the boundary between 4 and 5``; other changes as they are.

    A day that is read as the next one is told apart by a claim of that day, a day that is read as
    the one before by a claim of the day before.
    """
    change = survivor.mutant.change
    match = _READ_AS.search(change)
    if match is None:
        return change
    low, high = sorted((match["old"], match["new"]), key=_size)
    if _DAY.fullmatch(low):
        return f"{change}: no example on {low}"
    if _size(low) == _size(high):
        return change
    return f"{change}: no example at the boundary between {low} and {high}"


def named(untested: Sequence[Survivor]) -> str:
    """The rules and definitions that lack tests, with what of them it is, in a few words."""
    found = [
        f"{owner.split('#')[-1].split(':')[-1]} ({', '.join(dict.fromkeys(map(_part, group)))})"
        for owner, group in by_owner(untested)
    ]
    return listing(dict.fromkeys(found))


def _part(survivor: Survivor) -> str:
    told = lacking(survivor)
    if "no example on" in told:
        return "its first day"
    return "its boundary" if "at the boundary" in told else "other parts"


def _size(text: str) -> tuple[int, str]:
    """Numbers and lengths by their number, days as they are written."""
    if _DAY.fullmatch(text):
        return 0, text
    number = re.match(r"-?\d+", text)
    return (int(number[0]), "") if number else (0, "")
