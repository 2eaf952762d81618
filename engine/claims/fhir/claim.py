"""Turns one Claim resource into the model's claim."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from engine.claims.fhir import service
from engine.claims.fhir.care_team import CareTeam
from engine.claims.fhir.coded import words_in
from engine.claims.fhir.diagnoses import diagnoses
from engine.claims.fhir.element import Element, refuse_changed
from engine.claims.fhir.insurance import authorization, focal
from engine.claims.fhir.items import Around, lines
from engine.claims.fhir.parties import biller, payer
from engine.claims.fhir.patient import treated
from engine.claims.fhir.place import facility
from engine.claims.fhir.referred import Referred, refer
from engine.claims.fhir.supporting import Supporting
from engine.claims.where import shown
from engine.model.claim import Claim, Form, Line, Stage

_VOID = "8"
_FORMS: dict[str, Form] = {"professional": "professional", "institutional": "institutional"}
_UNREAD_TYPES = ("oral", "pharmacy", "vision")
# `complete`, `proposed` and `exploratory` are the words of release 3.
_STAGES: dict[str, Stage] = {
    "claim": "billed",
    "complete": "billed",
    "preauthorization": "planned",
    "predetermination": "planned",
    "proposed": "planned",
    "exploratory": "planned",
}
# What may hold a modifier extension beside the items.
_PARTS = ("related", "careTeam", "supportingInfo", "diagnosis", "insurance")
_REPLACES = frozenset(("prior", "replaces"))
_REPLACED = frozenset(("replacedby", "replaced"))


def claim_of(claim: Element, url_id: str | None = None) -> Claim | None:
    """The claim in a Claim resource; None if one of its faults is an error.

    `url_id` is the id in the resource's fullUrl, which names a claim that has no id of its own.
    """
    faults = claim.faults
    claim_id = name_of(claim) or url_id
    faults.claim_id = claim_id
    if claim_id is None:
        claim.error("identifier", "missing-field", "the claim has neither identifier nor id")
    frequency = _status(claim)
    form, stage = _form(claim), _stage(claim)
    if faults.bad:
        # What it is must be known before its contents can be judged.
        return None
    found = _read(claim, claim_id or "", form, stage)
    if found is None or faults.bad:
        return None
    return replace(found, frequency=frequency) if frequency else found


def name_of(claim: Element) -> str | None:
    """What a claim is called: its first identifier, else its id."""
    for identifier in claim.all("identifier"):
        found = identifier.text("value")
        if found:
            return found
    return claim.text("id")


def _read(claim: Element, claim_id: str, form: Form | None, stage: Stage) -> Claim | None:
    for part in (claim, *(each for name in _PARTS for each in claim.all(name))):
        refuse_changed(part)
    insurance, coverage = focal(claim)
    provider, home_state = biller(claim)
    place, state = facility(claim)
    patient = treated(claim, coverage)
    supporting, known = Supporting(claim), diagnoses(claim)
    team = CareTeam(claim, form, provider)
    found = lines(Around(claim, form, place, known, team, supporting))
    addressed = payer(claim, coverage, state or home_state)
    _check_total(claim, found)
    if patient is None:
        return None
    bill = _bill(claim, form, supporting)
    return replace(
        Claim(claim_id, addressed, patient, found, form, stage),
        replaces=_replaces(claim),
        frequency=bill[-1] if bill else None,
        type_of_bill=bill,
        billing_provider=provider,
        diagnoses=known.every,
        prior_authorization=authorization(insurance),
        note=supporting.note,
    )


def _status(claim: Element) -> str | None:
    """The frequency that the status stands for: a cancelled claim is a void."""
    status = claim.text("status")
    if status == "entered-in-error":
        message = "the claim is marked entered-in-error: it was never meant, and is not read"
        claim.error("status", "entered-in-error", message, "send the claim that was meant")
    elif status == "cancelled":
        claim.warn("status", "cancelled", "the claim is cancelled: it is read as a void")
        return _VOID
    elif status == "draft":
        claim.warn("status", "draft", "the claim is a draft: it is read as if it were sent as is")
    elif status is None:
        if "status" not in claim.data:
            claim.warn("status", "no-status", "the claim has no status: it is read as active")
    elif status != "active":
        message = f"{shown(status[:20])} is not one of active, cancelled, draft, entered-in-error"
        claim.error("status", "unknown-word", message)
    return None


def _form(claim: Element) -> Form | None:
    kinds = words_in(claim.below("type"))
    forms = {_FORMS[kind] for kind in kinds if kind in _FORMS}
    if len(forms) == 1:
        return forms.pop()
    unread = next((kind for kind in _UNREAD_TYPES if kind in kinds), None)
    if forms:
        claim.error("type", "two-codes", "the claim is said to be professional and institutional")
    elif unread:
        message = f"this is a claim of the type {unread}, which is not read"
        hint = "professional and institutional claims are read"
        claim.error("type", "unread-claim-type", message, hint)
    else:
        message = "the type names neither the professional nor the institutional form"
        claim.warn("type", "no-form", message, "the form stays unknown")
    return None


def _stage(claim: Element) -> Stage:
    use = claim.text("use")
    if use is None:
        if "use" not in claim.data:
            claim.warn("use", "no-use", "the claim has no use: it is read as billed")
    elif use in _STAGES:
        return _STAGES[use]
    else:
        listed = "claim, preauthorization, predetermination"
        claim.error("use", "unknown-word", f"{shown(use[:20])} is not one of {listed}")
    return "billed"


def _bill(claim: Element, form: Form | None, supporting: Supporting) -> str | None:
    """The type of bill, which a professional claim does not have."""
    if supporting.type_of_bill is None or form != "professional":
        return supporting.type_of_bill
    message = "a professional claim has no type of bill; it is not used"
    claim.warn("supportingInfo", "misplaced-bill", message)
    return None


def _replaces(claim: Element) -> str | None:
    """The claim that this one takes the place of."""
    found: list[str] = []
    for related in claim.all("related"):
        words = words_in(related.below("relationship"))
        if words & _REPLACED:
            message = "another claim replaced this one; it is judged as it stands"
            related.warn("relationship", "replaced", message)
        elif words & _REPLACES and (name := _related(related)) is not None:
            found.append(name)
    if len(set(found)) > 1:
        claim.warn("related", "two-replaced", "a second claim that this replaces is not used")
    return found[0] if found else None


def _related(related: Element) -> str | None:
    referred = refer(related, "claim", "Claim")
    if referred is not None:
        found = _name_of_referred(referred)
        if found is not None:
            return found
    reference = related.below("reference")
    found = reference.text("value") if reference is not None else None
    if found is None:
        related.warn("", "unnamed-claim", "the prior claim is not named and not used")
    return found


def _name_of_referred(referred: Referred) -> str | None:
    if referred.resource is not None:
        return name_of(referred.resource)
    identifier = referred.reference.below("identifier")
    found = identifier.text("value") if identifier is not None else None
    return found or referred.logical_id


def _check_total(claim: Element, found: tuple[Line, ...]) -> None:
    total = service.money(claim, "total")
    if total is None or claim.faults.bad or any(line.charge is None for line in found):
        return
    charged = sum((line.charge for line in found if line.charge is not None), Decimal(0))
    if charged != total:
        message = f"the total is {total}, the lines charge {charged}"
        claim.warn("total", "total-charge", message)
