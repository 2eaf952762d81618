"""The add-on code list (spreadsheet, or text with tabs).

Titles: add-on code, its deletion date, primary code, its deletion date, the edit's effective and
deletion dates, its type, notes. Dates are the year and the day of the year (2024092).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from engine.documents.imports.grid import after_titles, day, rows_of
from engine.documents.imports.layout import About, Cells, Layout

_TITLES = {
    "add_on": ("add-on_code", "add_on_code", "add-on code", "add on code", "aoc"),
    "primary": ("primary_code", "primary code"),
    "type": ("aoc_edit_type", "aoc edit type", "*edit_type", "*edit type"),
    "from": ("aoc_edit_eff", "aoc edit eff", "*eff"),
    "to": ("aoc_edit_del", "aoc edit del", "*edit_del", "*edit del"),
}


def _read(path: Path, _: About) -> Iterator[Cells]:
    titles, place, rows = after_titles(rows_of(path), _TITLES)
    deleted = [n for n, title in enumerate(titles) if "del" in title and n != place["to"]]
    for row in rows:
        if len(row) <= max(place.values()):
            continue
        add_on, primary = row[place["add_on"]], row[place["primary"]]
        if not re.fullmatch("[0-9A-Z]{5}", add_on) or not re.fullmatch("[0-9A-Z]{5}", primary):
            continue
        ends = [day(row[n]) for n in (place["to"], *deleted) if n < len(row)]
        last = min((end for end in ends if end), default="")
        begin = day(row[place["from"]]) or ""
        yield add_on, primary, row[place["type"]], begin, last, "", ""


LAYOUT = Layout(
    name="add-ons",
    table="add_on_codes",
    says="Add-on codes and, one row each, the primary codes beside which they are paid.",
    key={"add_on": "the add-on code", "primary": "a code beside which the add-on is paid"},
    values={"type": "1 means that only the listed primaries count; CCCCC is for the contractor"},
    types={"add_on": "code", "primary": "code"},
    codes=("add_on", "primary"),
    read=_read,
    document="NCCI add-on code edits",
)
