"""Claims, services and spans for tests of the ledger, with what matters filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from engine.chain.bound import BoundBook
from engine.cli.options import source_of
from engine.compiler.shelf import Shelf
from engine.ledger.entries import Entry, Record
from engine.ledger.events import source_id
from engine.ledger.history import records
from engine.ledger.intake import Intake, Item
from engine.ledger.store import Ledger
from engine.model.claim import (
    Claim,
    Coverage,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
    Status,
)

TODAY = date(2026, 6, 1)
PATIENT = "P-1"
EVERYTHING = Coverage(PATIENT)
MEDICARE = Payer("medicare", "palmetto", None, "NC")


def day(text: str) -> date:
    """A day written 2026-03-04."""
    return date.fromisoformat(text)


def claim(
    claim_id: str,
    on: str | Sequence[str],
    procedure: str = "20552",
    *,
    patient: str = PATIENT,
    payer: Payer = MEDICARE,
    group: str | None = "carolina-pain",
    npi: str | None = None,
    modifiers: tuple[str, ...] = (),
    **more: Any,
) -> Claim:
    """A claim with a line on each day."""
    days = [on] if isinstance(on, str) else on
    provider = Provider(npi=npi) if npi else None
    lines = tuple(
        Line(n, procedure, day(d), modifiers, 1, "11", ("M79.18",), rendering_provider=provider)
        for n, d in enumerate(days, 1)
    )
    billing = Provider(group=group) if group else None
    return Claim(claim_id, payer, Patient(patient), lines, billing_provider=billing, **more)


def service(
    on: str,
    procedure: str = "20552",
    *,
    status: Status | None = "paid",
    claim_id: str | None = None,
    number: int = 0,
    patient: str = PATIENT,
    payer: str | None = "medicare",
    group: str | None = "carolina-pain",
    npi: str | None = None,
    modifiers: tuple[str, ...] = (),
) -> Service:
    """One line of a history."""
    provider = Provider(npi=npi, group=group) if npi else None
    line = Line(number, procedure, day(on), modifiers, 1, "11", rendering_provider=provider)
    return Service(patient, line, claim_id, payer, group, status)


def take(ledger: Ledger, *items: Item) -> Intake:
    """Record items as one source."""
    intake = Intake(ledger, source_id(ledger, "test"))
    intake.take(items)
    return intake


def record(ledger: Ledger, patient: str = PATIENT) -> Record:
    """What the ledger knows of a patient."""
    with ledger.reading() as connection:
        return records(connection, ledger.names, [patient])[patient]


def lines(ledger: Ledger, patient: str = PATIENT) -> list[tuple[str, str, str | None]]:
    """Day, procedure and status of every line as it stands, by day."""
    entries: list[Entry] = record(ledger, patient).entries
    return sorted(
        (str(e.service.line.service_date), e.service.line.procedure, e.status) for e in entries
    )


@lru_cache(maxsize=4)
def book(payer: str, contractor: str | None = None) -> BoundBook:
    """A payer's rule book of the policies shipped."""
    return BoundBook(Shelf(source_of(None)).book(payer, contractor, None))
