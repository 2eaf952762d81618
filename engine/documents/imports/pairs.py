"""NCCI procedure-to-procedure edits, practitioner and outpatient (text or spreadsheet).

Six lines of notice and titles, then: column 1, column 2, an asterisk for edits before 1996,
effective date, deletion date (`*`: none), modifier indicator, rationale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from engine.documents.imports.grid import Unreadable, day, rows_of
from engine.documents.imports.layout import About, Cells, Layout

_CODE = re.compile(r"[0-9A-Z]{5}")
_RATIONALES = {
    "misuse": "misuse",
    "mutually exclusive": "mutually_exclusive",
    "standards of medical": "standard_practice",
    "standard preparation": "standard_practice",
    "separate procedure": "separate_procedure",
    "code definition": "code_definition",
    "manual": "manual_instruction",
    "more extensive": "more_extensive",
    "anesthesia": "anaesthesia_by_operator",
    "sequential": "sequential",
    "laboratory": "laboratory_panel",
    "gender": "gender_specific",
}


def _read(path: Path, about: About) -> Iterator[Cells]:
    part = about.part or _part(path)
    days: dict[str, str] = {}
    reasons: dict[str, str] = {}
    found = False
    for row in rows_of(path):
        if len(row) < 6 or not _CODE.fullmatch(row[0]) or not _CODE.fullmatch(row[1]):
            continue
        found = True
        begins, ends, reason = row[3], row[4], row[6] if len(row) > 6 else ""
        for text in (begins, ends):
            if text not in days:
                days[text] = day(text) or ""
        if reason not in reasons:
            reasons[reason] = rationale(reason)
        yield row[0], row[1], part, row[5], reasons[reason], days[begins], days[ends], "", ""
    if not found:
        raise Unreadable(f"`{path}` holds no row of a pair: column 1, column 2, effective date")


def _part(path: Path) -> str:
    name = path.name.lower()
    for mark, part in (("ccipra", "practitioner"), ("ccioph", "outpatient")):
        if mark in name:
            return part
    for part in ("practitioner", "outpatient"):
        if part in name:
            return part
    raise Unreadable(f"whose pairs are in `{path.name}`? say --part practitioner or outpatient")


def rationale(text: str) -> str:
    """A short word for a published reason."""
    plain = text.lower().replace('"', "")
    for mark, word in _RATIONALES.items():
        if mark in plain:
            return word
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


LAYOUT = Layout(
    name="pairs",
    table="ncci_pairs",
    says="Code pairs; the code of column 2 is not paid beside that of column 1.",
    key={
        "column_1": "the code that is paid",
        "column_2": "the code that is denied",
        "file": "practitioner or outpatient",
    },
    values={
        "modifier_indicator": "0 never together, 1 unless marked as distinct, 9 void",
        "rationale": "why the pair exists",
    },
    types={"column_1": "code", "column_2": "code"},
    codes=("column_1", "column_2"),
    read=_read,
    document="NCCI procedure-to-procedure edits",
)
