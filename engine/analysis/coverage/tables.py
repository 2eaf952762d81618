"""Rows of reference tables that tests reach: their codes are billed while the row is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.chain.facts import Surroundings
from engine.compiler.library import Library
from engine.model.book import RuleBook, Table


@dataclass
class TableSeen:
    """How many rows of a table or a decision were reached."""

    name: str
    rows: int
    reached: int


def code_columns(library: Library, name: str) -> list[str]:
    """The key columns of a table that hold codes."""
    folder, _, short = name.partition(":")
    for document in library.documents:
        if document.kind == "table" and document.folder == folder:
            data = document.data
            if data.get("table") == short.split("@")[0]:
                columns = data.get("columns") or {}
                return [c for c in data.get("key") or () if columns[c].get("type") == "code"]
    return []


def billed(around: Surroundings) -> dict[str, set[date]]:
    """The days on which each code is billed, on the claim or before."""
    found: dict[str, set[date]] = {}
    for x in (*around.lines, *around.past):
        found.setdefault(x.procedure, set()).add(x.date)
    return found


class RowWatch:
    """Notes which rows of the tables of several books are reached."""

    def __init__(self, library: Library, books: Iterable[RuleBook]) -> None:
        self.tables: dict[str, Table] = {}
        for book in books:
            self.tables.update({n: t for n, t in book.tables.items() if "@" not in n})
        self.reached: dict[str, set[int]] = {name: set() for name in self.tables}
        self._by_code = {
            name: _by_first_code(table, code_columns(library, name))
            for name, table in self.tables.items()
        }

    def note(self, codes: dict[str, set[date]]) -> None:
        """Note the rows whose codes are all billed, the first of them on a day in force."""
        for name, by_code in self._by_code.items():
            spans = self.tables[name].spans
            for code, days in codes.items():
                for n, others in by_code.get(code, ()):
                    begin, end = spans[n]
                    holds = any(_inside(d, begin, end) for d in days)
                    if holds and all(other in codes for other in others):
                        self.reached[name].add(n)

    def seen(self) -> list[TableSeen]:
        """The counts, by table."""
        return [
            TableSeen(name, len(self.tables[name].rows), len(found))
            for name, found in sorted(self.reached.items())
        ]


def _by_first_code(
    table: Table, columns: list[str]
) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    at = [table.columns.index(c) for c in columns]
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for n, row in enumerate(table.rows if at else ()):
        first, *others = (str(row[k]) for k in at)
        found.setdefault(first, []).append((n, tuple(others)))
    return found


def _inside(day: date, begin: date | None, end: date | None) -> bool:
    return (begin is None or begin <= day) and (end is None or day < end)
