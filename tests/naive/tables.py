"""Reference tables: the rows in force on a day, and whether a missing row says anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from engine.documents.load import Document
from tests.naive.clock import known
from tests.naive.remembered import remembered
from tests.naive.sight import table as table_named
from tests.naive.world import Here

Row: TypeAlias = dict[str, Any]


def the_table(here: Here, name: str) -> Document:
    """The table that a form names."""
    found = table_named(here.sight, name)
    if found is None:
        raise LookupError(f"no table {name}")
    return found


def all_rows(header: Document) -> list[Row]:
    """Every row, as a mapping of columns."""
    table = header.table
    assert table is not None
    return remembered(
        (header,), "rows", lambda: [dict(zip(table.columns, r, strict=True)) for r in table.rows]
    )


def rows_in_force(here: Here, header: Document, wanted: Mapping[str, Any] | None) -> list[Row]:
    """The rows that hold on the line's date, as it was known, and have the wanted values."""
    on, known_on = here.item.day, here.world.known_on
    words = (on, known_on, repr(wanted))
    return remembered((header,), words, lambda: _in_force(header, on, known_on, wanted or {}))


def _in_force(
    header: Document, on: date, known_on: date | None, wanted: Mapping[str, Any]
) -> list[Row]:
    dated = header.data.get("dated", {})
    return [r for r in all_rows(header) if _wanted(r, wanted) and _holds(r, dated, on, known_on)]


def silent(header: Document, row: Mapping[str, Any]) -> bool:
    """Whether the lack of such a row says nothing: a table not complete never decides (A21)."""
    if header.data["complete"]:
        return False
    complete_for = header.data.get("complete_for", {})
    return not any(row.get(column) in codes for column, codes in complete_for.items())


def key_column(header: Document) -> str:
    """The column in which the line's procedure is looked up: the first code of the key."""
    columns = header.data["columns"]
    return next(str(name) for name in header.data["key"] if columns[name]["type"] == "code")


def _holds(row: Row, dated: Mapping[str, str], on: date, known_on: date | None) -> bool:
    begins = row.get(dated.get("from", ""))
    published = row.get(dated.get("published", "")) or begins
    if begins is not None and begins > on:
        return False
    if published is not None and not known(published, known_on):
        return False
    ended = row.get(dated.get("to", ""))
    if ended is None or ended >= on:
        return True
    told = row.get(dated.get("to_published", "")) or published
    return told is not None and not known(told, known_on)


def _wanted(row: Row, wanted: Mapping[str, Any]) -> bool:
    for column, values in wanted.items():
        listed = values if isinstance(values, list) else [values]
        if str(row[column]) not in [str(value) for value in listed]:
            return False
    return True
