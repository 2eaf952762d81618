"""Takes in a stream of claims, services, remittances and spans, some hundred in a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

from engine.ledger.events import recorder
from engine.ledger.faults import ClashError
from engine.ledger.record import AlsoConcernsError, Recorder, Told
from engine.ledger.remit import patients_of, record_remittances, settle
from engine.ledger.services import record_coverage, record_services
from engine.ledger.store import Ledger
from engine.model.claim import Claim, Coverage, Service
from engine.model.remittance import Remittance

Item: TypeAlias = Claim | Service | Coverage | Remittance
_T = TypeVar("_T")
BATCH = 1000
ATTEMPTS = 5


class Intake:
    """Records what one source says. `counts` tells what became of it, `refused` what was not
    taken, and why."""

    def __init__(self, ledger: Ledger, source: int) -> None:
        self.ledger = ledger
        self.source = source
        self.counts: Counter[str] = Counter()
        self.refused: list[Told] = []

    def take(self, items: Iterable[Item]) -> None:
        """Record every item, in order."""
        for batch in _batches(items):
            first = batch[0]
            if isinstance(first, Claim):
                self._claims([item for item in batch if isinstance(item, Claim)])
            elif isinstance(first, Service):
                self._services([item for item in batch if isinstance(item, Service)])
            elif isinstance(first, Remittance):
                self._remittances([item for item in batch if isinstance(item, Remittance)])
            else:
                self.complete([item for item in batch if isinstance(item, Coverage)])

    def complete(self, spans: list[Coverage], *, everyone: bool = False) -> None:
        """Record what is complete, of these patients or of every patient."""
        names = self.ledger.names
        patients = set() if everyone else {names.patient(span.patient_id) for span in spans}
        self.counts["spans"] += self._write(
            patients, lambda writer: record_coverage(writer, spans, everyone=everyone)
        )

    def _claims(self, claims: list[Claim]) -> None:
        names = self.ledger.names
        ids = {names.claim(claim.claim_id) for claim in claims}

        def write(writer: Recorder) -> list[Told]:
            told = writer.claims(claims)
            settle(writer, ids)
            return told

        told = self._write({names.patient(c.patient.id) for c in claims}, write)
        self._count("claims", told)

    def _services(self, services: list[Service]) -> None:
        patients = {self.ledger.names.patient(s.patient_id) for s in services}
        told = self._write(patients, lambda writer: record_services(writer, services))
        self._count("histories", told)

    def _remittances(self, found: list[Remittance]) -> None:
        with self.ledger.reading() as connection:
            ids = {self.ledger.names.claim(one.claim_id) for one in found}
            patients = patients_of(connection, ids)
        counts = self._write(patients, lambda writer: record_remittances(writer, found))
        self.counts.update({f"remittances {what}": n for what, n in counts.items()})

    def _count(self, what: str, told: list[Told]) -> None:
        for one in told:
            self.counts[f"{what} {one.what}"] += 1
            if one.what == "refused":
                self.refused.append(one)

    def _write(self, patients: set[str], work: Callable[[Recorder], _T]) -> _T:
        for attempt in range(ATTEMPTS):
            try:
                with self.ledger.writing(patients) as connection:
                    return work(recorder(self.ledger, connection, self.source, patients))
            except AlsoConcernsError as concerned:
                patients |= concerned.patients
            except ClashError:
                if attempt == ATTEMPTS - 1:
                    raise
        raise ClashError("other desks kept recording the same claims")


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Runs of items of one kind."""
    batch: list[Item] = []
    for item in items:
        if batch and (len(batch) >= BATCH or type(item) is not type(batch[0])):
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch
