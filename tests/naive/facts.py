"""Facts of a line: what the record states, what its code says, what policies derive (A14, A15)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tests.naive.clock import in_force
from tests.naive.codes import attribute
from tests.naive.sight import clocks_of
from tests.naive.world import Here


class _Word:
    """A value that stands for the lack of one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNKNOWN: Final = _Word("UNKNOWN")
"""Nobody stated it, or two statements contradict each other."""
NOT_RECORDED: Final = _Word("NOT_RECORDED")
"""The record was read and does not state it."""
LACKING: Final = _Word("LACKING")
"""The line is of no kind that has this attribute."""


def documented(here: Here, name: str) -> Any:
    """A fact of the record: from the line, else from its claim; UNKNOWN if these two differ."""
    records = [here.item.line.documentation]
    if here.item.service is None:
        records.append(here.world.claim.documentation)
    given = [record[name] for record in records if name in record]
    if here.world.ask_nulls:
        given = [value for value in given if value is not None]
    if not given or any(value != given[0] for value in given):
        return UNKNOWN
    return NOT_RECORDED if given[0] is None else given[0]


def line_fact(here: Here, name: str) -> Any:
    """A derived fact of this name, else the attribute of the line's code."""
    entries = _derivations(here, name)
    if entries is None:
        found = attribute(here, name)
        return LACKING if found is None else found
    return LACKING if not entries else _derived(here, entries[0])


def is_line_fact(here: Here, name: str) -> bool:
    """Whether a set or a derivation in sight gives this name."""
    from tests.naive.sight import sets

    in_sets = any(name in one.get("attributes", []) for one in sets(here.sight).values())
    return in_sets or _derivations(here, name) is not None


def _derivations(here: Here, name: str) -> list[Any] | None:
    """The derivation in force on the line's own date, if any; None if no policy has the name."""
    for document in here.sight.policies:
        entries = [e for e in document.data.get("derives", []) if e["fact"] == name]
        if entries:
            clocks = clocks_of(here.sight, document, here.item.day, here.world.known_on)
            # An entry without a date has always held: a limit counts what was done before it.
            found = in_force(entries, *clocks, head={})
            return [] if found is None else [found]
    return None


def _derived(here: Here, entry: Any) -> Any:
    from tests.naive.forms import holds
    from tests.naive.patterns import matches

    own = Here(here.world, here.sight, here.item, here.item.day)
    of = matches(own, entry["of"])
    if of is not True:
        return LACKING if of is False else UNKNOWN
    cases = [(holds(own, case["when"]), case["is"]) for case in entry["cases"]]
    if any(value is None for value, _ in cases):
        return UNKNOWN
    results = [result for value, result in cases if value]
    if results:
        return results[0] if all(one == results[0] for one in results) else UNKNOWN
    otherwise = entry["otherwise"]
    if not isinstance(otherwise, dict):
        return otherwise
    found = attribute(own, otherwise["attribute"])
    return LACKING if found is None else found


def whole_years(birth: date, on: date) -> int:
    """The age in whole years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
