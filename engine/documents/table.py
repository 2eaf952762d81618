"""Reads the rows of a table: the CSV file beside its header, checked cell by cell."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from engine.documents.cells import TYPES, WORDS, Cell
from engine.documents.overlap import overlaps
from engine.documents.relation import Table
from engine.documents.suggest import did_you_mean, nearest
from engine.model.problem import Location, Problem
from engine.model.stored import Stored


def read_table(header: Mapping[str, Any], text: str, file: str) -> tuple[Table, list[Problem]]:
    """The table that a header (schema-checked data) and a CSV text make, and its problems."""
    columns: Mapping[str, Any] = header["columns"]
    types = tuple(str(column["type"]) for column in columns.values())
    reader = _Reader(file, tuple(columns), types, frozenset(header["key"]))
    rows, lines = reader.read(text.removeprefix("\ufeff"))
    table = Table(str(header["table"]), file, tuple(columns), types, rows, lines)
    problems = reader.problems()
    return table, problems or overlaps(table, header)


def stored_table(header: Mapping[str, Any], stored: Stored, file: str) -> Table:
    """A large table whose rows are stored."""
    columns: Mapping[str, Any] = header["columns"]
    types = tuple(str(column["type"]) for column in columns.values())
    return Table(str(header["table"]), file, tuple(columns), types, (), (), stored)


class _Reader:
    """Reads rows; of each kind of fault in a column it keeps the first place and a count."""

    def __init__(
        self, file: str, columns: tuple[str, ...], types: tuple[str, ...], key: frozenset[str]
    ) -> None:
        self.file, self.columns, self.types, self.key = file, columns, types, key
        self._first: dict[tuple[str, str], Problem] = {}
        self._count: Counter[tuple[str, str]] = Counter()

    def problems(self) -> list[Problem]:
        return [self._counted(which, problem) for which, problem in self._first.items()]

    def _counted(self, which: tuple[str, str], problem: Problem) -> Problem:
        more = self._count[which] - 1
        if not more:
            return problem
        message = f"{problem.message}; {more} more of this kind below"
        return Problem(problem.location, problem.id, message, problem.help)

    def _report(
        self,
        line: int,
        column: int,
        id_: str,
        message: str,
        about: str = "",
        help: str | None = None,
    ) -> None:
        self._count[id_, about] += 1
        place = Location(self.file, line, column)
        self._first.setdefault((id_, about), Problem(place, id_, message, help))

    def read(self, text: str) -> tuple[tuple[tuple[Cell, ...], ...], tuple[int, ...]]:
        rows: list[tuple[Cell, ...]] = []
        lines: list[int] = []
        order: list[int] | None = None
        try:
            for line, raw in _records(text):
                if order is None:
                    order = self._order(raw, line)
                    if order is None:
                        break
                elif len(raw) != len(self.columns):
                    message = f"this row has {len(raw)} cells; the header has {len(self.columns)}"
                    self._report(line, 1, "ragged-row", message)
                else:
                    rows.append(self._row(raw, order, line))
                    lines.append(line)
        except csv.Error as fault:
            self._report(1, 1, "not-csv", f"this cannot be read as a table: {fault}")
        if order is None and not self._first:
            self._report(1, 1, "empty-file", "nothing stands in this file")
        return tuple(rows), tuple(lines)

    def _order(self, raw: list[str], line: int) -> list[int] | None:
        """For each column of the header the position of its cell in a row."""
        names = [name.strip() for name in raw]
        for position, name in enumerate(names):
            if names.index(name) != position:
                message = f"the column `{name}` stands twice"
                self._report(line, _column(raw, position), "duplicate-column", message)
            elif name not in self.columns:
                message = f"the header of the table has no column `{name}`"
                help = did_you_mean(name, set(self.columns) - set(names))
                self._report(line, _column(raw, position), "unknown-column", message, name, help)
        unknown = [name for name in names if name not in self.columns]
        for name in self.columns:
            if name not in names and nearest(name, unknown) is None:
                message = f"the column `{name}` is missing"
                self._report(line, 1, "missing-column", message, name)
        return None if self._first else [names.index(name) for name in self.columns]

    def _row(self, raw: list[str], order: list[int], line: int) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        for name, type_, position in zip(self.columns, self.types, order, strict=True):
            text = raw[position].strip()
            cell = TYPES[type_](text) if text else None
            if text and cell is None:
                message = f"`{text}` in column `{name}` is no {WORDS[type_]}"
                self._report(line, _column(raw, position), "bad-cell", message, name)
            elif not text and name in self.key:
                message = f"column `{name}` is part of the key and may not be empty"
                self._report(line, _column(raw, position), "empty-key-cell", message, name)
            cells.append(cell)
        return tuple(cells)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; blank lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    for raw in reader:
        if raw:
            yield begins, raw
        begins = reader.line_num + 1


def _column(raw: list[str], position: int) -> int:
    """The text column at which a cell begins, if no cell before it was quoted."""
    return 1 + sum(len(cell) + 1 for cell in raw[:position])
