"""Reads tables of services, CSV and Parquet, as the rows that a history has in JSON.

The columns are the fields of a service. Several modifiers or diagnoses stand in one cell, with a
space, a semicolon or a comma between them; `documentation` is a JSON object.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from engine.claims.history import SERVICE_FIELDS
from engine.claims.rows import Row
from engine.claims.source import Source, decoded
from engine.claims.where import Where, unknown
from engine.model.problem import Problem

PARQUET = b"PAR1"
_LISTS = ("modifiers", "diagnoses")
_NUMBERS = ("units", "line")
_BETWEEN = re.compile(r"[\s;,|]+")
_BATCH = 10_000


def is_table(source: Source) -> bool:
    """Whether the content is a Parquet file, or a CSV file whose first line names a patient."""
    first = source.head.split(b"\n", 1)[0].lower()
    named = b"patient_id" in first and first.lstrip()[:1] not in (b"{", b"[")
    return source.head.startswith(PARQUET) or (named and (b"," in first or b"\t" in first))


def table_rows(source: Source, path: str | Path) -> Iterator[Row | Problem]:
    """The rows of a table, each with its line; one that cannot be read is a problem."""
    if source.head.startswith(PARQUET):
        yield from _parquet(source, path)
    else:
        yield from _csv(source)


def _csv(source: Source) -> Iterator[Row | Problem]:
    first, *_ = source.head.split(b"\n", 1)
    delimiter = "\t" if first.count(b"\t") > first.count(b",") else ","
    lines = _texts(source)
    try:
        header = next(csv.reader([next(lines)], delimiter=delimiter))
        wrong = _columns(source, header)
        if wrong:
            yield wrong
            return
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        for ordinal, cells in enumerate(reader, 1):
            where = Where(source.file, reader.line_num + 1)
            if len(cells) > len(header):
                message = f"the row has {len(cells)} cells, the header {len(header)}"
                yield where.problem("bad-row", message)
            elif any(cell.strip() for cell in cells):
                given = zip((h.strip() for h in header), cells, strict=False)
                yield Row({name: _cell(name, cell) for name, cell in given}, where, ordinal)
    except (_TextError, csv.Error) as error:
        yield (
            error.problem
            if isinstance(error, _TextError)
            else source.problem("bad-table", f"the table cannot be read: {error}")
        )


class _TextError(Exception):
    """A line is no text."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


def _texts(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.lines(), 1):
        text = decoded(line, source.file, number)
        if isinstance(text, Problem):
            raise _TextError(text)
        yield text + "\n"


def _columns(source: Source, header: Iterable[str]) -> Problem | None:
    for name in (cell.strip() for cell in header):
        if name not in SERVICE_FIELDS:
            message = f"`{name[:40]}` is no column of a table of services"
            return source.problem("unknown-field", message, unknown(name, SERVICE_FIELDS))
    return None


def _cell(name: str, text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    if name in _LISTS:
        return [part for part in _BETWEEN.split(text) if part]
    if name in _NUMBERS:
        return _number(text)
    if name == "documentation":
        try:
            return json.loads(text, parse_float=Decimal)
        except ValueError:
            return text
    return text


def _number(text: str) -> Any:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return int(value) if value == value.to_integral_value() else value


def _parquet(source: Source, path: str | Path) -> Iterator[Row | Problem]:
    batches = _arrow(path, source) or _duckdb(path, source)
    if batches is None:
        yield source.problem(
            "unread-format",
            "Parquet is read with pyarrow or duckdb, and neither is installed here",
            "pip install pyarrow, or send the rows as CSV or JSON lines",
        )
        return
    ordinal = 0
    for names, rows in batches:
        wrong = _columns(source, names)
        if wrong:
            yield wrong
            return
        for row in rows:
            ordinal += 1
            data = {n: _value(n, v) for n, v in zip(names, row, strict=True)}
            yield Row(data, Where(source.file, place=f"row {ordinal}"), ordinal)


Batches = Iterator[tuple[list[str], Iterable[tuple[Any, ...]]]]


def _arrow(path: str | Path, source: Source) -> Batches | None:
    try:
        from pyarrow import parquet
    except ImportError:
        return None

    def batches() -> Batches:
        content = io.BytesIO(b"".join(source.chunks())) if str(path) == "-" else str(path)
        for batch in parquet.ParquetFile(content).iter_batches(_BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            yield list(batch.schema.names), zip(*columns, strict=True)

    return batches()


def _duckdb(path: str | Path, source: Source) -> Batches | None:
    try:
        import duckdb
    except ImportError:
        return None

    def batches() -> Batches:
        with duckdb.connect() as connection:
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [column[0] for column in found.description or ()]
            while rows := found.fetchmany(_BATCH):
                yield names, rows

    return batches()


def _value(name: str, value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return _number(repr(value))
    if isinstance(value, Decimal):
        return _number(str(value))
    if isinstance(value, str):
        return _cell(name, value)
    return value
