"""What each element of a Claim resource becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.model.claim import Claim, Line, Patient, Payer, Provider
from tests.claims.fhir.build import (
    BILL,
    CARIN,
    CPT,
    HCPCS,
    ICD_10,
    NDC,
    NPI,
    NUCC,
    PLACE,
    REVENUE,
    TERMS,
    bundle,
    claim,
    coded,
    item,
    numbered,
    one,
    read,
    resources,
    to,
    typed,
    without,
)

DOCTOR = Provider(npi="1245319599", taxonomy="208VP0014X")

MOTHER = {"resourceType": "Patient", "id": "s", "gender": "female"}


def line(**changes: Any) -> Line:
    return one(claim(item=[item(**changes)])).lines[0]


def test_a_claim_that_stands_alone() -> None:
    assert one(claim()) == Claim(
        "PM-7",
        Payer(name="MEDICARE PART B"),
        Patient("M1"),
        (
            Line(
                1,
                "64493",
                date(2026, 3, 4),
                ("KX",),
                1,
                "11",
                ("M47.816",),
                Decimal(410),
                DOCTOR,
            ),
        ),
        "professional",
        billing_provider=Provider(npi="1234567893", group="1234567893"),
        diagnoses=("M47.816",),
    )


def test_a_bundle_with_everything_that_a_claim_refers_to() -> None:
    assert one(bundle(resources())) == Claim(
        "PM-7",
        Payer(plan="PPO-1", state="VA", name="Aetna", identifier="60054"),
        Patient("M1", date(1955, 3, 1), "F"),
        (
            Line(
                1,
                "64493",
                date(2026, 3, 4),
                ("KX",),
                1,
                "24",
                ("M54.16",),
                Decimal(410),
                Provider(npi="1245319599", taxonomy="207LP2900X"),
            ),
        ),
        "professional",
        billing_provider=Provider(npi="1234567893", taxonomy="261QP3300X", group="1234567893"),
        diagnoses=("M54.16",),
    )


def test_without_an_identifier_the_id_names_the_claim() -> None:
    assert one(without(claim(), "identifier")).claim_id == "c1"
    assert one(bundle([without(claim(), "identifier")])).claim_id == "c1"
    entry = {"fullUrl": "urn:uuid:0-1", "resource": without(claim(), "identifier", "id")}
    assert one({"resourceType": "Bundle", "entry": [entry]}).claim_id == "0-1"


@pytest.mark.parametrize(
    ("use", "stage"),
    [("claim", "billed"), ("preauthorization", "planned"), ("predetermination", "planned")],
)
def test_what_is_not_billed_yet_is_planned(use: str, stage: str) -> None:
    assert one(claim(use=use)).stage == stage


def test_an_institutional_claim() -> None:
    supporting = {
        "sequence": 1,
        "category": coded(CARIN + "C4BBSupportingInfoType", "typeofbill"),
        "code": coded(BILL, "0131"),
    }
    room = item(sequence=2, revenue=coded(REVENUE, "360"))
    room["productOrService"] = coded(TERMS + "data-absent-reason", "not-applicable")
    team = [
        {
            "sequence": number,
            "provider": {"identifier": numbered(NPI, npi)},
            "role": coded(CARIN + "C4BBClaimCareTeamRole", role),
        }
        for number, npi, role in [(1, "1234567893", "attending"), (2, "1245319599", "operating")]
    ]
    found = one(
        claim(
            type=coded(TERMS + "claim-type", "institutional"),
            supportingInfo=[supporting],
            careTeam=team,
            item=[item(revenue=coded(REVENUE, "0490")), without(room, "modifier")],
        )
    )
    assert (found.form, found.type_of_bill, found.frequency) == ("institutional", "131", "1")
    assert [(line.procedure, line.revenue_code) for line in found.lines] == [
        ("64493", "0490"),
        ("", "0360"),
    ]
    # The item names only the attending practitioner, although another one operated.
    assert found.lines[0].rendering_provider == Provider(npi="1234567893")
    whole = claim(type=coded(TERMS + "claim-type", "institutional"), careTeam=team)
    whole["item"] = [without(item(), "careTeamSequence")]
    assert one(whole).lines[0].rendering_provider == Provider(npi="1245319599")


def test_diagnoses_principal_first_and_those_apart_only_where_an_item_points() -> None:
    def entry(sequence: int, code: str, kind: str | None = None) -> dict[str, Any]:
        found = {"sequence": sequence, "diagnosisCodeableConcept": coded(ICD_10, code)}
        return found | ({"type": [coded(TERMS + "ex-diagnosistype", kind)]} if kind else {})

    given = [
        entry(3, "M79.18"),
        entry(1, "R52", "admitting"),
        entry(2, "m47816"),
        entry(4, "M54.16", "principal"),
    ]
    whole = one(claim(diagnosis=given, item=[item(diagnosisSequence=[3, 4])]))
    assert whole.diagnoses == ("M54.16", "M47.816", "M79.18")
    assert whole.lines[0].diagnoses == ("M79.18", "M54.16")
    pointed = one(claim(diagnosis=given, item=[item(diagnosisSequence=[1])]))
    assert pointed.diagnoses == ("M54.16", "R52", "M47.816", "M79.18")
    unpointed = one(claim(diagnosis=given, item=[without(item(), "diagnosisSequence")]))
    assert unpointed.lines[0].diagnoses == unpointed.diagnoses


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"net": {"value": 12.5}}, Decimal("12.5")),
        ({"net": None, "unitPrice": {"value": 12.5}, "quantity": {"value": 3}}, Decimal("37.50")),
        ({"net": None, "unitPrice": {"value": 10}, "factor": 0.5}, Decimal("5.00")),
        ({"net": {"value": 410.0}}, Decimal("410.00")),
        ({"net": None}, None),
        ({"net": None, "unitPrice": {"value": 10}, "quantity": None}, None),
    ],
)
def test_charges(changes: dict[str, Any], expected: Decimal | None) -> None:
    assert line(**changes).charge == expected


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"servicedDate": "2026-03-05"}, date(2026, 3, 5)),
        ({"servicedDate": None, "servicedPeriod": {"start": "2026-03-05"}}, date(2026, 3, 5)),
        (
            {
                "servicedDate": None,
                "servicedPeriod": {"start": "2026-03-05T09:30:00-05:00", "end": "2026-03-05"},
            },
            date(2026, 3, 5),
        ),
    ],
)
def test_service_dates(changes: dict[str, Any], day: date) -> None:
    assert line(**changes).service_date == day


def test_a_drug_beside_the_procedure_or_in_a_detail() -> None:
    both = {"coding": [{"system": HCPCS, "code": "J3301"}, {"system": NDC, "code": "0003-0293-05"}]}
    assert line(productOrService=both).ndc == "00003029305"
    detail = {"sequence": 1, "productOrService": coded(NDC, "00003029305")}
    found = line(productOrService=coded(HCPCS, "J3301"), detail=[detail])
    assert (found.procedure, found.ndc) == ("J3301", "00003029305")


def test_details_are_the_lines_where_the_item_only_groups_them() -> None:
    def part(code: str, sequence: int) -> dict[str, Any]:
        return {
            "sequence": sequence,
            "productOrService": coded(CPT, code),
            "net": {"value": sequence},
            "quantity": {"value": 2},
        }

    group = without(item(sequence=7, productOrService=coded("urn:x", "grp")), "modifier")
    deep = {"sequence": 2, "productOrService": coded("urn:x", "g"), "subDetail": [part("20553", 3)]}
    claims, problems = read(claim(item=[group | {"detail": [part("64493", 1), deep]}, item()]))
    assert [problem.id for problem in problems] == ["grouped-services"] * 2
    found = claims[0].lines
    assert [(x.number, x.procedure, x.charge, x.units) for x in found] == [
        (1, "64493", Decimal(1), 2),
        (2, "20553", Decimal(3), 2),
        (3, "64493", Decimal(410), 1),
    ]
    assert {(x.service_date, x.place_of_service, x.diagnoses) for x in found} == {
        (date(2026, 3, 4), "11", ("M47.816",))
    }


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


def test_authorizations_notes_and_the_claim_that_is_replaced() -> None:
    supporting = [
        {"sequence": 1, "category": coded(TERMS + "x", "info"), "valueString": "for the claim"},
        {"sequence": 2, "category": coded(TERMS + "x", "info"), "valueString": "for the line"},
    ]
    prior = {
        "relationship": coded(TERMS + "ex-relatedclaimrelationship", "prior"),
        "claim": {"identifier": {"value": "PM-6"}},
    }
    whole = claim(supportingInfo=supporting, related=[prior])
    whole["insurance"][0]["preAuthRef"] = ["AUTH1"]
    whole["item"] = [item(informationSequence=[2])]
    found = one(whole)
    assert (found.prior_authorization, found.replaces) == ("AUTH1", "PM-6")
    assert (found.note, found.lines[0].note) == ("for the claim", "for the line")
    assert one(claim(related=[without(prior, "claim") | {"reference": {"value": "F8"}}])).replaces
    assert one(claim(related=[prior | {"claim": to("Claim/c0")}, prior][1:])).replaces == "PM-6"
    other = coded(TERMS + "ex-relatedclaimrelationship", "associated")
    assert one(claim(related=[prior | {"relationship": other}])).replaces is None


def test_the_replaced_claim_is_called_as_its_own_resource_is() -> None:
    old = claim(id="c0", identifier=[{"value": "PM-6"}])
    prior = coded(TERMS + "ex-relatedclaimrelationship", "prior")
    new = claim(related=[{"relationship": prior, "claim": to("Claim/c0")}])
    claims, problems = read(bundle([new, old]))
    assert problems == []
    assert [(c.claim_id, c.replaces) for c in claims] == [("PM-7", "PM-6"), ("PM-6", None)]


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


def test_a_claim_of_release_3_is_read_where_only_names_differ() -> None:
    old = without(item(service=coded(CPT, "64493")), "productOrService", "diagnosisSequence")
    old = without(old, "careTeamSequence") | {"diagnosisLinkId": [1], "careTeamLinkId": [1]}
    whole = claim(use="complete", item=[old])
    whole["insurance"] = whole["insurance"][0]
    assert one(whole) == one(claim())


def test_the_code_systems_that_stand_for_the_same() -> None:
    assert line(productOrService=coded("urn:oid:2.16.840.1.113883.6.12", "64493")).procedure
    assert line(productOrService=coded("https://www.ama-assn.org/go/cpt/", "64493")).procedure
    assert line(modifier=[coded(HCPCS.replace("http:", "https:"), "rt")]).modifiers == ("RT",)
    cms = {
        "sequence": 1,
        "diagnosisCodeableConcept": coded("http://hl7.org/fhir/sid/icd-10", "R52"),
    }
    assert one(claim(diagnosis=[cms])).diagnoses == ("R52",)
    assert NUCC.startswith("http://nucc")
