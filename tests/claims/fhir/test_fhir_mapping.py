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
    NPI,
    NUCC,
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
    without,
)

DOCTOR = Provider(npi="1245319599", taxonomy="208VP0014X")


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
