"""What is billed and what was done before: claims, their lines, and the patient's history.

Field names follow the 837 and CMS-1500 vocabulary and are a public contract. ``None`` means
unknown (clause A24 of the language) except where a docstring says that absent means none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Amount: TypeAlias = int | Decimal
FactValue: TypeAlias = "bool | int | str | Decimal | date | tuple[FactValue, ...] | None"
"""A documented fact. ``None`` was looked for and is not in the record; an absent key is unknown."""

Form = Literal["professional", "institutional"]
Stage = Literal["billed", "planned"]
Status = Literal["paid", "denied", "submitted", "planned", "void"]

NOTHING: Mapping[str, FactValue] = {}


@dataclass(frozen=True, slots=True)
class Provider:
    """Someone who renders or bills: NPI, Medicare specialty code, NUCC taxonomy, group name."""

    npi: str | None = None
    specialty: str | None = None
    taxonomy: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who is asked to pay. `id` is a folder of ``policies/``; an 837 gives name and identifier."""

    id: str | None = None
    contractor: str | None = None
    plan: str | None = None
    state: str | None = None
    name: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Who was treated."""

    id: str
    birth_date: date | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One service line. Modifiers, diagnoses and authorization: empty means none.

    `diagnoses` are the codes that the line points to, in pointer order and with their dot;
    a line without pointers points to every diagnosis of its claim.
    """

    number: int
    procedure: str
    service_date: date
    modifiers: tuple[str, ...] = ()
    units: Amount | None = None
    place_of_service: str | None = None
    diagnoses: tuple[str, ...] = ()
    charge: Decimal | None = None
    rendering_provider: Provider | None = None
    revenue_code: str | None = None
    ndc: str | None = None
    prior_authorization: str | None = None
    note: str | None = None
    documentation: Mapping[str, FactValue] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. `documentation` holds facts about the claim; lines hold their own."""

    claim_id: str
    payer: Payer
    patient: Patient
    lines: tuple[Line, ...]
    form: Form | None = None
    stage: Stage = "billed"
    replaces: str | None = None
    frequency: str | None = None
    type_of_bill: str | None = None
    billing_provider: Provider | None = None
    facility_type: str | None = None
    diagnoses: tuple[str, ...] = ()
    prior_authorization: str | None = None
    note: str | None = None
    documentation: Mapping[str, FactValue] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the history: an earlier (or other) service of a patient.

    `line.number` is the contract's ``line``; `line.rendering_provider` its ``rendering_npi``.
    """

    patient_id: str
    line: Line
    claim_id: str | None = None
    payer: str | None = None
    group: str | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a history is known to hold of one patient, first and last day included.

    `complete_from` None: from the patient's first service on. `providers` None: all of them,
    else the groups whose services it holds; `own_group` marks a ledger that named nobody and so
    holds its own group only. `procedures` None: all, else names of code sets or codes.
    """

    patient_id: str
    complete_from: date | None = None
    complete_to: date | None = None
    providers: tuple[str, ...] | None = None
    own_group: bool = False
    procedures: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Everything known of what was done before, for any number of patients."""

    services: tuple[Service, ...] = ()
    coverage: tuple[Coverage, ...] = ()

    def of(self, patient_id: str) -> History:
        """The part about one patient."""
        return History(
            tuple(s for s in self.services if s.patient_id == patient_id),
            tuple(c for c in self.coverage if c.patient_id == patient_id),
        )
