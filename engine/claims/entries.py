"""Reads whatever a ledger takes in, told by its content: claims, remittances and histories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

from engine.claims.history import HistoryReader
from engine.claims.row_claims import RowClaims
from engine.claims.rows import Row, is_resource, rows
from engine.claims.source import Source, kind_of, opened
from engine.claims.tables import is_table, table_rows
from engine.model.claim import Claim, Coverage, Service
from engine.model.problem import Problem
from engine.model.remittance import Remittance

Entry: TypeAlias = Claim | Service | Coverage | Remittance | Problem
_REMITTANCE = re.compile(rb"\bST[^A-Za-z0-9\s]835\b")
_OF_CLAIMS = frozenset(("lines", "patient", "stage", "frequency", "billing_provider"))


def read_entries(path: str | Path, stream: BinaryIO | None = None) -> Iterator[Entry]:
    """Everything in a file, in its order, with the problems found; a stream if it is large.

    JSON, JSON lines and YAML hold claims or a history, FHIR and X12 837 claims, X12 835
    remittances, CSV and Parquet services.
    """
    source = opened(path, stream)
    if isinstance(source, Problem):
        yield source
        return
    try:
        yield from _entries(source, path)
    except OSError as error:
        yield source.problem("unreadable-file", f"reading stopped: {error.strerror or 'no reason'}")
    finally:
        source.close()


def _entries(source: Source, path: str | Path) -> Iterator[Entry]:
    if is_table(source):
        yield from _history(table_rows(source, path))
        return
    kind = kind_of(source)
    if isinstance(kind, Problem):
        yield kind
    elif kind == "x12":
        yield from _x12(source)
    else:
        yield from _records(rows(source, kind), RowClaims(source.file))


def _x12(source: Source) -> Iterator[Entry]:
    if _REMITTANCE.search(source.head):
        from engine.claims.x12.remittance import read_remittances

        yield from read_remittances(source.chunks(), source.file)
        return
    from engine.claims.x12.interchange import read_x12

    yield from read_x12(source.chunks(), source.file)


def _records(found: Iterator[Row | Problem], claims: RowClaims) -> Iterator[Entry]:
    for row in found:
        if isinstance(row, Row) and (is_resource(row) or _is_claim(row)):
            yield from claims.read(row)
        else:
            yield from _history(iter((row,)))


def _is_claim(row: Row) -> bool:
    return isinstance(row.data, dict) and bool(_OF_CLAIMS & row.data.keys())


def _history(found: Iterator[Row | Problem]) -> Iterator[Entry]:
    for row in found:
        if isinstance(row, Problem):
            yield row
            continue
        reader = HistoryReader()
        reader.row(row)
        yield from reader.problems
        yield from reader.coverage
        yield from reader.services
