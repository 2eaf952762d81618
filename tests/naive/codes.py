"""Codes: whether a code is among those that a document asks for (clause A3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.naive.clock import in_force
from tests.naive.remembered import remembered
from tests.naive.sight import clocks_of, sets
from tests.naive.tables import rows_in_force, the_table
from tests.naive.world import Here


def among(here: Here, code: str, wanted: Any, own_code: str | None = None) -> bool:
    """Whether `code`, billed by the line of `here`, is one of the wanted codes.

    `own_code` is what ``same_code`` stands for.
    """
    if isinstance(wanted, list):
        return any(among(here, code, one, own_code) for one in wanted)
    if isinstance(wanted, dict):
        rows = rows_in_force(here, the_table(here, wanted["table"]), wanted.get("rows"))
        return any(str(row[wanted["column"]]) == code for row in rows)
    if wanted == "any":
        return True
    if wanted == "same_code":
        return code == own_code
    if wanted in sets(here.sight):
        return member(here, str(wanted), code) is not None
    return bool(code == wanted)


def member(here: Here, name: str, code: str) -> dict[str, Any] | None:
    """The entry by which a code is in a set on the line's date; None if it is not."""
    entries = _entries(here, name).get(code, [])
    found = in_force(entries, *_clocks(here, name), {}) if entries else None
    return None if found is None else dict(found)


def _entries(here: Here, name: str) -> dict[str, list[dict[str, Any]]]:
    """The entries of a set by code."""
    sight = here.sight
    about = (sight.documents, *sight.policies)
    return remembered(about, ("entries", name), lambda: _by_code(sets(sight)[name]["members"]))


def _by_code(members: list[Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in members:
        whole = {"code": entry} if isinstance(entry, str) else entry
        found.setdefault(whole["code"], []).append(whole)
    return found


def attribute(here: Here, name: str) -> Any:
    """What the sets say of the line's code under this name; None where no set says it."""
    for set_name, definition in sets(here.sight).items():
        if definition.get("of", "procedure") != "procedure":
            continue
        entry = member(here, set_name, here.item.line.procedure)
        if entry is not None and name in entry:
            return entry[name]
    return None


def _clocks(here: Here, name: str) -> tuple[date, date | None]:
    """A set that the pinned base declares is read as of that day, any other on the line's date."""
    for document in here.sight.policies:
        if name in document.data.get("sets", {}):
            return clocks_of(here.sight, document, here.item.day, here.world.known_on)
    return here.item.day, here.world.known_on
