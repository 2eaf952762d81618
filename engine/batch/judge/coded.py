"""A column of values that repeat: each distinct value once, and for each row which one it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, slots=True)
class Coded:
    """`distinct` are the values, `codes` the position of each row's value among them; without
    codes, all rows have the only value. Rows may be left out, and values that no row has stay."""

    distinct: list[Any]
    codes: pa.Array | None
    rows: int

    def read(self, reader: Callable[[list[Any]], list[Any]]) -> Coded:
        """The same rows with other values; the reader gives one for each of the distinct ones."""
        return Coded(reader(self.distinct), self.codes, self.rows)

    def each(self, function: Callable[[Any], Any]) -> Coded:
        """The same rows with what a function makes of each distinct value."""
        return Coded([function(value) for value in self.distinct], self.codes, self.rows)

    def kept(self, rows: pa.Array) -> Coded:
        """The rows that a mask keeps."""
        if self.codes is None:
            return Coded(self.distinct, None, pc.sum(rows).as_py() or 0)
        codes = self.codes.filter(rows)
        return Coded(self.distinct, codes, len(codes))

    def values(self) -> Iterable[Any]:
        """The value of each row."""
        if self.codes is None:
            return repeat(self.distinct[0], self.rows) if self.rows else ()
        return map(self.distinct.__getitem__, self.codes.to_pylist())

    def where(self, value: Any) -> pa.Array | None:
        """A mask of the rows whose value is this very object; None if there are none."""
        found = [n for n, v in enumerate(self.distinct) if v is value]
        if not found or not self.rows:
            return None
        if self.codes is None:
            return pa.repeat(pa.scalar(True), self.rows)
        return pc.is_in(self.codes, pa.array(found, self.codes.type))

    def changes(self) -> pa.Array:
        """A mask of the rows whose value is not that of the row before; the first one is among
        them."""
        first = pa.repeat(pa.scalar(True), min(self.rows, 1))
        if self.codes is None:
            same = pa.repeat(pa.scalar(False), max(self.rows - 1, 0))
            return pa.concat_arrays([first, same])
        return pa.concat_arrays([first, pc.not_equal(self.codes[1:], self.codes[:-1])])


def coded(column: Any) -> Coded:
    """A column of Arrow, null being a value like others."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if array.null_count == len(array):
        return Coded([None], None, len(array))
    encoded = array.dictionary_encode(null_encoding="encode")
    distinct = encoded.dictionary.to_pylist()
    codes = encoded.indices.cast(pa.int64()) if len(distinct) > 1 else None
    return Coded(distinct, codes, len(array))


def together(columns: Sequence[Coded]) -> Coded:
    """Several columns as one whose values are tuples."""
    first = columns[0]
    found = Coded(list(zip(first.distinct)), first.codes, first.rows)
    for column in columns[1:]:
        found = _with(found, column)
    return found


def _with(left: Coded, right: Coded) -> Coded:
    if right.codes is None:
        (last,) = right.distinct
        return Coded([(*values, last) for values in left.distinct], left.codes, left.rows)
    if left.codes is None:
        (first,) = left.distinct
        return Coded([(*first, value) for value in right.distinct], right.codes, right.rows)
    size = len(right.distinct)
    both = pc.add(pc.multiply(left.codes, size), right.codes).dictionary_encode()
    pairs = both.dictionary.to_pylist()
    distinct = [(*left.distinct[pair // size], right.distinct[pair % size]) for pair in pairs]
    codes = both.indices.cast(pa.int64()) if len(distinct) > 1 else None
    return Coded(distinct, codes, left.rows)


def any_of(masks: Iterable[pa.Array | None], rows: int) -> pa.Array:
    """A mask of the rows that some mask has; a mask that is None has none."""
    found = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else pc.or_(found, mask)
    return pa.repeat(pa.scalar(False), rows) if found is None else found


def not_null(column: Any) -> pa.Array | None:
    """A mask of the rows of a column that are not null; None if there are none."""
    if column.null_count == len(column):
        return None
    mask = pc.is_valid(column)
    return mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
