"""Holds: planned services that keep their place until they are billed, released or have ended."""

from __future__ import annotations

import sqlalchemy as sa

from engine.ledger.events import recorder
from engine.ledger.known import Known
from engine.ledger.rows import Row
from engine.ledger.schema import SERVICE
from engine.ledger.store import Ledger


def holds(ledger: Ledger, patient: str | None = None) -> list[Row]:
    """The lines that are held, ended or not; of one patient, or of all."""
    query = sa.select(SERVICE).where(SERVICE.c.current.is_(True), SERVICE.c.status == "planned")
    if patient is not None:
        query = query.where(SERVICE.c.patient == ledger.names.patient(patient))
    order = (SERVICE.c.service_date, SERVICE.c.claim_id, SERVICE.c.line)
    with ledger.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(query.order_by(*order))]


def release(ledger: Ledger, source: int, hold: str) -> bool:
    """End a hold by its claim id; whether there was one."""
    name = ledger.names.claim(hold)
    with ledger.reading() as connection:
        own = Known.of_ids(connection, [name]).versions(name)
    if not own:
        return False
    patients = {own[-1].patient}
    with ledger.writing(patients) as connection:
        known = Known.of_ids(connection, [name])
        rows = known.current_rows(connection, name)
        if not any(row["status"] == "planned" for row in rows):
            return False
        writer = recorder(ledger, connection, source, patients)
        writer.end_hold(name, "released", known)
        writer.flush()
    return True
