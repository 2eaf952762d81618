"""A large table in a file that all processes map: rows are found by a code, and only then read.

The file holds for every column the number of each row's value, and for columns of codes the row
numbers in the order of the codes. Nothing of it is copied into a process, so that a book with
millions of pairs is as small and as quick to load as one with none.
"""

from __future__ import annotations

import json
import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import compress
from pathlib import Path
from typing import Any, TypeAlias

from engine.model.record import Record

Cell: TypeAlias = "str | int | None"
Days: TypeAlias = "tuple[date | None, date | None]"
Wanted: TypeAlias = "tuple[tuple[str, frozenset[str]], ...]"
HEAD = 16
"""The file begins with so many bytes: the length of its description, as a decimal number."""


class Stored(Record):
    """The rows of a large table, as they were known on a day; `digest` is of what it was made."""

    path: str
    digest: str
    known_on: date | None = None

    def there(self) -> bool:
        """Whether the file is still where it was made."""
        return Path(self.path).is_file()

    def days(self) -> tuple[date, ...]:
        """Every day on which some row begins or no longer holds."""
        return _open(self.path).days

    def values(self, column: str, rows: Wanted = ()) -> frozenset[str]:
        """The values of a column in the rows that hold a wanted value in each named column."""
        return _values(self, column, rows)

    def find(
        self, at: tuple[tuple[str, str], ...], rows: Wanted = ()
    ) -> Iterator[tuple[dict[str, Cell], Days]]:
        """The rows that hold these values, with the days on which they are in force."""
        file = _open(self.path)
        for number in file.numbers(at, rows):
            days = file.days_of(number, self.known_on)
            if days is not None:
                yield file.row(number), days

    def spans(self, at: tuple[tuple[str, str], ...], rows: Wanted = ()) -> Iterator[Days]:
        """The days of the rows that hold these values."""
        file = _open(self.path)
        found = (file.days_of(number, self.known_on) for number in file.numbers(at, rows))
        return (days for days in found if days is not None)


class _Column:
    """One column: the number of each row's value, the values, and the rows by value."""

    def __init__(self, file: memoryview, about: Mapping[str, Any]) -> None:
        self.cells: memoryview = _cut(file, about["cells"])
        self.is_date = about["type"] == "date"
        self.values: Sequence[Any] = (
            _Codes(file, *about["codes"]) if "codes" in about else about["values"]
        )
        self.order = _cut(file, about["order"]) if "order" in about else None
        self.starts = _cut(file, about["starts"]) if "order" in about else None

    def number(self, value: str) -> int | None:
        """The number of a value; None if no row holds it."""
        if isinstance(self.values, _Codes):
            return self.values.index_of(value)
        return next(
            (n for n, v in enumerate(self.values) if v is not None and str(v) == value), None
        )

    def rows(self, number: int) -> Sequence[int]:
        """The rows that hold a value."""
        if self.order is None or self.starts is None:
            return [n for n, cell in enumerate(self.cells) if cell == number]
        return self.order[self.starts[number] : self.starts[number + 1]]


class _Codes(Sequence[Any]):
    """Codes in order, each of one width, searched where they lie; an empty one is None."""

    def __init__(self, file: memoryview, offset: int, width: int, count: int) -> None:
        self._file, self._offset, self._width, self._count = file, offset, width, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: Any) -> Any:
        if number >= self._count:
            raise IndexError(number)
        begin = self._offset + number * self._width
        return bytes(self._file[begin : begin + self._width]).rstrip(b"\0").decode() or None

    def index_of(self, code: str) -> int | None:
        """The number of a code; None if it is not among them."""
        found = bisect_left(range(self._count), code, key=lambda n: self[n] or "")
        return found if found < self._count and self[found] == code else None


class _File:
    """An open file of one table."""

    def __init__(self, path: str) -> None:
        with Path(path).open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        size = int(bytes(whole[:HEAD]))
        about = json.loads(bytes(whole[HEAD : HEAD + size]))
        self.columns = {name: _Column(whole, column) for name, column in about["columns"].items()}
        self.dated: dict[str, str] = about["dated"]
        for column in self.columns.values():
            if column.is_date:
                column.values = [v and date.fromisoformat(v) for v in column.values]
        self.days = tuple(sorted({d for d in self._all_days() if d is not None}))

    def _all_days(self) -> Iterator[date | None]:
        for role, name in self.dated.items():
            if role in ("from", "to"):
                for value in self.columns[name].values:
                    yield _after(value) if role == "to" else value

    def numbers(self, at: tuple[tuple[str, str], ...], rows: Wanted) -> Iterator[int]:
        """The rows that hold these values, sought among the fewest that may."""
        chosen = []
        for name, value in at:
            number = self.columns[name].number(value)
            if number is None:
                return
            chosen.append((self.columns[name], number))
        indexed = [c for c in chosen if c[0].order is not None] or chosen
        nearest = min(indexed, key=lambda c: len(c[0].rows(c[1])))
        rest = [(column.cells, number) for column, number in chosen if column is not nearest[0]]
        tests = [(self.columns[n].cells, self._allowed(n, values)) for n, values in rows]
        for number in nearest[0].rows(nearest[1]):
            if all(cells[number] == value for cells, value in rest) and all(
                cells[number] in allowed for cells, allowed in tests
            ):
                yield number

    def _allowed(self, name: str, values: Iterable[str]) -> frozenset[int]:
        numbers = (self.columns[name].number(value) for value in values)
        return frozenset(n for n in numbers if n is not None)

    def distinct(self, name: str, rows: Wanted) -> frozenset[str]:
        """The values of a column in chosen rows."""
        column = self.columns[name]
        numbers: Iterable[int] = column.cells
        if rows:
            picked = [
                map(self._allowed(other, values).__contains__, self.columns[other].cells)
                for other, values in rows
            ]
            wanted = picked[0] if len(picked) == 1 else map(all, zip(*picked, strict=True))
            numbers = compress(numbers, wanted)
        return frozenset(str(column.values[n]) for n in set(numbers))

    def _date(self, role: str, number: int) -> date | None:
        name = self.dated.get(role)
        if name is None:
            return None
        column = self.columns[name]
        found: date | None = column.values[column.cells[number]]
        return found

    def days_of(self, number: int, known_on: date | None) -> Days | None:
        """The days of a row as known on a day; None if it was not known then (clause A19)."""
        begin, last = self._date("from", number), self._date("to", number)
        if known_on is not None:
            published = self._date("published", number) or begin
            if published is not None and published > known_on:
                return None
            said = self._date("to_published", number) or published
            if said is not None and said > known_on:
                last = None
        return begin, _after(last)

    def row(self, number: int) -> dict[str, Cell]:
        """A row by the names of its columns; dates are written out."""
        values = ((n, c.values[c.cells[number]]) for n, c in self.columns.items())
        return {name: str(v) if isinstance(v, date) else v for name, v in values}


def _after(day: date | None) -> date | None:
    return None if day is None else day + timedelta(days=1)


def _cut(file: memoryview, about: tuple[int, int, str]) -> memoryview:
    offset, size, code = about
    return file[offset : offset + size].cast(code)  # type: ignore[call-overload, no-any-return]  # one of B H I


@lru_cache(maxsize=32)
def _open(path: str) -> _File:
    return _File(path)


@lru_cache(maxsize=64)
def _values(stored: Stored, column: str, rows: Wanted) -> frozenset[str]:
    return _open(stored.path).distinct(column, rows)
