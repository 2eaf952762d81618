"""ICD-10-CM, the order file of a fiscal year (fixed-width text).

Order number in 1-5, code without its dot in 7-13, 1 in 15 for a code that may be billed and 0 for
a heading of others. Words are passed over. The file holds from the first day of its release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from engine.documents.imports.grid import Unreadable, text_of
from engine.documents.imports.layout import About, Cells, Layout

_LINE = re.compile(r"\d{5} ([A-Z][0-9A-Z]{2,6}) +([01])(?: |$)")


def _read(path: Path, about: About) -> Iterator[Cells]:
    found = False
    for line in text_of(path).splitlines():
        match = _LINE.match(line)
        if match:
            found = True
            code = match[1] if len(match[1]) < 4 else f"{match[1][:3]}.{match[1][3:]}"
            yield code, "yes" if match[2] == "1" else "no", about.begins or "", "", "", ""
    if not found:
        raise Unreadable(f"`{path}` holds no line of the order file: number, code, 0 or 1")


LAYOUT = Layout(
    name="icd10",
    table="diagnosis_codes",
    says="Diagnosis codes with the days on which they may be billed or are headings of others.",
    key={"code": "the code with its dot"},
    values={"billable": "yes, or no for a heading"},
    types={"code": "code"},
    codes=("code",),
    read=_read,
    states_all=True,
    of="diagnosis",
    document="ICD-10-CM order file",
)
