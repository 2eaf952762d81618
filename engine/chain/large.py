"""Large tables, read row by row as claims ask: mappings that look a code up when it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from engine.model.book import Span
from engine.model.stored import Stored
from engine.model.term import Column, Join

V = TypeVar("V")
KEPT = 8192
"""How many answers a mapping remembers."""


class Sought(Mapping[str, V], Generic[V]):
    """A mapping by code; a code without rows is not in it. The last answers are remembered."""

    def __init__(
        self, seek: Callable[[str], V | None], codes: Callable[[], Iterable[str]], kept: int = KEPT
    ) -> None:
        self._seek, self._codes, self._most = seek, codes, kept
        self._kept: dict[str, V | None] = {}

    def get(self, code: str, default: Any = None) -> Any:
        """What belongs to a code."""
        try:
            found = self._kept[code]
        except KeyError:
            if len(self._kept) >= self._most:
                self._kept.clear()
            found = self._kept[code] = self._seek(code)
        return default if found is None else found

    def __getitem__(self, code: str) -> V:
        found: V | None = self.get(code)
        if found is None:
            raise KeyError(code)
        return found

    def __contains__(self, code: object) -> bool:
        return self.get(str(code)) is not None

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._codes()))

    def __len__(self) -> int:
        return sum(1 for _ in self._codes())


Spans = Sequence[Span[bool]]


def column_spans(stored: Stored, column: Column) -> Mapping[str, Spans]:
    """Each value of a column with the days of the rows that hold it."""

    def seek(code: str) -> Spans | None:
        return _spans(stored, ((column.column, code),), column)

    return Sought(seek, lambda: stored.values(column.column, column.rows))


def partners(stored: Stored, join: Join) -> Mapping[str, Mapping[str, Spans]]:
    """For each code of the `line` column its partners in the `other` column, with days."""

    def seek(code: str) -> Mapping[str, Spans] | None:
        any_row = next(stored.spans(((join.line, code),), join.rows), None)
        return None if any_row is None else _own(stored, join, code)

    return Sought(seek, lambda: stored.values(join.line, join.rows))


def _own(stored: Stored, join: Join, code: str) -> Mapping[str, Spans]:
    """The partners of one code; a claim bears few, so that each is looked up for itself."""

    def seek(other: str) -> Spans | None:
        return _spans(stored, ((join.line, code), (join.other, other)), join)

    def others() -> Iterable[str]:
        found = stored.find(((join.line, code),), join.rows)
        return {str(row[join.other]) for row, _ in found}

    return Sought(seek, others, 256)


def lookup(
    stored: Stored, column: Column, key: str
) -> Mapping[str, Sequence[tuple[Any, Span[bool]]]]:
    """The values of a column for each code in the column `key`."""

    def seek(code: str) -> Sequence[tuple[Any, Span[bool]]] | None:
        rows = stored.find(((key, code),), column.rows)
        return [(row[column.column], Span(*days, True)) for row, days in rows] or None

    return Sought(seek, lambda: stored.values(key, column.rows))


def beside(small: Mapping[str, Spans], large: Sequence[Mapping[str, Spans]]) -> Mapping[str, Spans]:
    """Several mappings as one."""

    def seek(code: str) -> Spans | None:
        return [span for one in (small, *large) for span in one.get(code, ())] or None

    return Sought(seek, lambda: {code for one in (small, *large) for code in one})


def _spans(
    stored: Stored, at: tuple[tuple[str, str], ...], chosen: Column | Join
) -> list[Span[bool]] | None:
    return [Span(*days, True) for days in stored.spans(at, chosen.rows)] or None
