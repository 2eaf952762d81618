"""Turns the examples of rules into claims and histories, as clause A28 says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from engine.claims.documentation import check_facts
from engine.model.claim import (
    Claim,
    Coverage,
    FactValue,
    Form,
    History,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
    Stage,
)
from engine.model.problem import Location
from engine.model.vocabulary import Fact

PATIENT, NPI, GROUP = "patient", "1234567893", "one-group"


@dataclass(frozen=True)
class Scene:
    """A claim with its history, and which other lines are payable."""

    claim: Claim
    history: History
    given: dict[int, bool]


def scene(example: Mapping[str, Any], begins: date, payer: str, facts: Mapping[str, Fact]) -> Scene:
    """What an example describes; `begins` is the first day of the rule."""
    raw = [example["line"], *example.get("lines", [])]
    on = _day(raw[0].get("service_date")) or begins
    lines = tuple(_line(data, place + 1, on, facts) for place, data in enumerate(raw))
    about, patient = example.get("claim", {}), example.get("patient", {})
    claim = Claim(
        claim_id="example",
        payer=Payer(payer, about.get("contractor"), about.get("plan"), about.get("state")),
        patient=Patient(PATIENT, _day(patient.get("birth_date")), patient.get("sex")),
        lines=lines,
        form=cast(Form, about.get("form", "professional")),
        stage=cast(Stage, about.get("stage", "billed")),
        frequency=about.get("frequency"),
        type_of_bill=about.get("type_of_bill"),
        billing_provider=Provider(npi=NPI, group=GROUP),
        facility_type=about.get("facility_type"),
        diagnoses=tuple(dict.fromkeys(code for line in lines for code in line.diagnoses)),
        prior_authorization=about.get("prior_authorization"),
        documentation=_facts(example.get("documentation"), facts),
    )
    given = {
        line.number: data["outcome"] == "payable"
        for line, data in zip(lines, raw, strict=True)
        if "outcome" in data
    }
    return Scene(claim, _history(example, on, payer, facts), given)


def _line(data: Mapping[str, Any], number: int, on: date, facts: Mapping[str, Fact]) -> Line:
    provider = {"npi": NPI, "group": data.get("group", GROUP), **data.get("rendering_provider", {})}
    return Line(
        number=data.get("number", number),
        procedure=data["procedure"],
        service_date=_day(data.get("service_date")) or on,
        modifiers=tuple(data.get("modifiers", [])),
        units=data.get("units", 1),
        place_of_service=data.get("place_of_service"),
        diagnoses=tuple(data.get("diagnoses", [])),
        rendering_provider=Provider(**provider),
        prior_authorization=data.get("prior_authorization"),
        documentation=_facts(data.get("documentation"), facts),
    )


def _history(
    example: Mapping[str, Any], on: date, payer: str, facts: Mapping[str, Fact]
) -> History:
    services = tuple(
        Service(
            PATIENT,
            _line(data, place + 1, on, facts),
            data.get("claim_id", f"earlier-{place}"),
            data.get("payer", payer),
            data.get("group", GROUP),
            data.get("status", "paid"),
        )
        for place, data in enumerate(example.get("history", []))
    )
    providers = example.get("providers", "all")
    held = None if providers == "all" else tuple(providers)
    first, last = _day(example.get("complete_from")), _day(example.get("complete_to"))
    return History(services, (Coverage(PATIENT, first, last, held),))


def _facts(data: Any, facts: Mapping[str, Fact]) -> Mapping[str, FactValue]:
    given = {name: _frozen(value) for name, value in (data or {}).items()}
    found, problems = check_facts(given, facts, Location("example"))
    assert not problems
    return found


def _frozen(value: Any) -> FactValue:
    return tuple(value) if isinstance(value, list) else cast(FactValue, value)


def _day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(str(text))
