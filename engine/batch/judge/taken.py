"""Takes the texts of claims that a reader of claim files has checked as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.batch.judge.checked import Texts, number
from engine.claims import json_text
from engine.claims.facts import LineFacts, facts_in
from engine.claims.fields import Fields
from engine.claims.where import Where
from engine.model.claim import NOTHING, Claim, Line, Patient, Payer, Provider


def taken_claim(claim: Texts, lines: list[dict[str, Any]], file: str) -> Claim:
    """A claim."""
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
        patient=taken_patient(claim),
        lines=tuple(taken_line(line, facts[1]) for line in lines),
        form=claim["form"],
        stage=claim["stage"],
        replaces=claim["replaces"],
        frequency=claim["frequency"],
        type_of_bill=claim["type_of_bill"],
        billing_provider=billing,
        facility_type=claim["facility_type"],
        diagnoses=taken_diagnoses(claim),
        prior_authorization=claim["prior_authorization"],
        note=claim["note"],
        documentation=facts[0],
    )


def taken_patient(claim: Texts) -> Patient:
    """The patient of a claim."""
    return Patient(claim["patient"], _date(claim["birth_date"]), claim["sex"])


def taken_diagnoses(claim: Texts) -> tuple[str, ...]:
    """The diagnoses of a claim."""
    return tuple(claim["diagnoses"] or ())


def taken_line(line: Texts, facts: LineFacts) -> Line:
    """A line of a claim; its pointers are the codes to which it points."""
    own = int(line["number"])
    charge = line["charge"]
    return Line(
        number=own,
        procedure=line["procedure"],
        service_date=date.fromisoformat(line["service_date"]),
        modifiers=tuple(line["modifiers"] or ()),
        units=number(line["units"]),
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
        documentation=facts.get(own, NOTHING),
    )  # fmt: skip


def facts_at(text: str, where: Where) -> tuple[Mapping[str, Any], LineFacts]:
    """The facts of a claim and its lines in a JSON text that was read before."""
    data, problems = json_text.whole(text, where.file)
    return facts_in(Fields(data, ("claim", "lines"), where, problems))


def _given(*parts: str | None) -> Provider | None:
    return Provider(*parts) if any(parts) else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
