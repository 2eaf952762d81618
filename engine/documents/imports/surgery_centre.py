"""Addenda AA and BB of the surgery-centre payment system (CSV or spreadsheet).

Some lines of notice, then titles: HCPCS code, short descriptor, in AA whether the code is subject
to multiple procedure discounting, the quarter's payment indicator, weight and rate. The quarter
stands in the titles (`July 2026 Payment Indicator`) or is given with --from. Words are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from engine.documents.imports.grid import Unreadable, after_titles, rows_of
from engine.documents.imports.layout import About, Cells, Layout

_TITLES = {"code": ("hcpcs code", "hcpcs"), "indicator": ("*payment indicator",)}


def _read(path: Path, about: About) -> Iterator[Cells]:
    titles, place, rows = after_titles(rows_of(path), _TITLES)
    several = next((n for n, t in enumerate(titles) if "multiple procedure" in t), None)
    part = about.part or ("bb" if several is None else "aa")
    begins = about.begins or _quarter(titles[place["indicator"]])
    for row in rows:
        if len(row) <= max(place.values()) or not re.fullmatch("[0-9A-Z]{5}", row[place["code"]]):
            continue
        reduced = {"Y": "yes", "N": "no"}.get(row[several][:1].upper(), "") if several else ""
        yield row[place["code"]], part, row[place["indicator"]], reduced, begins, "", "", ""


def _quarter(title: str) -> str:
    found = re.search(r"(january|april|july|october) (\d{4})", title)
    if found is None:
        raise Unreadable("the titles name no quarter; say with --from from when the file holds")
    return datetime.strptime(" ".join(found.groups()), "%B %Y").date().isoformat()  # noqa: DTZ007


LAYOUT = Layout(
    name="surgery-centre",
    table="surgery_centre_codes",
    says="Codes that Medicare's surgery centres may bill, with their payment indicators.",
    key={"procedure": "the code", "addendum": "aa surgical procedures, bb what goes with them"},
    values={
        "indicator": "payment indicator, such as A2, G2, J8, or N1 for packaged",
        "reduced": "yes if a second procedure of the day is paid less",
    },
    types={"procedure": "code"},
    codes=("procedure",),
    read=_read,
    states_all=True,
    document="ASC addenda AA and BB",
)
