"""Medically unlikely edits, practitioner, outpatient or supplier (CSV or spreadsheet).

A notice, then titles: HCPCS/CPT code, the services' MUE values, adjudication indicator (a digit
and words), rationale. The file has no dates: it holds from the first day of its quarter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from engine.documents.imports.grid import Unreadable, after_titles, rows_of
from engine.documents.imports.layout import About, Cells, Layout

_TITLES = {
    "code": ("hcpcs/cpt code", "hcpcs/ cpt code", "hcpcs/", "hcpcs code"),
    "limit": ("practitioner services mue", "outpatient hospital services mue", "*mue values"),
    "kind": ("mue adjudication", "*adjudication"),
}
_PARTS = {"practitioner": "practitioner", "outpatient": "outpatient", "dme": "supplier"}


def _read(path: Path, about: About) -> Iterator[Cells]:
    titles, place, rows = after_titles(rows_of(path), _TITLES)
    part = about.part or _part(titles[place["limit"]])
    for row in rows:
        if len(row) <= max(place.values()) or not re.fullmatch("[0-9A-Z]{5}", row[place["code"]]):
            continue
        limit, kind = row[place["limit"]], row[place["kind"]][:1]
        if limit.isdigit():
            limit = str(int(limit))
            yield row[place["code"]], part, limit, kind, about.begins or "", "", "", ""


def _part(title: str) -> str:
    for mark, part in _PARTS.items():
        if mark in title:
            return part
    raise Unreadable("whose units are these? say --part practitioner, outpatient or supplier")


LAYOUT = Layout(
    name="units",
    table="unit_limits",
    says="Plausible units of a code on one day.",
    key={"procedure": "the code", "file": "practitioner, outpatient or supplier"},
    values={
        "limit": "units that are plausible",
        "kind": "1 limits the line, 2 the day absolutely, 3 the day on clinical grounds",
    },
    types={"procedure": "code", "limit": "integer"},
    codes=("procedure",),
    read=_read,
    states_all=True,
    document="NCCI medically unlikely edits",
)
