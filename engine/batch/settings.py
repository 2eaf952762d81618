"""What a worker must know to judge claims: all of it can be sent to another process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.documents.source import Source
from engine.model.claim import Coverage


@dataclass(frozen=True)
class Settings:
    """`complete_from` and `complete_to` are the days that the corpus is complete for, of every
    provider and procedure; without the first, nothing is said of that. `ledger_day` is the day on
    which a ledger was asked; None: none was."""

    source: Source
    known_on: date | None = None
    payer: str | None = None
    complete_from: date | None = None
    complete_to: date | None = None
    ledger_day: date | None = None

    def coverage(self, patient: str) -> Coverage | None:
        """What the corpus covers of a patient."""
        if self.complete_from is None:
            return None
        return Coverage(patient, self.complete_from, self.complete_to)
