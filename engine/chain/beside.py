"""The lines of a patient, each with all that rules read of it, as they stand beside one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from engine.chain.reads import GROUP, PROVIDER
from engine.model.claim import Claim, Line
from engine.model.facility import claim_kind

Values = tuple[Any, ...]
NAMES = (
    "modifiers", "diagnoses", "units", "place_of_service", "prior_authorization",
    "provider.specialty", "provider.taxonomy", PROVIDER, "charge", "service_date", "patient.age",
    "patient.sex", "patient.birth_date", "claim.form", "claim.stage", "claim.frequency",
    "claim.type_of_bill", "claim.facility_type", "claim.kind", "claim.payer", "claim.state",
    "claim.contractor", "claim.plan", GROUP,
)  # fmt: skip
"""The fields of a line as they stand in its `Values`."""
AT = {name: n for n, name in enumerate(NAMES)}


def values_of_claim(claim: Claim) -> Values:
    """What all lines of a claim have in common, from ``patient.sex`` on."""
    payer, billing = claim.payer, claim.billing_provider
    return (
        claim.patient.sex, claim.patient.birth_date, claim.form, claim.stage, claim.frequency,
        claim.type_of_bill, claim.facility_type, claim_kind(claim)[0], payer.id, payer.state,
        payer.contractor, payer.plan, billing.group if billing else None,
    )  # fmt: skip


def values_of(line: Line, claim: Claim, common: Values) -> Values:
    """What a line says, in the order of `NAMES`."""
    who, born, day, units = (
        line.rendering_provider, claim.patient.birth_date, line.service_date, line.units,
    )  # fmt: skip
    age = None
    if born is not None:
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return (
        line.modifiers,
        line.diagnoses,
        units if type(units) is int else str(units),
        line.place_of_service,
        bool(line.prior_authorization or claim.prior_authorization),
        *((None, None, None) if who is None else (who.specialty, who.taxonomy, who.npi)),
        line.charge,
        day,
        age,
        *common,
    )


class Beside(NamedTuple):
    """A line of a patient: where it stands, and what it says."""

    claim: int
    line: int
    number: int
    procedure: str
    date: date
    values: Values
    group: str | None
    payer: str | None
    claim_id: str


class Setting(NamedTuple):
    """A line among the others of its patient, its claim's first; `payable` says of the position
    of a line of the claim whether it is payable, as far as that is known."""

    own: Beside
    others: Sequence[Beside]
    payable: Callable[[int], bool | None]
