"""Where a service was done and whose claim it is: derived from the form, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from engine.model.claim import Claim, Line, Provider

Kind: TypeAlias = Literal["professional", "facility"]

SURGERY_CENTRE = "ambulatory_surgical_center"
HOSPITAL = "hospital_outpatient"

SURGERY_CENTRE_SPECIALTY = "49"
SURGERY_CENTRE_TAXONOMY = "261QA1903X"
SURGERY_CENTRE_PLACE = "24"
SURGERY_CENTRE_MODIFIER = "SG"

_BY_PLACE = {"11": "office", "19": HOSPITAL, "22": HOSPITAL, "24": SURGERY_CENTRE}
# Bill type 85x is the outpatient bill of a critical access hospital.
_BY_BILL = {"13": HOSPITAL, "85": HOSPITAL, "83": SURGERY_CENTRE}


def facility_type(claim: Claim, line: Line | None = None) -> tuple[str | None, str]:
    """The facility type of a line and why; None where neither place nor bill type is known.

    One of office, hospital_outpatient, ambulatory_surgical_center, other. What the claim itself
    says comes first, then the type of bill, then the line's place of service. Without a line the
    place is the one that all lines share.
    """
    if claim.facility_type:
        return claim.facility_type, "the claim gives it"
    if claim.type_of_bill:
        found = _BY_BILL.get(claim.type_of_bill[:2], "other")
        return found, f"type of bill {claim.type_of_bill}"
    place = line.place_of_service if line is not None else _shared_place(claim)
    if place:
        return _BY_PLACE.get(place, "other"), f"place of service {place}"
    return None, "neither place of service nor type of bill is given"


def claim_kind(claim: Claim) -> tuple[Kind | None, str]:
    """Whether the practitioner or the facility bills, and why.

    Medicare's surgery centres bill on the professional form with place of service 24, so that
    their claims look like the physician's: specialty 49, the centre's taxonomy or modifier SG
    tells them apart, and without any of these the kind is unknown (None).
    """
    if claim.form == "institutional":
        return "facility", "the claim is on the institutional form"
    if claim.type_of_bill:
        return "facility", f"type of bill {claim.type_of_bill}"
    mark = _surgery_centre_mark(claim)
    if mark:
        return "facility", mark
    return _professional_form(claim)


def _professional_form(claim: Claim) -> tuple[Kind | None, str]:
    if any(facility_type(claim, line)[0] == SURGERY_CENTRE for line in claim.lines):
        known = [p for p in _providers(claim) if p.specialty or p.taxonomy]
        if not known:
            return None, (
                "the service was in a surgery centre, and no specialty or taxonomy tells the "
                "centre's own claim from the physician's"
            )
        return "professional", "the providers' specialty or taxonomy is not a surgery centre's"
    if claim.form == "professional":
        return "professional", "the claim is on the professional form"
    for line in claim.lines:
        if line.place_of_service:
            return "professional", f"place of service {line.place_of_service}"
    if claim.facility_type == "office":
        return "professional", "the service was in an office"
    return None, "the form is not given"


def _surgery_centre_mark(claim: Claim) -> str | None:
    for provider in _providers(claim):
        if provider.specialty == SURGERY_CENTRE_SPECIALTY:
            return "specialty 49 is a surgery centre"
        if provider.taxonomy == SURGERY_CENTRE_TAXONOMY:
            return f"taxonomy {SURGERY_CENTRE_TAXONOMY} is a surgery centre"
    if any(SURGERY_CENTRE_MODIFIER in line.modifiers for line in claim.lines):
        return "modifier SG is a surgery centre's"
    return None


def _providers(claim: Claim) -> Iterator[Provider]:
    if claim.billing_provider is not None:
        yield claim.billing_provider
    for line in claim.lines:
        if line.rendering_provider is not None:
            yield line.rendering_provider


def _shared_place(claim: Claim) -> str | None:
    places = {line.place_of_service for line in claim.lines}
    return places.pop() if len(places) == 1 else None
