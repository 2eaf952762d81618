"""Writes large tables into files that every process maps (see engine/model/stored.py).

A table is stored when it is faultless; of one that is not, the reader of small tables says what
is wrong. The file is kept in the cache under a digest of the header and the rows, so that the
same rows are stored once.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import json
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import islice, pairwise
from typing import Any, BinaryIO

from engine.documents import cache
from engine.documents.cells import TYPES
from engine.model.stored import HEAD, Stored

LARGE = 1_000_000
"""Tables whose rows take more bytes than this are stored (some twenty-five thousand pairs)."""
LAYOUT = "1"
_AT_ONCE = 20_000


class Faulty(Exception):  # noqa: N818  # no error: the table is then read in the ordinary way
    """Something in the rows needs a message."""


def stored(header: Mapping[str, Any], data: bytes) -> Stored | None:
    """The stored form of a table; None if its rows have a fault or the cache is closed to us."""
    about = {key: header.get(key) for key in ("key", "columns", "dated")}
    digest = hashlib.sha256(data)
    digest.update(json.dumps([LAYOUT, sys.byteorder, about], sort_keys=True, default=str).encode())
    mark = digest.hexdigest()[:32]
    path = cache.folder() / "tables" / mark
    found = Stored(str(path), mark)
    if found.there():
        return found
    try:
        with without_collecting():
            columns = _Columns(header)
            columns.read(data)
            columns.check_key()
            parts = columns.parts()
    except (Faulty, UnicodeDecodeError, csv.Error):
        return None
    return found if cache.keep(path, lambda file: _write(file, parts, header)) else None


@contextmanager
def without_collecting() -> Iterator[None]:
    """Millions of lists are made and dropped; looking for cycles among them takes most of it."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


class _Columns:
    """The cells of all rows as numbers, column by column."""

    def __init__(self, header: Mapping[str, Any]) -> None:
        self.types = {name: str(c["type"]) for name, c in header["columns"].items()}
        self.key: list[str] = list(header["key"])
        self.dated: Mapping[str, str] = header.get("dated") or {}
        self.numbers: dict[str, array[int]] = {name: array("I") for name in self.types}
        self.values: dict[str, list[Any]] = {name: [] for name in self.types}
        self._texts: dict[str, dict[str, int]] = {name: {} for name in self.types}
        self._known: dict[str, dict[Any, int]] = {name: {} for name in self.types}

    def read(self, data: bytes) -> None:
        """Read all rows, many at once."""
        chunks = _chunks(data.decode("utf-8").removeprefix("\ufeff"))
        names = [name.strip() for name in next(chunks)[0]]
        if sorted(names) != sorted(self.types):
            raise Faulty
        for columns in chunks:
            if len(columns) != len(names):
                raise Faulty
            for name, cells in zip(names, columns, strict=True):
                texts = self._texts[name]
                for text in set(cells) - texts.keys():
                    texts[text] = self._number(name, text.strip())
                self.numbers[name].extend(map(texts.__getitem__, cells))

    def _number(self, name: str, text: str) -> int:
        value = TYPES[self.types[name]](text) if text else None
        if value is None and (text or name in self.key):
            raise Faulty
        known = self._known[name]
        if value not in known:
            known[value] = len(known)
            self.values[name].append(value)
        return known[value]

    def check_key(self) -> None:
        """Refuse two rows of one key that may hold on one day (clause A21)."""
        marks: Any = self.numbers[self.key[0]]
        for name in self.key[1:]:
            size = len(self.values[name]) or 1
            marks = [m * size + n for m, n in zip(marks, self.numbers[name], strict=True)]
        if len(set(marks)) == len(marks):
            return
        rows: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
        for row, mark in enumerate(marks):
            first = self._date("from", row) or date.min
            rows[mark].append((first, self._date("to", row) or date.max))
        for spans in rows.values():
            if any(after[0] <= before[1] for before, after in pairwise(sorted(spans))):
                raise Faulty

    def _date(self, role: str, row: int) -> date | None:
        name = self.dated.get(role)
        found: date | None = self.values[name][self.numbers[name][row]] if name else None
        return found

    def parts(self) -> dict[str, dict[str, Any]]:
        """What is written of each column; values stand in order, and rows by value for codes."""
        return {name: self._part(name, kind) for name, kind in self.types.items()}

    def _part(self, name: str, kind: str) -> dict[str, Any]:
        values, numbers = self.values[name], self.numbers[name]
        order = sorted(range(len(values)), key=lambda n: _sortable(values[n]))
        place = array("I", bytes(4 * len(values)))
        for new, old in enumerate(order):
            place[old] = new
        cells = array(_code(len(values)), map(place.__getitem__, numbers))
        part: dict[str, Any] = {"type": kind, "cells": cells, "values": [values[n] for n in order]}
        if kind == "code":
            rows = array("I", sorted(range(len(cells)), key=cells.__getitem__))
            part |= {"order": rows, "starts": _starts(cells, len(values))}
        return part


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is not None, value if value is not None else 0


