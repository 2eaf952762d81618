"""Where the services were done: place of service and state, of the claim and of its items."""

from __future__ import annotations

from engine.claims import codes
from engine.claims.fhir.coded import PLACES, code_in, codings
from engine.claims.fhir.element import Element
from engine.claims.fhir.parties import state_of
from engine.claims.fhir.referred import Referred, refer

_NOUN = "a place of service"


def facility(claim: Element) -> tuple[str | None, str | None]:
    """Place of service and state of the claim's facility."""
    referred = refer(claim, "facility", "Location", "Organization")
    if referred is None or referred.resource is None:
        return None, None
    return _place_of(referred), state_of(referred.resource)


def place(item: Element, otherwise: str | None) -> str | None:
    """The place of service of an item; that of the claim's facility where it says none."""
    concept = item.below("locationCodeableConcept")
    if concept is not None:
        return code_in(concept, PLACES, codes.place_of_service, _NOUN)
    referred = refer(item, "locationReference", "Location")
    found = _place_of(referred) if referred is not None else None
    return found or otherwise


def _place_of(referred: Referred) -> str | None:
    """The place of service among a location's types, which hold other systems, too."""
    location = referred.resource
    if location is None or referred.type != "Location":
        return None
    for concept in location.all("type"):
        if any(system in PLACES for system, _ in codings(concept)):
            return code_in(concept, PLACES, codes.place_of_service, _NOUN)
    return None
