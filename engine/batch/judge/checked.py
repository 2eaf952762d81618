"""Reads the texts of a table, which nobody has checked, as strictly as a claim of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.claims import json_text
from engine.claims.fields import Fields
from engine.claims.record import (
    CLAIM_FIELDS,
    LINE_FIELDS,
    claim_from,
    diagnoses_from,
    line_from,
    patient_from,
)
from engine.claims.where import Where
from engine.model.claim import Claim, Line, Patient
from engine.model.problem import Problem

Texts = Mapping[str, Any]
"""The texts of a claim's fields or of a line's, by the names that they have when staged."""


def read_claim(
    claim: Texts, lines: list[dict[str, Any]], file: str
) -> tuple[Claim | None, list[Problem]]:
    """A claim and what is wrong with it; None if it cannot be judged."""
    where = Where(file)
    problems: list[Problem] = []
    name, identifier = claim["payer_name"], claim["payer_identifier"]
    data = {
        "claim_id": claim["claim_id"],
        "payer": {
            **{n: claim[n] for n in ("contractor", "plan", "state")},
            "id": claim["payer"] or name or identifier,
        },
        "patient": _patient(claim),
        "billing_provider": _provider(
            claim["billing_npi"],
            claim["billing_specialty"],
            claim["billing_taxonomy"],
            claim["group"],
        ),
        "diagnoses": _spread(claim["diagnoses"]),
        "lines": [_line(n, line) for n, line in enumerate(lines)],
        "documentation": _documentation(claim, lines, where, problems),
        "form": None if _lower(claim["form"]) in UNTOLD else _lower(claim["form"]),
        **{n: _lower(claim[n]) for n in ("stage", "facility_type")},
        **{n: claim[n] for n in _AS_THEY_ARE},
    }
    read, found = claim_from(data, where)
    problems += found
    if read is None or any(p.severity == "error" for p in problems):
        return None, problems
    payer = replace(read.payer, id=claim["payer"], name=name, identifier=identifier)
    return replace(read, payer=payer), problems


_AS_THEY_ARE = ("frequency", "type_of_bill", "replaces", "prior_authorization", "note")


def read_patient(claim: Texts, problems: list[Problem]) -> Patient:
    """The patient of a claim; what is wrong is added to the problems."""
    return patient_from(Fields({"patient": _patient(claim)}, CLAIM_FIELDS, _ANYWHERE, problems))


def read_diagnoses(claim: Texts, problems: list[Problem]) -> tuple[str, ...]:
    """The diagnoses of a claim; what is wrong is added to the problems."""
    data = {"diagnoses": _spread(claim["diagnoses"])}
    return diagnoses_from(Fields(data, CLAIM_FIELDS, _ANYWHERE, problems))


def read_line(line: Texts, diagnoses: tuple[str, ...], problems: list[Problem]) -> Line | None:
    """The line of a claim that has no other, but for its documentation; what is wrong is added
    to the problems."""
    return line_from(Fields(_line(0, line), LINE_FIELDS, _ANYWHERE, problems), diagnoses)


_ANYWHERE = Where("")


def _patient(claim: Texts) -> dict[str, str | None]:
    birth_date, sex = claim["birth_date"], _sex(claim["sex"])
    return {"id": claim["patient"], "birth_date": birth_date, "sex": sex}


def _line(n: int, line: Texts) -> dict[str, Any]:
    return {
        "number": number(line["number"]) if line["number"] else n + 1,
        "procedure": line["procedure"],
        "modifiers": _spread(line["modifiers"]),
        "units": number(line["units"]),
        "service_date": line["service_date"],
        "place_of_service": line["place_of_service"],
        "diagnosis_pointers": [number(p) for p in _spread(line["pointers"])],
        "charge": line["charge"],
        "rendering_provider": _provider(
            line["rendering_npi"],
            line["rendering_specialty"],
            line["rendering_taxonomy"],
            line["rendering_group"],
        ),
        "revenue_code": line["revenue_code"],
        "ndc": line["ndc"],
        "prior_authorization": line["line_prior_authorization"],
        "note": line["line_note"],
    }


def _provider(
    npi: str | None, specialty: str | None, taxonomy: str | None, group: str | None
) -> dict[str, str | None] | None:
    given = {"npi": npi, "specialty": specialty, "taxonomy": taxonomy, "group": group}
    return given if any(given.values()) else None


def _spread(values: list[str | None] | None) -> list[str]:
    """The codes of a list; a cell may hold several with a space, a comma or the like between."""
    found: list[str] = []
    for value in values or ():
        if value:
            for mark in ",;|":
                value = value.replace(mark, " ")
            found += value.split()
    return found


def number(text: str | None) -> Any:
    """A number in a text, whole where it can be; a text that is none stays one."""
    if text is None or not text.strip():
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return text
    return int(value) if value.is_finite() and value == value.to_integral_value() else value


def _lower(text: str | None) -> str | None:
    return text.strip().casefold() if text else None


UNTOLD = ("undetermined", "unknown", "other")
_SEXES = {"female": "F", "male": "M", "unknown": "U"}


def _sex(text: str | None) -> str | None:
    return _SEXES.get(text.strip().casefold(), text.strip().upper()) if text else None


def _documentation(
    claim: Texts, body: list[dict[str, Any]], where: Where, problems: list[Problem]
) -> Any:
    given = _json(claim["documentation"], where, problems) or {}
    for n, line in enumerate(body):
        facts = _json(line["line_documentation"], where, problems)
        if facts is not None and isinstance(given, dict):
            given.setdefault("lines", {})[str(line["number"] or n + 1)] = facts
    return given or None


def _json(text: str | None, where: Where, problems: list[Problem]) -> Any:
    if text is None or not text.strip():
        return None
    value, wrong = json_text.whole(text, where.file)
    problems += wrong
    return value
