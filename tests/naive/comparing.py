"""Comparisons of a fact with what a rule wants, and the values rules compare with (A4, A15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.naive.facts import LACKING, NOT_RECORDED, UNKNOWN, documented, line_fact
from tests.naive.lengths import Length, as_long_as, length
from tests.naive.sight import fact, parameter
from tests.naive.tables import key_column, rows_in_force, silent, the_table
from tests.naive.three import Tri, all_hold
from tests.naive.world import Here

_LINE_FIELDS = {
    "number": "number",
    "procedure": "procedure",
    "units": "units",
    "service_date": "service_date",
    "place_of_service": "place_of_service",
    "charge": "charge",
    "revenue_code": "revenue_code",
    "ndc": "ndc",
}


def value(here: Here, wanted: Any) -> Any:
    """The value that a rule compares with; UNKNOWN or NOT_RECORDED where there is none."""
    if isinstance(wanted, dict):
        if "fact" in wanted:
            return _of_fact(here, wanted["fact"])
        if "line" in wanted:
            return _of_line(here, wanted["line"])
        return _of_table(here, wanted)
    if not isinstance(wanted, str) or length(wanted) is not None or _date(wanted) is not None:
        return wanted
    found = parameter(here.sight, wanted, here.rule_day, here.world.known_on)
    return UNKNOWN if found is None else found


def known_value(here: Here, name: str, test: Mapping[str, Any]) -> Tri:
    """Whether a documented fact passes a test; what is not in the record never does."""
    found = _of_fact(here, name)
    if found is UNKNOWN:
        return None
    if found is NOT_RECORDED:
        return False
    declared = fact(here.sight, name) or {}
    return compare(here, found, test, declared.get("unit"))


def compare(here: Here, found: Any, test: Mapping[str, Any], unit: str | None = None) -> Tri:
    """Whether a known value, or each of several, passes every comparison of a test."""
    if isinstance(found, tuple) and "includes" not in test:
        each = [compare(here, one, test, unit) for one in _listed(found)]
        return all_hold(each) if each else False
    parts: list[Tri] = []
    for word, wanted in test.items():
        if word == "is":
            parts.append(_same(found, wanted))
        elif word == "in":
            parts.append(any(_same(found, one) for one in wanted))
        elif word == "includes":
            parts.append(any(_same(one, wanted) for one in _listed(found)))
        elif word in ("at_least", "at_most"):
            parts.append(_measured(found, value(here, wanted), word, unit))
    return all_hold(parts)


def passes(here: Here, name: str, test: Any) -> Tri:
    """Whether an attribute or derived fact of the line is what `attributes` wants."""
    found = line_fact(here, name)
    if found is UNKNOWN:
        return None
    if found is LACKING:
        return False
    if isinstance(test, list):
        return any(_same(found, one) for one in test)
    if isinstance(test, dict):
        return compare(here, found, test)
    return _same(found, test)


def within(lower: Any, upper: Any, form: Mapping[str, Any], here: Here) -> Tri:
    """Whether a number between two bounds surely is, or surely is not, what the form wants.

    An upper bound of None is open.
    """
    word = next(w for w in ("at_most", "at_least", "equals") if w in form)
    limit = value(here, form[word])
    if limit is NOT_RECORDED:
        return False
    if limit is UNKNOWN:
        return None
    few = upper is not None and upper <= limit
    if word == "at_most":
        return False if lower > limit else (True if few else None)
    enough = lower >= limit
    too_few = upper is not None and upper < limit
    if word == "at_least":
        return True if enough else (False if too_few else None)
    if lower > limit or too_few:
        return False
    return True if enough and few else None


def _of_fact(here: Here, name: str) -> Any:
    return documented(here, name)


def _of_line(here: Here, name: str) -> Any:
    if name in _LINE_FIELDS:
        found = getattr(here.item.line, _LINE_FIELDS[name])
        return UNKNOWN if found is None else found
    found = line_fact(here, name)
    return UNKNOWN if found is LACKING else found


def _of_table(here: Here, wanted: Mapping[str, Any]) -> Any:
    """The one value in the rows of the line's procedure; unknown if they lack it or differ."""
    header = the_table(here, wanted["table"])
    column = key_column(header)
    code = here.item.line.procedure
    found = {
        row[wanted["column"]]
        for row in rows_in_force(here, header, wanted.get("rows"))
        if row[column] == code
    }
    return found.pop() if len(found) == 1 else UNKNOWN


def lacks_row(here: Here, wanted: Any) -> bool:
    """Whether a value comes from a table that says nothing of the line's code."""
    if not isinstance(wanted, dict) or "table" not in wanted:
        return False
    header = the_table(here, wanted["table"])
    column, code = key_column(header), here.item.line.procedure
    rows = rows_in_force(here, header, wanted.get("rows"))
    return all(row[column] != code for row in rows) and silent(header, {column: code})


def _measured(found: Any, limit: Any, word: str, unit: str | None) -> Tri:
    if limit is UNKNOWN or limit is LACKING:
        return None
    if limit is NOT_RECORDED:
        return False
    long, other = length(found, unit), length(limit, unit)
    if isinstance(long, Length) and isinstance(other, Length) and unit is not None:
        one, two = (long, other) if word == "at_least" else (other, long)
        return as_long_as(one, two)
    if isinstance(found, date):
        limit = _date(str(limit))
    return bool(found >= limit) if word == "at_least" else bool(found <= limit)


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return str(found) == str(wanted)


def _listed(found: Any) -> list[Any]:
    """The single values of a list; a list of words may itself hold lists."""
    if not isinstance(found, tuple):
        return [found]
    return [single for one in found for single in _listed(one)]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