def _code(values: int) -> str:
    return "B" if values <= 1 << 8 else "H" if values <= 1 << 16 else "I"


def _starts(cells: array[int], values: int) -> array[int]:
    counts = [0] * values
    for cell in cells:
        counts[cell] += 1
    starts = array("I", [0])
    for count in counts:
        starts.append(starts[-1] + count)
    return starts


def _chunks(text: str) -> Iterator[list[Any]]:
    """The names of the columns, in a list of one; then the columns of many rows at once."""
    if '"' in text:
        rows = (row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row)
        yield [next(rows, [])]
        while some := list(islice(rows, _AT_ONCE)):
            if len({len(row) for row in some}) > 1:
                raise Faulty
            yield list(zip(*some, strict=True))
        return
    lines = (line for line in text.replace("\r\n", "\n").split("\n") if line)
    first = next(lines, "").split(",")
    yield [first]
    while chunk := list(islice(lines, _AT_ONCE)):
        if {line.count(",") for line in chunk} != {len(first) - 1}:
            raise Faulty
        cells = ",".join(chunk).split(",")
        yield [cells[n :: len(first)] for n in range(len(first))]


def _write(
    file: BinaryIO, parts: Mapping[str, Mapping[str, Any]], header: Mapping[str, Any]
) -> None:
    """The description, then what it describes; places are counted from the end of the former."""
    blobs: list[bytes] = []
    columns: dict[str, Any] = {}

    def put(blob: bytes) -> int:
        offset = sum(map(len, blobs))
        blobs.append(blob + b"\0" * (-len(blob) % 8))
        return offset

    for name, part in parts.items():
        about: dict[str, Any] = {"type": part["type"]}
        for key in ("cells", "order", "starts"):
            if key in part:
                data = part[key].tobytes()
                about[key] = [put(data), len(data), part[key].typecode]
        if part["type"] == "code":
            width = max((len(v or "") for v in part["values"]), default=0) or 1
            data = b"".join((v or "").encode().ljust(width, b"\0") for v in part["values"])
            about["codes"] = [put(data), width, len(part["values"])]
        else:
            about["values"] = part["values"]
        columns[name] = about
    _put_together(file, columns, dict(header.get("dated") or {}), blobs)


def _put_together(
    file: BinaryIO, columns: dict[str, Any], dated: dict[str, str], blobs: list[bytes]
) -> None:
    size = len(_described(columns, dated, 10**12)) + 8
    size += -(size + HEAD) % 8
    text = _described(columns, dated, HEAD + size)
    file.write(str(size).ljust(HEAD).encode() + text.ljust(size))
    for blob in blobs:
        file.write(blob)


def _described(columns: Mapping[str, Any], dated: Mapping[str, str], base: int) -> bytes:
    moved = {
        name: {
            key: [v[0] + base, *v[1:]] if key in ("cells", "order", "starts", "codes") else v
            for key, v in about.items()
        }
        for name, about in columns.items()
    }
    return json.dumps({"columns": moved, "dated": dated}, default=str).encode()
