"""One fault each of the claim itself: its severity, its name and the element in which it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.fhir.build import (
    BILL,
    CARIN,
    ICD_10,
    NPI,
    SNOMED,
    TERMS,
    Json,
    claim,
    coded,
    item,
    numbered,
    place,
    read,
    to,
    told,
    without,
)

TYPE = TERMS + "claim-type"
PRIOR = coded(TERMS + "ex-relatedclaimrelationship", "prior")
TOTAL = {"value": 1, "currency": "USD"}


def diagnosis(**changes: Any) -> list[Json]:
    return [claim()["diagnosis"][0] | changes]


CLAIMS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"status": "entered-in-error"}, "error", "entered-in-error", "status"),
    ({"status": "on-hold"}, "error", "unknown-word", "status"),
    ({"status": 7}, "error", "wrong-type", "status"),
    ({"status": "cancelled"}, "warning", "cancelled", "status"),
    ({"status": "draft"}, "warning", "draft", "status"),
    ({"use": "other"}, "error", "unknown-word", "use"),
    ({"use": []}, "error", "wrong-type", "use"),
    ({"type": coded(TYPE, "oral")}, "error", "unread-claim-type", "type"),
    ({"type": coded(TYPE, "pharmacy")}, "error", "unread-claim-type", "type"),
    ({"type": coded(TYPE, "vision")}, "error", "unread-claim-type", "type"),
    ({"type": {"text": "professional"}}, "warning", "no-form", "type"),
    (
        {"type": {"coding": [{"code": "professional"}, {"code": "institutional"}]}},
        "error",
        "two-codes",
        "type",
    ),
    ({"modifierExtension": [{"url": "urn:x"}]}, "error", "modifier-extension", "modifierExtension"),
    ({"implicitRules": "urn:x"}, "error", "implicit-rules", "implicitRules"),
    (
        {"diagnosis": diagnosis(modifierExtension=[{}])},
        "error",
        "modifier-extension",
        "diagnosis[0].modifierExtension",
    ),
    ({"patient": {}}, "error", "no-patient", "patient"),
    ({"patient": to("Practitioner/1")}, "error", "wrong-resource", "patient"),
    ({"patient": "M1"}, "error", "wrong-type", "patient"),
    ({"patient": {"identifier": {"value": 7}}}, "error", "wrong-type", "patient.identifier.value"),
    ({"provider": None}, "error", "no-biller", "provider"),
    ({"insurer": None, "insurance": None}, "error", "no-payer", "insurer"),
    ({"patient": None}, "error", "no-patient", "patient"),
    (
        {"provider": {"identifier": numbered(NPI, "1234567890")}},
        "warning",
        "npi-check-digit",
        "provider.identifier.value",
    ),
    ({"insurer": {}, "insurance": []}, "warning", "unknown-payer", ""),
    (
        {"insurance": [{"coverage": {"display": "A"}}, {"coverage": {"display": "B"}}]},
        "warning",
        "no-focal",
        "insurance",
    ),
    (
        {"insurance": [{"focal": True, "coverage": {}, "preAuthRef": ["A", "B"]}]},
        "warning",
        "repeated-authorization",
        "insurance[0].preAuthRef",
    ),
    (
        {"insurance": [{"focal": True, "coverage": {}, "preAuthRef": [7]}]},
        "error",
        "wrong-type",
        "insurance[0].preAuthRef",
    ),
    ({"diagnosis": diagnosis() * 2}, "error", "duplicate-sequence", "diagnosis[1].sequence"),
    ({"diagnosis": diagnosis(sequence=0)}, "error", "wrong-type", "diagnosis[0].sequence"),
    (
        {"diagnosis": diagnosis(diagnosisCodeableConcept=coded(ICD_10, "LBP"))},
        "error",
        "bad-code",
        "diagnosis[0].diagnosisCodeableConcept",
    ),
    (
        {"diagnosis": diagnosis(diagnosisCodeableConcept=coded(None, "M47.816"))},
        "warning",
        "no-code-system",
        "diagnosis[0].diagnosisCodeableConcept",
    ),
    (
        {
            "diagnosis": diagnosis(
                diagnosisCodeableConcept=coded("http://hl7.org/fhir/sid/icd-9-cm", "724.2")
            )
        },
        "warning",
        "icd-9",
        "diagnosis[0].diagnosisCodeableConcept",
    ),
    (
        {
            "diagnosis": [
                *diagnosis(),
                {"sequence": 2, "diagnosisCodeableConcept": coded(SNOMED, "279039007")},
            ]
        },
        "warning",
        "unknown-system",
        "diagnosis[1].diagnosisCodeableConcept",
    ),
    ({"diagnosis": [*diagnosis(), {"sequence": 2}]}, "warning", "no-code", "diagnosis[1]"),
    ({"diagnosis": 7}, "error", "wrong-type", "diagnosis"),
    ({"careTeam": claim()["careTeam"] * 2}, "error", "duplicate-sequence", "careTeam[1].sequence"),
    ({"item": None}, "error", "no-lines", "item"),
    ({"item": [item(), 7]}, "error", "wrong-type", "item[1]"),
    ({"item": [item(), item()]}, "error", "duplicate-line", "item[1].sequence"),
    ({"total": TOTAL}, "warning", "total-charge", "total"),
    ({"total": {"value": 1, "currency": "EUR"}}, "warning", "currency", "total.currency"),
    ({"related": [{"relationship": PRIOR}]}, "warning", "unnamed-claim", "related[0]"),
    (
        {"related": [{"relationship": PRIOR, "reference": {"value": v}} for v in "ab"]},
        "warning",
        "two-replaced",
        "related",
    ),
    (
        {
            "related": [
                {"relationship": coded(CARIN + "C4BBRelatedClaimRelationshipCodes", "replacedby")}
            ]
        },
        "warning",
        "replaced",
        "related[0].relationship",
    ),
    (
        {"supportingInfo": [{"sequence": 1, "code": coded(BILL, "1x")}]},
        "error",
        "bad-code",
        "supportingInfo[0].code",
    ),
    (
        {"supportingInfo": [{"sequence": 1, "code": coded(BILL, "131")}]},
        "warning",
        "misplaced-bill",
        "supportingInfo",
    ),
    (
        {"supportingInfo": [{"sequence": 1, "valueString": 7}]},
        "error",
        "wrong-type",
        "supportingInfo[0].valueString",
    ),
    ({"facility": to("Patient/1")}, "error", "wrong-resource", "facility"),
]

# What follows from the fault is told, too.
POINTER = ("error", "bad-pointer", place("item[0].diagnosisSequence"))
ALSO = {
    "patient.identifier.value": ("error", "no-patient", place("patient")),
    "diagnosis": POINTER,
}


@pytest.mark.parametrize(("changes", "severity", "fault", "element"), CLAIMS)
def test_of_the_claim(changes: Json, severity: str, fault: str, element: str) -> None:
    also = [ALSO[element]] if element in ALSO else [POINTER] if fault == "bad-code" else []
    also = [] if element.startswith("supportingInfo") else also
    assert told(claim(**changes)) == [(severity, fault, place(element)), *also]


@pytest.mark.parametrize("name", ["status", "use"])
def test_what_is_required_and_missing_is_a_warning(name: str) -> None:
    assert told(without(claim(), name)) == [("warning", f"no-{name}", place(name))]


def test_a_claim_without_any_name() -> None:
    found = told(without(claim(), "identifier", "id"))
    assert found == [("error", "missing-field", "Claim.identifier")]


def test_a_text_that_cannot_be_written_out() -> None:
    found = told(claim(identifier=[{"value": "\ud800"}]))
    assert found == [("error", "bad-text", "Claim.identifier[0].value")]


def test_cancelled_is_a_void() -> None:
    (found,) = read(claim(status="cancelled"))[0]
    assert found.frequency == "8"
