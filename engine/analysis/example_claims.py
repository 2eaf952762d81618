"""Turns an example of a rule into a claim with its history (clause A28)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.claims.documentation import check_facts
from engine.compiler.library import day
from engine.model.claim import (
    Amount,
    Claim,
    Coverage,
    FactValue,
    History,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
)
from engine.model.problem import Location
from engine.model.vocabulary import Fact

NPI, GROUP, PATIENT = "1234567893", "example-group", "example-patient"
_OUTCOMES = {"payable": True, "denied": False, "undecided": None}


def claim_of(
    payer: str,
    example: Mapping[str, Any],
    begin: date | None,
    facts: Mapping[str, Fact],
    where: Location,
    faults: list[str],
) -> tuple[Claim, dict[int, Any]]:
    """The claim that an example stands for, and the outcomes of other lines that it states."""
    about, patient = example.get("claim") or {}, example.get("patient") or {}
    raw = [example.get("line") or {}, *(example.get("lines") or ())]
    on = day(raw[0].get("service_date")) or begin or date.today()  # noqa: DTZ011  # never reached: a policy has a `from`
    lines = [_line(data, n + 1, on, facts, where, faults) for n, data in enumerate(raw)]
    given = {
        line.number: _OUTCOMES[data["outcome"]]
        for line, data in zip(lines, raw, strict=True)
        if "outcome" in data
    }
    claim = Claim(
        claim_id="example",
        form=about.get("form", "professional"),
        stage=about.get("stage", "billed"),
        frequency=about.get("frequency"),
        type_of_bill=about.get("type_of_bill"),
        payer=Payer(payer, about.get("contractor"), about.get("plan"), about.get("state")),
        patient=Patient(PATIENT, day(patient.get("birth_date")), patient.get("sex")),
        billing_provider=Provider(npi=NPI, group=GROUP),
        facility_type=about.get("facility_type"),
        diagnoses=tuple(dict.fromkeys(d for line in lines for d in line.diagnoses)),
        prior_authorization=about.get("prior_authorization"),
        lines=tuple(lines),
        documentation=_facts(example.get("documentation"), facts, where, faults),
    )
    return claim, given


def _line(
    data: Mapping[str, Any],
    number: int,
    on: date,
    facts: Mapping[str, Fact],
    where: Location,
    faults: list[str],
) -> Line:
    provider = data.get("rendering_provider") or {}
    charge = data.get("charge")
    return Line(
        number=data.get("number", number),
        procedure=str(data.get("procedure")),
        service_date=day(data.get("service_date")) or on,
        modifiers=tuple(data.get("modifiers") or ()),
        units=_units(data),
        place_of_service=data.get("place_of_service"),
        diagnoses=tuple(data.get("diagnoses") or ()),
        charge=Decimal(str(charge)) if charge is not None else None,
        rendering_provider=Provider(**{"npi": NPI, "group": data.get("group", GROUP), **provider}),
        revenue_code=data.get("revenue_code"),
        ndc=data.get("ndc"),
        prior_authorization=data.get("prior_authorization"),
        note=data.get("note"),
        documentation=_facts(data.get("documentation"), facts, where, faults),
    )


def _units(data: Mapping[str, Any]) -> Amount | None:
    """One unit unless the example says otherwise, or says that it is not known."""
    units: Amount | None = data.get("units", 1)
    return units


def _facts(
    data: Mapping[str, Any] | None, facts: Mapping[str, Fact], where: Location, faults: list[str]
) -> Mapping[str, FactValue]:
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in (data or {}).items()}
    found, problems = check_facts(given, facts, where)
    faults += [p.message for p in problems]
    return found


def history_of(
    example: Mapping[str, Any],
    claim: Claim,
    facts: Mapping[str, Fact],
    where: Location,
    faults: list[str],
) -> History:
    """What was done before; an example's history is complete unless it says otherwise."""
    services = tuple(
        Service(
            patient_id=PATIENT,
            line=_line(data, 1, claim.lines[0].service_date, facts, where, faults),
            claim_id=data.get("claim_id", f"earlier-{n + 1}"),
            payer=data.get("payer", claim.payer.id),
            group=data.get("group", GROUP),
            status=data.get("status", "paid"),
        )
        for n, data in enumerate(example.get("history") or ())
    )
    providers = example.get("providers")
    coverage = Coverage(
        PATIENT,
        day(example.get("complete_from")),
        day(example.get("complete_to")),
        tuple(providers) if isinstance(providers, list) else None,
    )
    return History(services, (coverage,))
