"""Builds a claim from the texts of a record: what was read before is taken, the rest is checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.claims import json_text
from engine.claims.documentation import ClaimRecord
from engine.claims.facts import LineFacts, facts_in
from engine.claims.fields import Fields
from engine.claims.record import claim_from
from engine.claims.where import Where
from engine.model.claim import NOTHING, Claim, Line, Patient, Payer, Provider
from engine.model.problem import Problem

Record = Mapping[str, Any]
TABLE = ":"
"""With this begins the key of a claim that comes from a table, whose texts nobody has checked."""


def claim_of(record: Record) -> tuple[Claim | None, list[Problem]]:
    """The claim of a record, and what is wrong with it; None if it cannot be judged."""
    about, body = json.loads(record["about"]), json.loads(record["body"])
    if record["key"].startswith(TABLE):
        return _checked(record, about, body)
    return _taken(record, about, body), []


def _checked(
    record: Record, about: dict[str, Any], body: list[dict[str, Any]]
) -> tuple[Claim | None, list[Problem]]:
    """A claim of a table, read as strictly as one of the contract."""
    where = Where(record["file"])
    problems: list[Problem] = []
    lines = [_line(record, n, line) for n, line in enumerate(body)]
    name, identifier = about["payer_name"], about["payer_identifier"]
    data = {
        "claim_id": record["claim_id"],
        "payer": {
            **{n: about[n] for n in ("contractor", "plan", "state")},
            "id": about["payer"] or name or identifier,
        },
        "patient": {
            "id": record["patient"],
            "birth_date": record["birth_date"],
            "sex": _sex(about["sex"]),
        },
        "billing_provider": _provider(
            record["billing_npi"],
            about["billing_specialty"],
            about["billing_taxonomy"],
            record["group"],
        ),
        "diagnoses": _spread(about["diagnoses"]),
        "lines": lines,
        "documentation": _documentation(about, body, where, problems),
        "form": None if _lower(about["form"]) in UNTOLD else _lower(about["form"]),
        **{n: _lower(about[n]) for n in ("stage", "facility_type")},
        **{n: about[n] for n in ("frequency", "type_of_bill")},
        **{n: record[n] for n in ("replaces", "prior_authorization", "note")},
    }
    claim, found = claim_from(data, where)
    problems += found
    if claim is None or any(p.severity == "error" for p in problems):
        return None, problems
    payer = replace(claim.payer, id=about["payer"], name=name, identifier=identifier)
    return replace(claim, payer=payer), problems


def _line(record: Record, n: int, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": _number(line["number"]) if line["number"] else n + 1,
        "procedure": line["procedure"],
        "modifiers": _spread(line["modifiers"]),
        "units": _number(line["units"]),
        "service_date": record["service_date"][n],
        "place_of_service": line["place_of_service"],
        "diagnosis_pointers": [_number(p) for p in _spread(line["pointers"])],
        "charge": record["charge"][n],
        "rendering_provider": _provider(
            record["rendering_npi"][n],
            line["rendering_specialty"],
            line["rendering_taxonomy"],
            record["rendering_group"][n],
        ),
        "revenue_code": line["revenue_code"],
        "ndc": line["ndc"],
        "prior_authorization": record["line_prior_authorization"][n],
        "note": record["line_note"][n],
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


def _number(text: str | None) -> Any:
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
    about: dict[str, Any], body: list[dict[str, Any]], where: Where, problems: list[Problem]
) -> Any:
    given = _json(about["documentation"], where, problems) or {}
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


def facts_at(text: str, where: Where) -> tuple[Mapping[str, Any], LineFacts]:
    """The facts of a claim and its lines in a JSON text that was read before."""
    data, problems = json_text.whole(text, where.file)
    return facts_in(Fields(data, ("claim", "lines"), where, problems))


def _taken(record: Record, about: dict[str, Any], body: list[dict[str, Any]]) -> Claim:
    """A claim that a reader of claim files has checked."""
    facts: tuple[Mapping[str, Any], LineFacts] = (NOTHING, {})
    if about["documentation"]:
        facts = facts_at(about["documentation"], Where(record["file"]))
    payer = Payer(
        about["payer"],
        about["contractor"],
        about["plan"],
        about["state"],
        about["payer_name"],
        about["payer_identifier"],
    )
    billing = _given(
        record["billing_npi"], about["billing_specialty"], about["billing_taxonomy"],
        record["group"],
    )  # fmt: skip
    return Claim(
        claim_id=record["claim_id"],
        payer=payer,
        patient=Patient(record["patient"], _date(record["birth_date"]), about["sex"]),
        lines=tuple(_taken_line(record, n, line, facts[1]) for n, line in enumerate(body)),
        form=about["form"],
        stage=about["stage"],
        replaces=record["replaces"],
        frequency=about["frequency"],
        type_of_bill=about["type_of_bill"],
        billing_provider=billing,
        facility_type=about["facility_type"],
        diagnoses=tuple(about["diagnoses"] or ()),
        prior_authorization=record["prior_authorization"],
        note=record["note"],
        documentation=facts[0],
    )


def _taken_line(record: Record, n: int, line: dict[str, Any], facts: LineFacts) -> Line:
    number = int(line["number"])
    charge = record["charge"][n]
    return Line(
        number=number,
        procedure=line["procedure"],
        service_date=date.fromisoformat(record["service_date"][n]),
        modifiers=tuple(line["modifiers"] or ()),
        units=_number(line["units"]),
        place_of_service=line["place_of_service"],
        diagnoses=tuple(line["pointers"] or ()),
        charge=None if charge is None else Decimal(charge),
        rendering_provider=_given(
            record["rendering_npi"][n], line["rendering_specialty"],
            line["rendering_taxonomy"], record["rendering_group"][n],
        ),
        revenue_code=line["revenue_code"],
        ndc=line["ndc"],
        prior_authorization=record["line_prior_authorization"][n],
        note=record["line_note"][n],
        documentation=facts.get(number, NOTHING),
    )  # fmt: skip


def _given(*parts: str | None) -> Provider | None:
    return Provider(*parts) if any(parts) else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def record_of(text: str) -> ClaimRecord:
    """What a documentation file states of a claim, from the text in which it was kept."""
    data, _ = json_text.whole(text, "")
    where = Where(data["at"]["file"], data["at"]["line"])
    about = {"claim": data["claim"], "lines": data["lines"]}
    return ClaimRecord(where, *facts_in(Fields(about, ("claim", "lines"), where, [])))
