"""Faults of what a claim refers to, and what never stands in a message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.fhir.build import (
    NPI,
    PLACE,
    TERMS,
    Json,
    bundle,
    coded,
    numbered,
    read,
    resources,
    to,
    told,
)

OTHER = {"resourceType": "Patient", "id": "o", "gender": "male"}
REFERRED: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"Coverage": {"beneficiary": to("#o"), "contained": [OTHER]}},
        "error",
        "wrong-beneficiary",
        "entry[1], Coverage.beneficiary",
    ),
    ({"Patient": {"birthDate": "1955"}}, "warning", "bad-date", "entry[0], Patient.birthDate"),
    ({"Patient": {"gender": 1}}, "error", "wrong-type", "entry[0], Patient.gender"),
    ({"Coverage": {"payor": 7}}, "error", "wrong-type", "entry[1], Coverage.payor"),
    ({"Organization": {"name": 7}}, "error", "wrong-type", "entry[2], Organization.name"),
    (
        {"Practitioner": {"identifier": [numbered(NPI, "1245319590")]}},
        "warning",
        "npi-check-digit",
        "entry[4], Practitioner.identifier[0].value",
    ),
    (
        {"PractitionerRole": {"practitioner": to("Patient/p")}},
        "error",
        "wrong-resource",
        "entry[5], PractitionerRole.practitioner",
    ),
    (
        {"Location": {"type": [coded(PLACE, "office")]}},
        "error",
        "bad-code",
        "entry[6], Location.type[0]",
    ),
    (
        {
            "Patient": {"birthDate": None},
            "Coverage": {"relationship": coded(TERMS + "subscriber-relationship", "child")},
        },
        "warning",
        "no-birth-date",
        "entry[1], Coverage.relationship",
    ),
]


@pytest.mark.parametrize(("changes", "severity", "fault", "element"), REFERRED)
def test_of_a_resource_that_the_claim_refers_to(
    changes: Json, severity: str, fault: str, element: str
) -> None:
    assert (severity, fault, f"Bundle.{element}, claim PM-7") in told(bundle(resources(**changes)))


def test_no_message_holds_what_only_the_patient_has() -> None:
    secret = "Zebedee"
    person: Json = {
        "birthDate": secret,
        "identifier": [{"value": secret}],
        "id": secret,
        "name": [{"family": secret}],
        "gender": secret,
        "address": secret,
    }
    found = resources(Patient=person)
    found[-1]["patient"] = to(f"Patient/{secret}") | {"display": secret}
    for data in (bundle(found), bundle(found[1:]), found[-1]):
        assert secret not in str(read(data)[1])
