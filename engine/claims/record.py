"""Turns one claim of the contract, already parsed from JSON or YAML, into the model's claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.claims import codes
from engine.claims.facts import documented
from engine.claims.fields import Fields
from engine.claims.where import Where, shown
from engine.model.claim import (
    NOTHING,
    Claim,
    FactValue,
    Form,
    Line,
    Patient,
    Payer,
    Provider,
    Stage,
)
from engine.model.problem import Problem

CLAIM_FIELDS = (
    "claim_id", "form", "stage", "replaces", "frequency", "type_of_bill", "payer", "patient",
    "billing_provider", "facility_type", "diagnoses", "prior_authorization", "note", "lines",
    "documentation",
)  # fmt: skip
LINE_FIELDS = (
    "number", "procedure", "modifiers", "units", "service_date", "place_of_service",
    "diagnosis_pointers", "charge", "rendering_provider", "revenue_code", "ndc",
    "prior_authorization", "note",
)  # fmt: skip
PAYER_FIELDS = ("id", "contractor", "plan", "state")
PATIENT_FIELDS = ("id", "birth_date", "sex")
PROVIDER_FIELDS = ("npi", "specialty", "taxonomy", "group")
FACILITY_TYPES = ("office", "hospital_outpatient", "ambulatory_surgical_center", "other")


def claim_from(data: Any, where: Where, ordinal: int = 1) -> tuple[Claim | None, list[Problem]]:
    """The claim in `data` and what is wrong with it; no claim if any problem is an error.

    `where` is where the claim stands; a claim without an id is called by its `ordinal`.
    """
    problems: list[Problem] = []
    if not isinstance(data, dict):
        message = "a claim must be an object with fields"
        return None, [where.named(f"claim number {ordinal}").problem("not-a-claim", message)]
    given = data.get("claim_id")
    name = given.strip() if isinstance(given, str) and given.strip() else f"number {ordinal}"
    where = where.named(f"claim {shown(name).strip('`')}")
    claim = _claim(Fields(data, CLAIM_FIELDS, where, problems))
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return claim, problems


def _claim(fields: Fields) -> Claim:
    diagnoses = diagnoses_from(fields)
    about_claim, about_lines = documented(fields)
    claim = Claim(
        claim_id=fields.text("claim_id", required=True) or "",
        form=cast("Form | None", fields.choice("form", ("professional", "institutional"))),
        stage=cast(Stage, fields.choice("stage", ("billed", "planned")) or "billed"),
        replaces=fields.text("replaces"),
        frequency=fields.text("frequency"),
        type_of_bill=fields.code("type_of_bill", codes.type_of_bill, "a type of bill"),
        payer=_payer(fields),
        patient=patient_from(fields),
        billing_provider=provider_from(fields, "billing_provider"),
        facility_type=fields.choice("facility_type", FACILITY_TYPES),
        diagnoses=diagnoses,
        prior_authorization=fields.text("prior_authorization"),
        note=fields.text("note"),
        lines=_lines(fields, diagnoses, about_lines),
        documentation=about_claim,
    )
    _check_lines(fields, claim, about_lines)
    return claim


def diagnoses_from(fields: Fields) -> tuple[str, ...]:
    """The claim's diagnoses in the field `diagnoses`."""
    return fields.codes("diagnoses", codes.diagnosis, "an ICD-10-CM code")


def _payer(fields: Fields) -> Payer:
    payer = fields.below("payer", PAYER_FIELDS, required=True)
    if payer is None:
        return Payer()
    return Payer(
        id=payer.text("id", required=True),
        contractor=payer.text("contractor"),
        plan=payer.text("plan"),
        state=payer.code("state", codes.state, "a state's two letters"),
    )


def patient_from(fields: Fields) -> Patient:
    """The patient in the field `patient`."""
    patient = fields.below("patient", PATIENT_FIELDS, required=True)
    if patient is None:
        return Patient("")
    sex = patient.text("sex")
    if sex not in (None, "F", "M", "U", "X"):
        patient.report("sex", "unknown-word", "`sex` is not one of F, M, U, X")
    return Patient(
        id=patient.text("id", required=True) or "",
        birth_date=patient.day("birth_date", private=True),
        sex=None if sex == "U" else sex,
    )


