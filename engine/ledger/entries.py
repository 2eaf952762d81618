"""What a ledger knows of one patient, as values: services, what is complete, and who says so.

Nothing here needs a database: workers that judge elsewhere take these values with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from engine.model.claim import Claim, Coverage, History, Service, Status

if TYPE_CHECKING:
    from engine.ledger.names import Names


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as the ledger holds it. `service` is what a policy is to see of it."""

    service: Service
    claim_id: str
    status: Status | None
    payer_control: str | None
    expires_on: date | None

    def held(self, today: date) -> bool:
        """Whether this is a planned service that keeps its place."""
        return self.status == "planned" and (self.expires_on is None or today <= self.expires_on)

    @property
    def counted(self) -> Service:
        """The service as it counts: a planned one like those that the payer has before it."""
        return _reserved(self.service) if self.status == "planned" else self.service

    def billed_by(self, claim: Claim) -> bool:
        """Whether this is a planned service, and the claim bills it."""
        if self.status != "planned" or claim.stage == "planned":
            return False
        line = self.service.line
        return self.service.payer == claim.payer.id and any(
            line.procedure == x.procedure and line.service_date == x.service_date
            for x in claim.lines
        )


@dataclass(frozen=True, slots=True)
class Complete:
    """A span that is known to be complete, and who says so."""

    coverage: Coverage
    source: str


@dataclass
class Record:
    """What the ledger knows of one patient."""

    patient_id: str
    entries: list[Entry] = field(default_factory=list)
    complete: list[Complete] = field(default_factory=list)

    def standing(self, today: date) -> list[Entry]:
        """All but planned services that lost their place."""
        return [e for e in self.entries if e.status != "planned" or e.held(today)]

    def history(
        self, today: date, claim: Claim | None = None, names: Names | None = None
    ) -> History:
        """The history for a claim: planned services that keep their place count like those that
        the payer has before it; what the claim replaces or was held for it is left out."""
        services = tuple(
            e.counted
            for e in self.standing(today)
            if not (claim is not None and self._own(e, claim, names))
        )
        return History(services, tuple(c.coverage for c in self.complete))

    def _own(self, entry: Entry, claim: Claim, names: Names | None) -> bool:
        given = [c for c in (claim.claim_id, claim.replaces) if c]
        own = {names.claim(c) for c in given} if names else set(given)
        if entry.claim_id in own or (entry.payer_control in own and claim.replaces):
            return True
        return entry.billed_by(claim)


def joined(own: History, beside: History, names: Names | None = None) -> History:
    """A ledger's history and one that was given beside it; lines that both tell count once, as
    the ledger tells them. `names` are those of the ledger where it hashes claim ids."""
    if not beside.services and not beside.coverage:
        return own
    known = Lines(own.services)
    spelled = names.claim if names else str
    more = tuple(
        s for s in beside.services if not known.hold(s, s.claim_id and spelled(s.claim_id))
    )
    return History(own.services + more, own.coverage + beside.coverage)


class Lines:
    """Lines of claims, to be asked whether a service is one of them: by claim and number, or by
    day and procedure where one of the two has no number."""

    def __init__(self, services: Iterable[Service]) -> None:
        named = [s for s in services if s.claim_id]
        self._numbers = {(s.claim_id, s.line.number) for s in named if s.line.number}
        self._days = {_day(s, s.claim_id) for s in named}
        self._loose = {_day(s, s.claim_id) for s in named if not s.line.number}

    def hold(self, service: Service, claim_id: str | None) -> bool:
        """Whether a service of the claim of this id, as it is spelled here, is among them."""
        if not claim_id:
            return False
        if service.line.number and (claim_id, service.line.number) in self._numbers:
            return True
        return _day(service, claim_id) in (self._loose if service.line.number else self._days)


def _day(service: Service, claim_id: str | None) -> tuple[str | None, str, date]:
    return claim_id, service.line.procedure, service.line.service_date


def _reserved(service: Service) -> Service:
    return replace(service, status="submitted")
