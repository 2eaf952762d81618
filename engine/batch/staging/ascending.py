"""Counts the claims of Parquet files that are sorted by claim id, without a table of all ids.

Where ids never fall, a claim begins wherever the id changes. Whether that is so is seen on the way,
as is whether a claim bears one payer only; where it is not, nothing is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from engine.batch.inputs.tables import Lines

Payer: TypeAlias = tuple[Any, ...]
MOST_ROWS = 2_000_000
"""So many rows of a group are held at once, of a few columns; larger groups are not looked at."""


@dataclass(frozen=True)
class _Piece:
    """Rows of one group: the claims that begin there by payer as written, the first and the last
    claim with their payers."""

    begun: Counter[Payer]
    first: tuple[Any, Payer]
    last: tuple[Any, Payer]


def claims_by_payer(lines: Lines, columns: Sequence[str], threads: int) -> pa.Table | None:
    """How many claims there are by file and these columns, as a table like that of the lines with
    a column `claims`; None where ids are not sorted, have blanks around them or two payers."""
    found: Counter[tuple[Path, Payer]] = Counter()
    last: tuple[Path, tuple[Any, Payer]] | None = None
    try:
        for path, piece in _pieces(lines, columns, threads):
            if piece is None or (last and piece.first[0] < last[1][0]):
                return None
            if last and piece.first[0] == last[1][0]:
                if (path, piece.first) != last:
                    return None
                found[path, piece.first[1]] -= 1
            found.update({(path, payer): count for payer, count in piece.begun.items()})
            last = path, piece.last
        rows = [(str(path), *payer, count) for (path, payer), count in found.items()]
        names = ("filename", *columns, "claims")
        return pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))) if rows else None
    except (pa.ArrowException, OSError, TypeError, ValueError, KeyError):
        return None  # the database says what is wrong with the file, if anything is


def _pieces(
    lines: Lines, columns: Sequence[str], threads: int
) -> Iterator[tuple[Path, _Piece | None]]:
    """The groups of all files, one after the other; some are read ahead."""
    pool = ThreadPoolExecutor(threads)
    try:
        waiting: list[tuple[Path, Future[_Piece | None]]] = []
        for path in lines.paths:
            known = parquet.read_metadata(path)
            for group in range(known.num_row_groups):
                task = pool.submit(_piece, path, known, group, lines.columns["claim_id"], columns)
                waiting.append((path, task))
                if len(waiting) > threads:
                    path_of, done = waiting.pop(0)
                    yield path_of, done.result()
        for path_of, done in waiting:
            yield path_of, done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _piece(
    path: Path, known: Any, group: int, claim_id: Sequence[str], columns: Sequence[str]
) -> _Piece | None:
    if known.row_group(group).num_rows > MOST_ROWS:
        return None
    file = parquet.ParquetFile(path, metadata=known, read_dictionary=list(columns))
    table = file.read_row_group(group, [*claim_id, *columns], use_threads=False).combine_chunks()
    ids = table[claim_id[0]].combine_chunks()
    if not len(ids) or ids.null_count or not _plain(ids.type):
        return None
    after, before = ids.slice(1), ids.slice(0, len(ids) - 1)
    begins = pc.not_equal(after, before)
    payers = _Payers(table, columns)
    changes = pc.not_equal(payers.codes.slice(1), payers.codes.slice(0, len(ids) - 1))
    if _any(pc.less(after, before)) or _any(pc.and_not(changes, begins)):
        return None
    begins = pa.concat_arrays([pa.array([True]), begins])
    if _blank(ids.filter(begins)):
        return None
    return _Piece(
        payers.counted(begins),
        (ids[0].as_py(), payers.at(0)),
        (ids[-1].as_py(), payers.at(len(ids) - 1)),
    )


class _Payers:
    """The payers of rows as one number each."""

    def __init__(self, table: pa.Table, columns: Sequence[str]) -> None:
        self.codes: Any = None
        self._values: list[list[Any]] = []
        for name in columns:
            coded = table[name].combine_chunks()
            if not pa.types.is_dictionary(coded.type):
                coded = coded.dictionary_encode()
            values = [*coded.dictionary.to_pylist(), None]
            codes = coded.indices.fill_null(len(values) - 1).cast(pa.int64())
            if self.codes is not None:
                codes = pc.add(pc.multiply(self.codes, len(values)), codes)
            self.codes = codes
            self._values.append(values)
        if self.codes is None:
            self.codes = pa.repeat(pa.scalar(0, pa.int64()), len(table))

    def at(self, row: int) -> Payer:
        return self._of(self.codes[row].as_py())

    def counted(self, begins: pa.BooleanArray) -> Counter[Payer]:
        found = pc.value_counts(self.codes.filter(begins)).to_pylist()
        return Counter({self._of(each["values"]): each["counts"] for each in found})

    def _of(self, code: int) -> Payer:
        found: list[Any] = []
        for values in reversed(self._values):
            code, index = divmod(code, len(values))
            found.append(values[index])
        return tuple(reversed(found))


def _plain(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or _is_text(kind)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _blank(ids: pa.Array) -> bool:
    """Whether some have blanks around them, or are nothing else."""
    if not _is_text(ids.type):
        return False
    return _any(pc.not_equal(pc.utf8_trim_whitespace(ids), ids)) or _any(pc.equal(ids, ""))


def _any(found: Any) -> bool:
    return bool(pc.any(found).as_py())
