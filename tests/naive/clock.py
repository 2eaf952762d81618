"""Dated entries on two clocks (clause A19): which entry holds on a day, as it was known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

Entry: TypeAlias = Mapping[str, Any]


def day(text: Any) -> date:
    """A day as a document writes it."""
    return text if isinstance(text, date) else date.fromisoformat(str(text))


def known(published: date, known_on: date | None) -> bool:
    """Whether something published then could be known; without a day everything is known."""
    return known_on is None or published <= known_on


def dates_of(entry: Entry, head: Entry) -> tuple[date, date]:
    """From when an entry holds and when it could be known; what it leaves out, its head says."""
    if "from" in entry:
        begins = day(entry["from"])
        return begins, day(entry.get("published", begins))
    begins = day(head["from"]) if "from" in head else date.min
    return begins, day(entry.get("published", head.get("published", begins)))


def in_force(
    entries: Iterable[Entry], on: date, known_on: date | None, head: Entry
) -> Entry | None:
    """Of the entries published and begun, that with the latest `from`, then published last.

    None if there is none, or if that entry says that nothing holds any more.
    """
    best: tuple[tuple[date, date], Entry] | None = None
    for entry in entries:
        begins, published = dates_of(entry, head)
        if begins > on or not known(published, known_on):
            continue
        if best is None or (begins, published) > best[0]:
            best = (begins, published), entry
    if best is None or best[1].get("ends"):
        return None
    return best[1]


def head_in_force(head: Entry, on: date, known_on: date | None) -> bool:
    """Whether a policy has begun on this day and could be known."""
    return in_force([{}], on, known_on, head) is not None
