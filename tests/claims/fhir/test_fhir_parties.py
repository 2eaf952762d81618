"""Who was treated, who performed, and where."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.claim import Line, Provider
from tests.claims.fhir.build import (
    CARIN,
    NPI,
    PLACE,
    TERMS,
    bundle,
    claim,
    coded,
    item,
    numbered,
    one,
    resources,
    to,
    typed,
    without,
)

MOTHER = {"resourceType": "Patient", "id": "s", "gender": "female"}


def line(**changes: Any) -> Line:
    return one(claim(item=[item(**changes)])).lines[0]


def test_who_performed() -> None:
    def member(sequence: int, npi: str, role: str | None) -> dict[str, Any]:
        found = {"sequence": sequence, "provider": {"identifier": numbered(NPI, npi)}}
        return found | ({"role": coded(CARIN + "C4BBClaimCareTeamRole", role)} if role else {})

    def npi(team: list[dict[str, Any]], own: list[int] | None) -> str | None:
        found = one(claim(careTeam=team, item=[item(careTeamSequence=own)])).lines[0]
        return found.rendering_provider.npi if found.rendering_provider else None

    a, b, biller = "1245319599", "1992999882", "1234567893"
    two = [member(1, a, "performing"), member(2, b, "performing")]
    assert npi(two, [2]) == b
    assert npi(two, None) is None
    assert npi([member(1, a, "primary"), member(2, b, "rendering")], [1, 2]) == b
    assert npi([member(1, a, "referring"), member(2, b, "rendering")], [1]) == b
    assert npi([member(1, a, None)], [1]) == a
    assert npi([member(1, a, "referring")], None) == biller
    assert npi([], None) == biller


def test_places() -> None:
    assert line(locationCodeableConcept=coded(PLACE, "22")).place_of_service == "22"
    own = {"resourceType": "Location", "id": "l", "type": [coded(PLACE, "19")]}
    contained = claim(contained=[own], facility=to("#l"))
    contained["item"] = [without(item(), "locationCodeableConcept")]
    assert one(contained).lines[0].place_of_service == "19"
    contained["item"] = [without(item(locationReference=to("#l")), "locationCodeableConcept")]
    assert one(without(contained, "facility")).lines[0].place_of_service == "19"
    assert (
        one(claim(item=[without(item(), "locationCodeableConcept")])).lines[0].place_of_service
        is None
    )


@pytest.mark.parametrize(
    ("coverage", "patient", "expected"),
    [
        ({}, {}, "M1"),
        ({"relationship": coded(TERMS + "r", "child")}, {}, "M1/19/1955-03-01"),
        ({"relationship": coded(TERMS + "r", "parent")}, {}, "M1/parent/1955-03-01"),
        ({"relationship": None, "subscriber": to("Patient/p")}, {}, "M1"),
        (
            {"relationship": None, "subscriber": to("#s"), "contained": [MOTHER]},
            {},
            "M1/-/1955-03-01",
        ),
        ({"beneficiary": to("Patient/p")}, {}, "M1"),
        (
            {"relationship": coded(TERMS + "r", "child"), "identifier": [typed("MB", "M1-02")]},
            {},
            "M1-02",
        ),
        ({"subscriberId": None}, {}, "R77"),
        ({"subscriberId": None}, {"identifier": [typed("MR", "R"), typed("MC", "B5")]}, "B5"),
        (
            {"subscriberId": None},
            {"identifier": [numbered("http://hl7.org/fhir/sid/us-mbi", "B6")]},
            "B6",
        ),
    ],
)
def test_who_the_patient_is(coverage: Any, patient: Any, expected: str) -> None:
    found = one(bundle(resources(Coverage=coverage, Patient=patient)))
    assert found.patient.id == expected


def test_a_role_bills_by_its_organization_and_renders_by_its_practitioner() -> None:
    found = resources()
    found[-1]["provider"] = to("PractitionerRole/role")
    whole = one(bundle(found))
    assert whole.billing_provider is not None
    assert whole.billing_provider.npi == "1234567893"
    assert whole.lines[0].rendering_provider == Provider("1245319599", taxonomy="207LP2900X")
