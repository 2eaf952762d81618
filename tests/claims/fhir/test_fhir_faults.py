"""One fault each: its severity, its name and the element in which it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.fhir.build import (
    BILL,
    CARIN,
    CPT,
    HCPCS,
    ICD_10,
    NDC,
    NPI,
    PLACE,
    REVENUE,
    SNOMED,
    TERMS,
    Json,
    bundle,
    claim,
    coded,
    item,
    numbered,
    read,
    resources,
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

DATES = {"servicedDate": None}
ITEMS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"sequence": "1"}, "error", "wrong-type", "sequence"),
    ({"sequence": True}, "error", "wrong-type", "sequence"),
    ({"productOrService": None}, "error", "missing-field", "productOrService"),
    (
        {"productOrService": {"text": "facet block"}},
        "error",
        "unknown-system",
        "productOrService",
    ),
    ({"productOrService": coded(SNOMED, "1")}, "error", "unknown-system", "productOrService"),
    ({"productOrService": coded(CPT, "6449")}, "error", "bad-code", "productOrService"),
    ({"productOrService": coded(None, "64493")}, "warning", "no-code-system", "productOrService"),
    (
        {
            "productOrService": {
                "coding": [{"system": CPT, "code": "64493"}, {"system": HCPCS, "code": "G0260"}]
            }
        },
        "error",
        "two-codes",
        "productOrService",
    ),
    ({"productOrService": {"coding": "64493"}}, "error", "wrong-type", "productOrService.coding"),
    ({"modifier": [coded(HCPCS, "RTX")]}, "error", "bad-modifier", "modifier[0]"),
    ({"modifier": [coded(TERMS + "modifiers", "a")]}, "error", "unknown-system", "modifier[0]"),
    (DATES, "error", "no-service-date", ""),
    ({"servicedDate": "2026-03"}, "error", "bad-date", "servicedDate"),
    ({"servicedDate": "2026-02-30"}, "error", "bad-date", "servicedDate"),
    ({"servicedDate": "2026-03-04 at noon"}, "error", "bad-date", "servicedDate"),
    ({"servicedDate": 20260304}, "error", "bad-date", "servicedDate"),
    (
        DATES | {"servicedPeriod": {"start": "2026-03-04", "end": "2026-03-06"}},
        "warning",
        "date-range",
        "servicedPeriod",
    ),
    (
        DATES | {"servicedPeriod": {"start": "2026-03-04", "end": "2026-03-03"}},
        "error",
        "bad-date",
        "servicedPeriod",
    ),
    (
        DATES | {"servicedPeriod": {"end": "2026-03-04"}},
        "error",
        "no-service-date",
        "servicedPeriod.start",
    ),
    (
        {"locationCodeableConcept": coded(PLACE, "1")},
        "error",
        "bad-code",
        "locationCodeableConcept",
    ),
    (
        {"locationCodeableConcept": coded(SNOMED, "22")},
        "error",
        "unknown-system",
        "locationCodeableConcept",
    ),
    ({"quantity": {"value": -1}}, "error", "negative-units", "quantity.value"),
    ({"quantity": {"value": "1"}}, "error", "wrong-type", "quantity.value"),
    ({"quantity": {"value": 10**12}}, "error", "bad-number", "quantity.value"),
    ({"quantity": {"value": 40, "unit": "min"}}, "warning", "minutes", "quantity.unit"),
    ({"net": {"value": -5}}, "error", "bad-money", "net.value"),
    ({"net": {"value": 10**40}}, "error", "bad-money", "net.value"),
    ({"net": {"value": 1.005}}, "error", "bad-money", "net.value"),
    ({"net": 410}, "error", "wrong-type", "net"),
    ({"net": {"value": 5, "currency": "CAD"}}, "warning", "currency", "net.currency"),
    (
        {"net": None, "unitPrice": {"value": 10**14}, "quantity": {"value": 10**8}},
        "error",
        "bad-money",
        "unitPrice",
    ),
    ({"revenue": coded(REVENUE, "36")}, "error", "bad-code", "revenue"),
    ({"diagnosisSequence": [2]}, "error", "bad-pointer", "diagnosisSequence"),
    ({"diagnosisSequence": ["1"]}, "error", "wrong-type", "diagnosisSequence"),
    ({"careTeamSequence": [9]}, "error", "bad-pointer", "careTeamSequence"),
    ({"modifierExtension": [{}]}, "error", "modifier-extension", "modifierExtension"),
    (
        {"detail": [{"productOrService": coded(CPT, "20552")}]},
        "error",
        "nested-services",
        "detail",
    ),
    ({"detail": [{"sequence": 1}]}, "warning", "unread-detail", "detail[0]"),
    (
        {"detail": [{"productOrService": coded(NDC, "12")}]},
        "warning",
        "bad-code",
        "detail[0].productOrService",
    ),
    (
        {"detail": [{"productOrService": coded(NDC, f"0000302930{n}")} for n in (4, 5)]},
        "warning",
        "repeated-drug",
        "detail",
    ),
]


def place(element: str, below: str = "Claim") -> str:
    return f"{below}.{element}, claim PM-7" if element else f"{below}, claim PM-7"


# What follows from the fault is told, too.
POINTER = ("error", "bad-pointer", place("item[0].diagnosisSequence"))
ALSO = {
    "patient.identifier.value": ("error", "no-patient", place("patient")),
    "diagnosis": POINTER,
    "productOrService.coding": ("error", "unknown-system", place("item[0].productOrService")),
}


@pytest.mark.parametrize(("changes", "severity", "fault", "element"), CLAIMS)
def test_of_the_claim(changes: Json, severity: str, fault: str, element: str) -> None:
    also = [ALSO[element]] if element in ALSO else [POINTER] if fault == "bad-code" else []
    also = [] if element.startswith("supportingInfo") else also
    assert told(claim(**changes)) == [(severity, fault, place(element)), *also]


@pytest.mark.parametrize(("changes", "severity", "fault", "element"), ITEMS)
def test_of_an_item(changes: Json, severity: str, fault: str, element: str) -> None:
    also = [ALSO[element]] if element in ALSO else []
    found = told(claim(item=[item(**changes)]))
    assert found == [(severity, fault, place(element, "Claim.item[0]")), *also]


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


def test_the_billable_period_stands_in_for_service_dates() -> None:
    undated = without(item(), "servicedDate")
    month = {"start": "2026-03-01", "end": "2026-03-31"}
    expected = ("warning", "no-service-date", place("item[0]"))
    whole = claim(item=[undated], billablePeriod=month)
    assert told(whole) == [("error", "no-service-date", place("item[0]"))]
    assert told(whole | {"billablePeriod": month | {"end": "2026-03-01"}}) == [expected]
    institutional = whole | {"type": coded(TYPE, "institutional")}
    assert told(institutional) == [expected]
    assert str(read(institutional)[0][0].lines[0].service_date) == "2026-03-01"


def test_two_members_of_the_same_role_leave_open_who_performed() -> None:
    team = claim()["careTeam"] + [
        claim()["careTeam"][0]
        | {"sequence": 2, "provider": {"identifier": numbered(NPI, "1992999882")}}
    ]
    data = claim(careTeam=team, item=[item(careTeamSequence=[1, 2])])
    assert told(data) == [("warning", "two-performers", place("item[0].careTeamSequence"))]
    assert read(data)[0][0].lines[0].rendering_provider is None


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
