"""Fetches from a ledger what it knows of a batch's patients, with one query for many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
from pyarrow import parquet

from engine.batch.judge.recorded import facts_text, known_text, service_text, span_text
from engine.ledger.entries import Entry, Record
from engine.ledger.history import events, records
from engine.ledger.kinds import OF_CLAIMS
from engine.ledger.store import Ledger

CHUNK = 1_000
"""So many patients are asked for at once; their history must fit in memory."""
Ids: TypeAlias = dict[str, set[str]]
Row: TypeAlias = tuple[str, str | None, str | None, str | None, str]
"""Patient; procedure, day and documented facts of a service; what it says as one text."""
_CORRECTS = ("replacement", "void claim")
_SCHEMA = pa.schema(
    [(n, pa.string()) for n in ("key", "patient", "procedure", "service_date", "facts", "entry")]
)


@dataclass
class Fetcher:
    """Writes what the ledger knows on a day as rows of a Parquet file."""

    ledger: Ledger
    today: date
    note: Callable[[int], None] = lambda _n: None

    def __call__(self, people: Iterable[pa.RecordBatch], path: Path) -> dict[str, Any]:
        """`people` are rows of patient, claim id and the id of a claim that it replaces, sorted
        by patient. Returns the day, and how many patients with services, services and spans of
        patients the ledger has."""
        told, keys = {"patients": 0, "services": 0, "spans": 0}, count()
        with parquet.ParquetWriter(path, _SCHEMA) as file:
            asked = 0
            for chunk in chunks(people):
                rows = [(f"l{next(keys):012d}", *row) for row in self._rows(chunk, told)]
                columns = [list(column) for column in zip(*rows, strict=True)]
                if rows:
                    file.write_table(pa.table(columns, schema=_SCHEMA))
                asked += len(chunk)
                self.note(asked)
        return {"day": self.today.isoformat(), **told}

    def _rows(self, chunk: Ids, told: dict[str, int]) -> Iterator[Row]:
        names = self.ledger.names
        with self.ledger.reading() as connection:
            found = records(connection, names, chunk)
            said = events(connection, names, chunk)
        ids = {names.claim(c): c for own in chunk.values() for c in own}
        for record in found.values():
            standing = record.standing(self.today)
            told["patients"] += bool(standing)
            told["services"] += len(standing)
            told["spans"] += len(record.complete)
            yield from _of_patient(record, standing, ids)
        for (patient, claim_id), corrected in _known(said).items():
            if ids.get(claim_id) in chunk[patient]:
                text = known_text(ids[claim_id], corrected=corrected)
                yield patient, None, None, None, text


def _of_patient(record: Record, standing: list[Entry], ids: dict[str, str]) -> Iterator[Row]:
    for entry in standing:
        line = entry.service.line
        day = line.service_date.isoformat()
        text = service_text(entry, ids)
        yield record.patient_id, line.procedure, day, facts_text(entry), text
    for complete in record.complete:
        yield record.patient_id, None, None, None, span_text(complete)


def _known(said: list[tuple[str, str, str, str | None]]) -> dict[tuple[str, str], bool]:
    """Claims whose lines the ledger tells, or that another one superseded there; whether it has
    a correction of them."""
    found: dict[tuple[str, str], bool] = {}
    for patient, claim_id, event, replaces in said:
        if event in OF_CLAIMS or event.startswith(("replaced by", "voided by")):
            before = found.get((patient, claim_id), False)
            found[patient, claim_id] = before or event in _CORRECTS
        if replaces and replaces != claim_id:
            found[patient, replaces] = True
    return found


def chunks(people: Iterable[pa.RecordBatch]) -> Iterator[Ids]:
    """The ids of claims by patient, some thousand patients at a time."""
    waiting: Ids = {}
    for batch in people:
        columns: list[list[Any]] = [column.to_pylist() for column in batch.columns]
        for patient, *given in zip(*columns, strict=True):
            if patient not in waiting and len(waiting) >= CHUNK:
                yield waiting
                waiting = {}
            waiting.setdefault(patient, set()).update(c for c in given if c)
    if waiting:
        yield waiting
