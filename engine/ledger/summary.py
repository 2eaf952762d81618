"""Counts what a ledger holds, and reads all of it for an export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.ledger.complete import spans_in_words
from engine.ledger.history import records
from engine.ledger.migrate import revision
from engine.ledger.rows import read_facts, read_units, read_words
from engine.ledger.schema import COVERAGE, REMITTANCE, SERVICE, SOURCE, VERSION
from engine.ledger.store import Ledger

_CHUNK = 1000


@dataclass
class Summary:
    """A ledger in numbers."""

    place: str
    database: str
    tables: str | None
    identifiers: str
    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    complete: list[str] = field(default_factory=list)


def summary(ledger: Ledger, patient: str | None = None) -> Summary:
    """What the ledger holds, of every patient or of one; identifiers are not part of it."""
    kind = "keyed hashes" if ledger.names.hashed else "plain"
    database = "PostgreSQL" if ledger.postgresql else "SQLite"
    with ledger.reading() as connection:
        found = Summary(ledger.place.shown, database, revision(connection), kind)
        name = None if patient is None else ledger.names.patient(patient)
        _count(connection, found, name)
        if patient is not None:
            known = records(connection, ledger.names, [patient])[patient]
            found.complete = spans_in_words(known.complete)
    return found


def _count(connection: sa.Connection, found: Summary, patient: str | None) -> None:
    s = SERVICE.c
    mine = s.current.is_(True) if patient is None else s.current.is_(True) & (s.patient == patient)
    by_status = sa.select(s.status, sa.func.count()).where(mine).group_by(s.status)
    found.lines = {str(k or "not known"): n for k, n in connection.execute(by_status)}
    days = sa.select(sa.func.min(s.service_date), sa.func.max(s.service_date)).where(mine)
    found.first, found.last = connection.execute(days).one()
    distinct = sa.select(
        sa.func.count(sa.distinct(s.patient)), sa.func.count(sa.distinct(s.claim_id))
    )
    patients, claims = connection.execute(distinct.where(mine)).one()
    found.counts = {"patients": patients, "claims": claims}
    for name, table, column in (
        ("versions", VERSION, VERSION.c.patient),
        ("remittances", REMITTANCE, REMITTANCE.c.patient),
        ("spans", COVERAGE, COVERAGE.c.patient),
    ):
        query = sa.select(sa.func.count()).select_from(table)
        query = query if patient is None else query.where(column == patient)
        found.counts[name] = connection.execute(query).scalar_one()
    if patient is None:
        waiting = sa.select(sa.func.count()).where(REMITTANCE.c.applied.is_(None))
        found.counts["remittances that wait for their claim"] = connection.execute(
            waiting
        ).scalar_one()


def superseded(ledger: Ledger, patient: str) -> Iterator[tuple[Any, str]]:
    """Lines of a patient that no longer stand, each as it stood last, with what ended it."""
    name, s, v = ledger.names.patient(patient), SERVICE.c, VERSION.c
    lines: dict[tuple[str, int], Any] = {}
    with ledger.reading() as connection:
        query = sa.select(SERVICE).where(s.patient == name).order_by(s.version)
        for row in connection.execute(query):
            lines[row.claim_id, row.line] = row
        ended = {mark: row for mark, row in lines.items() if not row.current}
        events = sa.select(v.claim_id, v.event).where(v.patient == name).order_by(v.version)
        last = {row.claim_id: row.event for row in connection.execute(events)}
    for (claim_id, _), row in sorted(ended.items()):
        yield row, last.get(claim_id, "moved to another patient")


def exported(ledger: Ledger, patient: str | None = None) -> Iterator[dict[str, Any]]:
    """Every current line and every span, in the fields of a history; what the ledger stores as a
    hash is exported as that hash."""
    s = SERVICE.c
    services = sa.select(SERVICE).where(s.current.is_(True))
    spans = sa.select(COVERAGE, SOURCE.c.name.label("said_by")).where(
        COVERAGE.c.source == SOURCE.c.id
    )
    if patient is not None:
        name = ledger.names.patient(patient)
        services = services.where(s.patient == name)
        spans = spans.where(COVERAGE.c.patient == name)
    ordered = services.order_by(s.patient, s.service_date, s.claim_id, s.line)
    with ledger.reading() as connection:
        for row in connection.execute(spans.where(COVERAGE.c.patient.is_not(None))):
            yield _span(row)
        streaming = connection.execution_options(yield_per=_CHUNK)
        for row in streaming.execute(ordered):
            yield _service(row)


def _span(row: Any) -> dict[str, Any]:
    import json

    providers = "all" if row.providers is None else json.loads(row.providers)
    return {
        "patient_id": row.patient,
        "complete_from": _day(row.complete_from),
        "complete_to": _day(row.complete_to),
        "providers": None if row.own_group else providers,
        "procedures": "all" if row.procedures is None else json.loads(row.procedures),
    }


def _service(row: Any) -> dict[str, Any]:
    known = not row.claim_id.startswith("?")
    return {
        "patient_id": row.patient,
        "service_date": _day(row.service_date),
        "procedure": row.procedure,
        "modifiers": list(read_words(row.modifiers)),
        "units": read_units(row.units),
        "place_of_service": row.place_of_service,
        "diagnoses": list(read_words(row.diagnoses)),
        "rendering_npi": row.rendering_npi,
        "group": row.provider_group,
        "payer": row.payer,
        "claim_id": row.claim_id if known else None,
        "line": row.line if row.line > 0 else None,
        "status": row.status,
        "documentation": dict(read_facts(row.documentation)) or None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
