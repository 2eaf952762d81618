"""Builds a claim from the texts of a record: what was read before is taken, the rest is checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.batch.schemas import OF_CLAIM, OF_LINES
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
    claim = {**about, **{name: record[name] for name in ("patient", *OF_CLAIM)}}
    lines = [
        {**line, **{name: record[name][n] for name in OF_LINES}} for n, line in enumerate(body)
    ]
    return claim_in(claim, lines, record["file"], table=record["key"].startswith(TABLE))


def claim_in(
    claim: dict[str, Any], lines: list[dict[str, Any]], file: str, *, table: bool
) -> tuple[Claim | None, list[Problem]]:
    """The claim in the texts of its fields and of its lines' fields, by the names of a staged
    line. Of a table they are read as strictly as a claim of the contract; elsewhere a reader of
    claim files has checked them."""
    if table:
        return _checked(claim, lines, file)
    return _taken(claim, lines, file), []


def _checked(
    claim: dict[str, Any], body: list[dict[str, Any]], file: str
) -> tuple[Claim | None, list[Problem]]:
    where = Where(file)
    problems: list[Problem] = []
    name, identifier = claim["payer_name"], claim["payer_identifier"]
    data = {
        "claim_id": claim["claim_id"],
        "payer": {
            **{n: claim[n] for n in ("contractor", "plan", "state")},
            "id": claim["payer"] or name or identifier,
        },
        "patient": {
            "id": claim["patient"],
            "birth_date": claim["birth_date"],
            "sex": _sex(claim["sex"]),
        },
        "billing_provider": _provider(
            claim["billing_npi"],
            claim["billing_specialty"],
            claim["billing_taxonomy"],
            claim["group"],
        ),
        "diagnoses": _spread(claim["diagnoses"]),
        "lines": [_line(n, line) for n, line in enumerate(body)],
        "documentation": _documentation(claim, body, where, problems),
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


def _line(n: int, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": _number(line["number"]) if line["number"] else n + 1,
        "procedure": line["procedure"],
        "modifiers": _spread(line["modifiers"]),
        "units": _number(line["units"]),
        "service_date": line["service_date"],
        "place_of_service": line["place_of_service"],
        "diagnosis_pointers": [_number(p) for p in _spread(line["pointers"])],
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
    claim: dict[str, Any], body: list[dict[str, Any]], where: Where, problems: list[Problem]
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


def facts_at(text: str, where: Where) -> tuple[Mapping[str, Any], LineFacts]:
    """The facts of a claim and its lines in a JSON text that was read before."""
    data, problems = json_text.whole(text, where.file)
    return facts_in(Fields(data, ("claim", "lines"), where, problems))


def _taken(claim: dict[str, Any], body: list[dict[str, Any]], file: str) -> Claim:
    facts: tuple[Mapping[str, Any], LineFacts] = (NOTHING, {})
    if claim["documentation"]:
        facts = facts_at(claim["documentation"], Where(file))
    payer = Payer(
        claim["payer"],
        claim["contractor"],
        claim["plan"],
        claim["state"],
        claim["payer_name"],
        claim["payer_identifier"],
    )
    billing = _given(
        claim["billing_npi"], claim["billing_specialty"], claim["billing_taxonomy"],
        claim["group"],
    )  # fmt: skip
    return Claim(
        claim_id=claim["claim_id"],
        payer=payer,
        patient=Patient(claim["patient"], _date(claim["birth_date"]), claim["sex"]),
        lines=tuple(_taken_line(line, facts[1]) for line in body),
        form=claim["form"],
        stage=claim["stage"],
        replaces=claim["replaces"],
        frequency=claim["frequency"],
        type_of_bill=claim["type_of_bill"],
        billing_provider=billing,
        facility_type=claim["facility_type"],
        diagnoses=tuple(claim["diagnoses"] or ()),
        prior_authorization=claim["prior_authorization"],
        note=claim["note"],
        documentation=facts[0],
    )


def _taken_line(line: dict[str, Any], facts: LineFacts) -> Line:
    number = int(line["number"])
    charge = line["charge"]
    return Line(
        number=number,
        procedure=line["procedure"],
        service_date=date.fromisoformat(line["service_date"]),
        modifiers=tuple(line["modifiers"] or ()),
        units=_number(line["units"]),
        place_of_service=line["place_of_service"],
        diagnoses=tuple(line["pointers"] or ()),
        charge=None if charge is None else Decimal(charge),
        rendering_provider=_given(
            line["rendering_npi"], line["rendering_specialty"],
            line["rendering_taxonomy"], line["rendering_group"],
        ),
        revenue_code=line["revenue_code"],
        ndc=line["ndc"],
        prior_authorization=line["line_prior_authorization"],
        note=line["line_note"],
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
