"""What a history is known to hold: whether nothing else can have been done in some days (A10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.model.claim import Coverage
from tests.naive.keys import group_of
from tests.naive.others import habit
from tests.naive.sight import sets
from tests.naive.tables import all_rows, the_table
from tests.naive.world import Here

ANY_CODE: list[str | None] = [None]
EVER = None
"""A first day before every other."""


def covered(here: Here, first: date | None, form: Mapping[str, Any]) -> bool:
    """Whether the history holds all such services from `first` to the day before the service."""
    codes = _codes(here, form["of"])
    return all(_covered(here, first, form, code) for code in (codes or ANY_CODE))


def _covered(here: Here, first: date | None, form: Mapping[str, Any], code: str | None) -> bool:
    entries = [
        entry
        for entry in here.world.history.coverage
        if entry.patient_id == here.world.claim.patient.id
        and _holds_providers(here, entry, habit(here, form, "by"))
        and _holds_code(here, entry, code)
    ]
    # Going back from the day before the service, each day must be in some entry.
    reached = here.item.day - timedelta(days=1)
    if here.world.claim.stage == "planned" and entries:
        ends = [entry.complete_to for entry in entries]
        if all(end is not None and end < reached for end in ends):
            reached = max(end for end in ends if end is not None)
    while first is EVER or reached >= first:
        holding = [entry for entry in entries if _holds_day(entry, reached)]
        if not holding:
            return False
        if any(entry.complete_from is None for entry in holding):
            return True
        earliest = min(entry.complete_from for entry in holding if entry.complete_from)
        reached = earliest - timedelta(days=1)
    return True


def _holds_day(entry: Coverage, day: date) -> bool:
    begun = entry.complete_from is None or entry.complete_from <= day
    return begun and (entry.complete_to is None or day <= entry.complete_to)


def _holds_providers(here: Here, entry: Coverage, by: str) -> bool:
    if entry.providers is None and not entry.own_group:
        return True
    if by != "group":
        return False
    group = group_of(here.world, here.item)
    return entry.own_group or (group is not None and group in (entry.providers or ()))


def _holds_code(here: Here, entry: Coverage, code: str | None) -> bool:
    if entry.procedures is None:
        return True
    if code is None:
        return False
    names = sets(here.sight)
    return any(
        code == name or (name in names and code in _members(names[name]))
        for name in entry.procedures
    )


def _codes(here: Here, wanted: Any) -> list[str] | None:
    """Every code that may be meant; None is any code at all."""
    if isinstance(wanted, list):
        parts = [_codes(here, one) for one in wanted]
        return None if None in parts else [code for part in parts for code in part or []]
    if isinstance(wanted, dict):
        header = the_table(here, wanted["table"])
        return [str(row[wanted["column"]]) for row in all_rows(header)]
    if wanted == "any":
        return None
    if wanted == "same_code":
        return [here.item.line.procedure]
    names = sets(here.sight)
    return _members(names[wanted]) if wanted in names else [wanted]


def _members(definition: Any) -> list[str]:
    return [str(m) if isinstance(m, str) else str(m["code"]) for m in definition["members"]]
