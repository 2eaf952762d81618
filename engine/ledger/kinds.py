"""What a claim is to the ledger: an original, a replacement, a void or a hold."""

from __future__ import annotations

from datetime import date, timedelta

from engine.model.claim import Claim

DAYS_AFTER_SERVICE = 30
"""How long after its last service date a hold ends, unless another day is given."""
REPLACES, VOIDS = "7", "8"
OF_CLAIMS = ("claim", "replacement", "void claim", "hold")
"""Events by which a claim says itself what was done."""
STATES = (*OF_CLAIMS, "history")
"""Events that state what was done, rather than what became of it."""


def ends_on(claim: Claim, until: date | None = None) -> date | None:
    """The last day on which a hold keeps its place."""
    last = max((line.service_date for line in claim.lines), default=None)
    return until or (last and last + timedelta(days=DAYS_AFTER_SERVICE))


def frequency(claim: Claim) -> str | None:
    """The claim's frequency, else the last character of its type of bill."""
    if claim.frequency:
        return claim.frequency
    return claim.type_of_bill[-1] if claim.type_of_bill else None


def status_of(claim: Claim) -> str:
    """What becomes of a claim's lines when it is recorded."""
    if frequency(claim) == VOIDS:
        return "void"
    return "planned" if claim.stage == "planned" else "submitted"


def event_of(claim: Claim) -> str:
    """What recording a claim is called."""
    kind = frequency(claim)
    if kind == VOIDS:
        return "void claim"
    if kind == REPLACES or claim.replaces:
        return "replacement"
    return "hold" if claim.stage == "planned" else "claim"
