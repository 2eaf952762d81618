"""HCPCS Level II, the quarterly alpha-numeric file (fixed-width text, or spreadsheet).

Text: code in 1-5, record type in 11 (3 a procedure, 4 more of its words, 7 and 8 modifiers), cross
references in 205-229, date added in 269-276, date terminated in 285-292. The spreadsheet has
titles: HCPC, RECID, XREF1 to 5, ADD DT, TERM DT. Words are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.documents.imports.grid import Unreadable, after_titles, day, rows_of, text_of
from engine.documents.imports.layout import About, Cells, Layout

_TITLES = {
    "code": ("hcpc",),
    "kind": ("recid",),
    "added": ("add dt", "add_dt"),
    "ended": ("term dt", "term_dt"),
}
_PROCEDURE = "3"


def _read(path: Path, _: About) -> Iterator[Cells]:
    if path.suffix.lower() == ".txt":
        text = text_of(path)
        if "\t" not in text[:20_000]:
            yield from _fixed(text.splitlines(), path)
            return
    titles, place, rows = after_titles(rows_of(path), _TITLES)
    crosses = [n for n, title in enumerate(titles) if title.startswith("xref")]
    for row in rows:
        if len(row) > max(place.values()) and row[place["kind"]] == _PROCEDURE:
            links = [row[n] for n in crosses if n < len(row)]
            yield _cells(row[place["code"]], links, row[place["added"]], row[place["ended"]])


def _fixed(lines: Iterable[str], path: Path) -> Iterator[Cells]:
    found = False
    for line in lines:
        if len(line) >= 276 and line[10] == _PROCEDURE and re.fullmatch("[A-Z][0-9]{4}", line[:5]):
            found = True
            links = [line[n : n + 5].strip() for n in range(204, 229, 5)]
            yield _cells(line[:5], links, line[268:276], line[284:292])
    if not found:
        raise Unreadable(f"`{path}` holds no record of a HCPCS code, 293 characters or more wide")


def _cells(code: str, links: list[str], added: str, ended: str) -> Cells:
    last = day(ended) or ""
    instead = " ".join(link for link in links if link) if last else ""
    return code.strip().upper(), instead, day(added) or "", last, "", ""


LAYOUT = Layout(
    name="hcpcs",
    table="hcpcs_codes",
    says="HCPCS Level II codes with the days on which they may be billed.",
    key={"code": "the code"},
    values={"instead": "codes to which the file refers for an ended one"},
    types={"code": "code"},
    codes=("code",),
    read=_read,
    document="HCPCS Level II alpha-numeric file",
)