def provider_from(fields: Fields, name: str) -> Provider | None:
    """The provider in the field `name`."""
    provider = fields.below(name, PROVIDER_FIELDS)
    if provider is None:
        return None
    return Provider(
        npi=provider.npi("npi"),
        specialty=provider.text("specialty"),
        taxonomy=provider.text("taxonomy"),
        group=provider.text("group"),
    )


def _lines(
    fields: Fields, diagnoses: tuple[str, ...], documentation: Mapping[int, Any]
) -> tuple[Line, ...]:
    lines: list[Line] = []
    for position, data in fields.items("lines"):
        given = data.get("number") if isinstance(data, dict) else None
        number = position + 1 if given is None else given
        where = fields.where.inside("lines", position, place=f"line {shown(number).strip('`')}")
        if not isinstance(data, dict):
            message = "a line must be an object with fields"
            fields.problems.append(where.problem("wrong-type", message))
            continue
        known = Fields(data, LINE_FIELDS, where, fields.problems)
        about = documentation.get(number) if isinstance(number, int) else None
        line = line_from(known, diagnoses, about or NOTHING)
        if line is not None:
            lines.append(line)
    return tuple(lines)


def line_from(
    fields: Fields, diagnoses: tuple[str, ...], documentation: Mapping[str, FactValue] = NOTHING
) -> Line | None:
    """The service line in `fields`; None if its number, procedure or date cannot be read."""
    number = fields.whole("number", required=True)
    procedure = fields.code("procedure", codes.procedure, "a procedure code", required=True)
    day = fields.day("service_date", required=True)
    rest: dict[str, Any] = {
        "modifiers": fields.codes(
            "modifiers", codes.modifier, "a modifier of two characters", "bad-modifier"
        ),
        "units": fields.amount("units"),
        "place_of_service": fields.code(
            "place_of_service", codes.place_of_service, "a place of service of two digits"
        ),
        "diagnoses": _pointed(fields, diagnoses),
        "charge": fields.money("charge"),
        "rendering_provider": provider_from(fields, "rendering_provider"),
        "revenue_code": fields.code("revenue_code", codes.revenue_code, "a revenue code"),
        "ndc": fields.code("ndc", codes.ndc, "a national drug code"),
        "prior_authorization": fields.text("prior_authorization"),
        "note": fields.text("note"),
    }
    if number is None or procedure is None or day is None:
        return None
    return Line(number, procedure, day, documentation=documentation, **rest)


def _pointed(fields: Fields, diagnoses: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    given = fields.get("diagnosis_pointers")
    for _, pointer in fields.items("diagnosis_pointers"):
        if isinstance(pointer, bool) or not isinstance(pointer, int):
            message = f"the pointer {shown(pointer)} is not the number of a diagnosis"
            fields.report("diagnosis_pointers", "bad-pointer", message)
        elif not 1 <= pointer <= len(diagnoses):
            message = f"no diagnosis {shown(pointer)}: the claim gives {len(diagnoses)}"
            fields.report("diagnosis_pointers", "bad-pointer", message)
        else:
            found.append(diagnoses[pointer - 1])
    return tuple(found) if given else diagnoses


def _check_lines(fields: Fields, claim: Claim, about_lines: Mapping[int, Any]) -> None:
    if not claim.lines and not fields.problems:
        message = "the claim has no lines, so that there is nothing to judge"
        fields.report("lines", "no-lines", message)
    numbers = [line.number for line in claim.lines]
    for number in sorted({n for n in numbers if numbers.count(n) > 1}):
        fields.report("lines", "duplicate-line", f"line number {number} stands twice")
    given = fields.data.get("lines")
    if fields.problems or not isinstance(given, list):
        return
    for number in about_lines:
        if number not in numbers:
            fields.report(
                "documentation", "unknown-line", f"the claim has no line {number} to document"
            )
