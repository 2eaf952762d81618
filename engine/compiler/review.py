"""Sources that were last read too long ago, as warnings (a rule is as good as its last reading)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.compiler.library import CODING, Library, day
from engine.documents.document import Document
from engine.model.length import Length, parse_length
from engine.model.problem import Location, Problem

USUAL = "12 months"
"""How often a payer's article is read again, where its source does not say."""


def overdue(library: Library, on: date) -> list[Problem]:
    """A warning for each source whose review interval has passed on a day."""
    return [problem for file in library.sources.values() for problem in _overdue(file, on)]


def _overdue(file: Document, on: date) -> Iterator[Problem]:
    for name, source in (file.data.get("sources") or {}).items():
        due = due_on(file, source) if isinstance(source, dict) else None
        if due is None or due >= on:
            continue
        line, column = file.marks.value(("sources", name, "read"))
        every, read = interval(file, source), source["read"]
        yield Problem(
            Location(file.file, line, column),
            "source-to-be-read",
            f"the source `{name}` was last read on {read} and is due every {every}",
            "read it again, put right what has changed, and give the day in `read`",
            "warning",
        )


def interval(file: Document, source: dict[str, Any]) -> str | None:
    """How often a source is to be read; None for one of the coding layer that does not say."""
    own = source.get("review_every")
    below_coding = file.folder == CODING or file.folder.startswith(f"{CODING}/")
    return str(own) if own else None if below_coding else USUAL


def due_on(file: Document, source: dict[str, Any]) -> date | None:
    """The last day on which a source counts as read; None if nothing says."""
    read, every = day(source.get("read")), interval(file, source)
    length: Length | None = parse_length(every) if every else None
    return length.after(read) if read is not None and length is not None else None
