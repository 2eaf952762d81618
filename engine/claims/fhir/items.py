"""The service lines of a FHIR claim: its items, and services that stand in their details."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.claims.fhir import service
from engine.claims.fhir.care_team import CareTeam
from engine.claims.fhir.coded import DRUGS, first_in
from engine.claims.fhir.diagnoses import Diagnoses, pointed_to
from engine.claims.fhir.element import Element, refuse_changed
from engine.claims.fhir.place import place
from engine.claims.fhir.supporting import Supporting
from engine.model.claim import Form, Line

_BELOW = ("detail", "subDetail")


@dataclass(frozen=True, slots=True)
class Around:
    """What the items of a claim share."""

    claim: Element
    form: Form | None
    place: str | None
    diagnoses: Diagnoses
    team: CareTeam
    supporting: Supporting


def lines(around: Around) -> tuple[Line, ...]:
    """The lines of a claim, numbered by the sequence of the items.

    Where details are the services, all lines are numbered from 1 in their order.
    """
    found: list[Line] = []
    seen: set[int] = set()
    items = around.claim.all("item")
    if not items:
        around.claim.error("item", "no-lines", "the claim has no items")
    parts = [(item, list(_services(item))) for item in items]
    grouped = any(below != [item] for item, below in parts if below)
    for position, (item, below) in enumerate(parts, 1):
        number = item.count("sequence") or position
        if number in seen and not grouped:
            item.error("sequence", "duplicate-line", f"two items have the sequence {number}")
        seen.add(number)
        for each in below:
            line = _line(around, item, each, len(found) + 1 if grouped else number)
            if line is not None:
                found.append(line)
    return tuple(found)


def _services(item: Element, below: tuple[str, ...] = _BELOW) -> Iterator[Element]:
    """The services of an item: itself, or those in its details where its own code groups them."""
    parts = item.all(below[0]) if below else []
    nested = any(map(service.is_billable, parts)) or any(
        service.is_billable(sub) for part in parts for name in below[1:] for sub in part.all(name)
    )
    refuse_changed(item)
    if not nested:
        _tell_rest(parts)
        yield item
    elif service.is_billable(item):
        message = "the item and its details both bear procedure codes: which are billed is not told"
        item.error(below[0], "nested-services", message, "send every service as an item of its own")
    else:
        message = "the item groups services; each of its details is a line, numbered from 1"
        item.warn("", "grouped-services", message)
        for part in parts:
            yield from _services(part, below[1:])


def _tell_rest(parts: list[Element]) -> None:
    for part in parts:
        if first_in(service.concept_of(part), DRUGS) is None:
            message = "a detail without a procedure or drug code is not read"
            part.warn("", "unread-detail", message)


def _line(around: Around, item: Element, given: Element, number: int) -> Line | None:
    """One line; what only items bear comes from the item, the rest from the service `given`."""
    revenue = service.revenue_code(given)
    procedure = service.procedure(given, revenue)
    day = service.day(item, around.claim, around.form == "institutional")
    rest: dict[str, Any] = {
        "modifiers": service.modifiers(given),
        "units": service.units(given),
        "place_of_service": place(item, around.place),
        "diagnoses": pointed_to(item, around.diagnoses),
        "charge": service.charge(given),
        "rendering_provider": around.team.performer(item),
        "ndc": service.drug(given),
        "note": around.supporting.note_of(item),
    }
    if procedure is None or day is None:
        return None
    return Line(number, procedure, day, revenue_code=revenue, **rest)
