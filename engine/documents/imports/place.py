"""The table in place: its header, its rows as text, the field's codes; and writing it anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.documents.document import Document, Documents
from engine.documents.imports.layout import Cells, Layout

_OLD_NAMES = {"effective": ("effective", "first_day"), "ended": ("ended", "last_day")}


@dataclass(frozen=True)
class Place:
    """Where a table stands: its folder, and its header if it is there already."""

    folder: Path
    header: Mapping[str, Any] | None

    def rows(self, layout: Layout) -> list[Cells]:
        """The rows in place, in the columns of a layout."""
        if self.header is None:
            return []
        text = (self.folder / str(self.header["file"])).read_text(encoding="utf-8-sig")
        return [
            tuple(_cell(row, name) for name in layout.columns)
            for row in csv.DictReader(io.StringIO(text, newline=""))
        ]


def _cell(row: Mapping[str, str | None], name: str) -> str:
    names = _OLD_NAMES.get(name, (name,))
    return next((str(row[n]).strip() for n in names if row.get(n)), "")


def find(documents: Documents, root: Path, layout: Layout) -> Place | None:
    """The table of a layout's name below a policies folder."""
    for document in documents.of("table"):
        if isinstance(document.data, dict) and document.data.get("table") == layout.table:
            return Place(root / document.folder, document.data)
    return None


def field_codes(documents: Documents, of: str) -> frozenset[str]:
    """The codes that the field is about: those of coding/codes.yaml, or every diagnosis that a
    set names, with the headings above it."""
    found: set[str] = set()
    for document in documents:
        if document.kind in ("codes", "policy") and isinstance(document.data, dict):
            if of != "diagnosis" and (document.folder, document.kind) != ("coding", "codes"):
                continue
            found |= _members(document, of)
    if of == "diagnosis":
        found |= {code[:n].rstrip(".") for code in found for n in range(3, len(code))}
    return frozenset(found)


def _members(document: Document, of: str) -> set[str]:
    found: set[str] = set()
    for data in (document.data.get("sets") or {}).values():
        if isinstance(data, dict) and data.get("of", "procedure") == of:
            members = data.get("members") or ()
            found.update(str(m["code"] if isinstance(m, dict) else m) for m in members)
    return found


def header_of(layout: Layout, place: Place, cites: str, sources: str) -> dict[str, Any]:
    """The header to write: what the one in place says of itself stays."""
    old = place.header or {}
    return {
        "table": layout.table,
        "says": old.get("says", layout.says),
        "file": old.get("file", f"{layout.table}.csv"),
        "sources": old.get("sources", sources),
        "cites": old.get("cites", cites),
        **layout.header(),
        "complete": old.get("complete", False),
        **({"complete_for": old["complete_for"]} if "complete_for" in old else {}),
    }


def write(place: Place, header: Mapping[str, Any], rows: Iterable[Cells]) -> list[Path]:
    """Write header and rows; the paths written."""
    import yaml  # reading needs it not

    place.folder.mkdir(parents=True, exist_ok=True)
    above = place.folder / f"{header['table']}.table.yaml"
    beside = place.folder / str(header["file"])
    text = yaml.safe_dump(dict(header), sort_keys=False, allow_unicode=True, width=100)
    above.write_text(text, encoding="utf-8")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(list(header["columns"]))
        writer.writerows(rows)
    return [above, beside]


def source_of(layout: Layout, begins: str | None, read: str) -> dict[str, Any]:
    """A source for a table that none stands for yet."""
    about: dict[str, Any] = {
        "title": layout.document,
        "publisher": "CMS" if layout.of == "procedure" else "CDC and CMS",
        "address": "www.cms.gov",
        "read": read,
        "evidence": "primary",
        "sentences": {"rows": {"says": f"{layout.says.rstrip('.')}, as the file lists them."}},
    }
    return {**({"from": begins} if begins else {}), **about}
