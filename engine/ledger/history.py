"""Reads the history of many patients at once: services and what is complete, in one query."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine.ledger.entries import Complete, Entry, Record
from engine.ledger.names import Names
from engine.ledger.rows import read_facts, read_units, read_words
from engine.ledger.schema import COVERAGE, SERVICE, SOURCE, VERSION
from engine.model.claim import Coverage, Line, Provider, Service

Columns = Sequence[Any]
_NOTHING = 8


def records(connection: sa.Connection, names: Names, patients: Iterable[str]) -> dict[str, Record]:
    """What is known of each patient, by the ids given; one query whatever their number."""
    by_name = {names.patient(patient): patient for patient in patients}
    found = {patient: Record(patient) for patient in by_name.values()}
    if not by_name:
        return found
    with _no_collection():
        rows = connection.execute(*_query(connection, list(by_name))).all()
        _sort_in(rows, by_name, found)
    return found


def events(
    connection: sa.Connection, names: Names, patients: Iterable[str]
) -> list[tuple[str, str, str, str | None]]:
    """What happened to the claims of patients: patient as given, then claim, event and what it
    replaces as stored, in order; one query whatever their number."""
    by_name = {names.patient(patient): patient for patient in patients}
    if not by_name:
        return []
    if connection.dialect.name == "postgresql":
        rows = connection.execute(_EVENTS_ARRAY, {"patients": list(by_name)})
    else:
        rows = connection.execute(_EVENTS_JSON, {"patients": json.dumps(list(by_name))})
    return [(by_name[patient], *rest) for patient, *rest in rows]


def _sort_in(rows: Sequence[Columns], by_name: dict[str, str], found: dict[str, Record]) -> None:
    everyone: list[Complete] = []
    add = _Adder()
    for row in rows:
        patient = by_name.get(row[1])
        if patient is None:
            everyone.append(_complete(row, ""))
        elif row[0]:
            found[patient].complete.append(_complete(row, patient))
        else:
            found[patient].entries.append(add.entry(row, patient))
    for record in found.values() if everyone else ():
        record.complete += [_of(c, record.patient_id) for c in everyone]


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing that is made here is garbage; looking for some costs a third of a large batch."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _query(connection: sa.Connection, patients: list[str]) -> tuple[Any, dict[str, Any]]:
    if len(patients) == 1:
        return _ONE, {"patient": patients[0]}
    if connection.dialect.name == "postgresql":
        return _MANY_ARRAY, {"patients": patients}
    return _MANY_JSON, {"patients": json.dumps(patients)}


def _union(of_service: Any, of_coverage: Any) -> Any:
    # One statement for both tables: their columns are laid side by side.
    c, s = COVERAGE.c, SERVICE.c
    nothing = [sa.null() for _ in range(_NOTHING)]
    services = sa.select(
        sa.literal(0), s.patient, s.claim_id, s.line, s.service_date, s.expires_on, s.procedure,
        s.modifiers, s.units, s.place_of_service, s.diagnoses, s.rendering_npi, s.provider_group,
        s.payer, s.status, s.payer_control, s.documentation,
    ).where(of_service, s.current.is_(True))  # fmt: skip
    spans = sa.select(
        sa.literal(1), c.patient, SOURCE.c.name, c.id, c.complete_from, c.complete_to,
        c.procedures, sa.case((c.own_group, "own"), else_=""), c.providers, *nothing,
    ).where(c.source == SOURCE.c.id, sa.or_(c.patient.is_(None), of_coverage))  # fmt: skip
    return sa.union_all(services, spans)


_ONE = _union(
    SERVICE.c.patient == sa.bindparam("patient"), COVERAGE.c.patient == sa.bindparam("patient")
)
_LISTED = sa.text("SELECT value FROM json_each(:patients)").columns(sa.Column("value", sa.Text))
_MANY_JSON = _union(
    SERVICE.c.patient.in_(_LISTED.scalar_subquery()),
    COVERAGE.c.patient.in_(_LISTED.scalar_subquery()),
)
_ARRAY = sa.any_(sa.bindparam("patients", type_=sa.ARRAY(sa.Text)))
_MANY_ARRAY = _union(SERVICE.c.patient == _ARRAY, COVERAGE.c.patient == _ARRAY)


def _events(of_version: Any) -> Any:
    v = VERSION.c
    found = sa.select(v.patient, v.claim_id, v.event, v.replaces).where(of_version)
    return found.order_by(v.claim_id, v.version)


_EVENTS_JSON = _events(VERSION.c.patient.in_(_LISTED.scalar_subquery()))
_EVENTS_ARRAY = _events(VERSION.c.patient == _ARRAY)


class _Adder:
    """Turns rows into entries; what repeats from row to row is made once."""

    def __init__(self) -> None:
        self.provider = lru_cache(maxsize=1 << 14)(_provider)

    def entry(self, row: Columns, patient: str) -> Entry:
        (_, _, claim_id, number, day, expires_on, procedure, modifiers, units, place, diagnoses,
         npi, group, payer, status, control, documentation) = row  # fmt: skip
        # By position: keywords would cost a fifth of the speed of a batch.
        line = Line(
            number if number > 0 else 0,
            procedure,
            day,
            read_words(modifiers) if modifiers else (),
            read_units(units),
            place,
            read_words(diagnoses) if diagnoses else (),
            None,
            self.provider(npi, group),
            None,
            None,
            None,
            None,
            read_facts(documentation),
        )
        known = None if claim_id[:1] == "?" else claim_id
        service = Service(patient, line, known, payer, group, status)
        return Entry(service, claim_id, status, control, expires_on)


def _provider(npi: str | None, group: str | None) -> Provider | None:
    return Provider(npi=npi, group=group) if npi else None


def _complete(row: Columns, patient: str) -> Complete:
    _, _, source, _, first, last, procedures, own, providers, *_ = row
    coverage = Coverage(patient, first, last, _listed(providers), own == "own", _listed(procedures))
    return Complete(coverage, source)


def _listed(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(json.loads(text))


def _of(complete: Complete, patient: str) -> Complete:
    return Complete(replace(complete.coverage, patient_id=patient), complete.source)
