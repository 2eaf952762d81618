"""Decides about a claim and records it in one transaction, so that no desk can come between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from engine.ledger.entries import Record
from engine.ledger.events import recorder
from engine.ledger.faults import ClashError
from engine.ledger.history import records
from engine.ledger.record import AlsoConcernsError, Told
from engine.ledger.store import Ledger
from engine.model.claim import Claim

T = TypeVar("T")
ATTEMPTS = 5


def decide_and_record(
    ledger: Ledger,
    source: int,
    claim: Claim,
    decide: Callable[[Record], tuple[T, bool]],
    expires_on: date | None = None,
) -> tuple[T, Told | None]:
    """What `decide` answers on the patient's record, and what became of the claim.

    `decide` says, beside its answer, whether the claim is to be recorded; it is called within
    the transaction, and again if the transaction has to be repeated. None: not recorded.
    """
    patients = {ledger.names.patient(claim.patient.id)}
    for _ in range(ATTEMPTS):
        try:
            return _attempt(ledger, source, claim, decide, expires_on, patients)
        except AlsoConcernsError as concerned:
            patients |= concerned.patients
        except ClashError as error:
            clash = error
    raise clash


def _attempt(
    ledger: Ledger,
    source: int,
    claim: Claim,
    decide: Callable[[Record], tuple[T, bool]],
    expires_on: date | None,
    patients: set[str],
) -> tuple[T, Told | None]:
    patient = claim.patient.id
    with ledger.writing(patients) as connection:
        record = records(connection, ledger.names, [patient])[patient]
        answer, wanted = decide(record)
        if not wanted:
            return answer, None
        writer = recorder(ledger, connection, source, patients)
        writer.holds = any(entry.status == "planned" for entry in record.entries)
        return answer, writer.claims([claim], expires_on)[0]
