"""Writes synthetic FHIR resources, changes them and reads what comes out."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

from engine.claims.read import read_claims
from engine.model.claim import Claim
from engine.model.problem import Problem

Json = dict[str, Any]
TERMS = "http://terminology.hl7.org/CodeSystem/"
CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem/"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm"
NPI = "http://hl7.org/fhir/sid/us-npi"
NDC = "http://hl7.org/fhir/sid/ndc"
NUCC = "http://nucc.org/provider-taxonomy"
PLACE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
REVENUE = "https://www.nubc.org/CodeSystem/RevenueCodes"
BILL = "https://www.nubc.org/CodeSystem/TypeOfBill"
SNOMED = "http://snomed.info/sct"


def coded(system: str | None, code: str) -> Json:
    """A CodeableConcept of one coding."""
    return {"coding": [{"code": code} | ({"system": system} if system else {})]}


def to(reference: str) -> Json:
    """A literal reference."""
    return {"reference": reference}


def numbered(system: str, value: str) -> Json:
    """An identifier."""
    return {"system": system, "value": value}


def typed(code: str, value: str) -> Json:
    """An identifier with a type of HL7 table 0203."""
    return {"type": coded(TERMS + "v2-0203", code), "value": value}


def item(**changes: Any) -> Json:
    """One service line: 64493-KX on 4 March 2026."""
    return {
        "sequence": 1,
        "careTeamSequence": [1],
        "diagnosisSequence": [1],
        "productOrService": coded(CPT, "64493"),
        "modifier": [coded(HCPCS, "KX")],
        "servicedDate": "2026-03-04",
        "locationCodeableConcept": coded(PLACE, "11"),
        "quantity": {"value": 1},
        "net": {"value": 410, "currency": "USD"},
    } | changes


def claim(**changes: Any) -> Json:
    """A claim that stands alone: what it refers to is told by identifiers in the references."""
    return {
        "resourceType": "Claim",
        "id": "c1",
        "identifier": [{"value": "PM-7"}],
        "status": "active",
        "type": coded(TERMS + "claim-type", "professional"),
        "use": "claim",
        "patient": {"identifier": typed("MB", "M1")},
        "created": "2026-03-04",
        "insurer": {"display": "MEDICARE PART B"},
        "provider": {"identifier": numbered(NPI, "1234567893")},
        "careTeam": [
            {
                "sequence": 1,
                "provider": {"identifier": numbered(NPI, "1245319599")},
                "role": coded(TERMS + "claimcareteamrole", "primary"),
                "qualification": coded(NUCC, "208VP0014X"),
            }
        ],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": coded(ICD_10, "M47.816")}],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "Part B"}}],
        "item": [item()],
    } | changes


def without(data: Json, *names: str) -> Json:
    """The object without some of its elements."""
    return {name: value for name, value in data.items() if name not in names}


def resources(**changes: Any) -> list[Json]:
    """A claim and everything that it refers to; a change of `Patient=` and so on adds to one."""
    found: list[Json] = [
        {
            "resourceType": "Patient",
            "id": "p",
            "identifier": [typed("MR", "R77")],
            "birthDate": "1955-03-01",
            "gender": "female",
        },
        {
            "resourceType": "Coverage",
            "id": "v",
            "subscriberId": "M1",
            "relationship": coded(TERMS + "subscriber-relationship", "self"),
            "payor": [to("Organization/ins")],
            "class": [
                {"type": coded(TERMS + "coverage-class", "group"), "value": "G9"},
                {"type": coded(TERMS + "coverage-class", "plan"), "value": "PPO-1"},
            ],
        },
        {
            "resourceType": "Organization",
            "id": "ins",
            "name": "Aetna",
            "identifier": [numbered(NPI, "1999999992"), typed("NIIP", "60054")],
        },
        {
            "resourceType": "Organization",
            "id": "org",
            "identifier": [numbered(NPI, "1234567893")],
            "type": [coded(NUCC, "261QP3300X")],
            "address": [{"city": "Raleigh"}, {"state": "nc"}],
        },
        {
            "resourceType": "Practitioner",
            "id": "doc",
            "identifier": [numbered(NPI, "1245319599")],
            "qualification": [{"code": coded(NUCC, "208VP0014X")}],
        },
        {
            "resourceType": "PractitionerRole",
            "id": "role",
            "practitioner": to("Practitioner/doc"),
            "organization": to("Organization/org"),
            "specialty": [coded(NUCC, "207LP2900X")],
        },
        {
            "resourceType": "Location",
            "id": "loc",
            "type": [coded(SNOMED, "1"), coded(PLACE, "24")],
            "address": {"state": "VA"},
        },
        {"resourceType": "Condition", "id": "cond", "code": coded(ICD_10, "M54.16")},
        claim(
            patient=to("Patient/p"),
            insurer=to("Organization/ins"),
            provider=to("Organization/org"),
            facility=to("Location/loc"),
            careTeam=[
                {
                    "sequence": 1,
                    "provider": to("PractitionerRole/role"),
                    "role": coded(CARIN + "C4BBClaimCareTeamRole", "rendering"),
                }
            ],
            diagnosis=[{"sequence": 1, "diagnosisReference": to("Condition/cond")}],
            insurance=[{"sequence": 1, "focal": True, "coverage": to("Coverage/v")}],
            item=[without(item(), "locationCodeableConcept")],
        ),
    ]
    return [copy.deepcopy(r | changes.get(str(r["resourceType"]), {})) for r in found]


def bundle(found: list[Json], server: str = "https://example.org/fhir/") -> Json:
    """A Bundle of resources under the addresses of a server."""
    entries = [{"fullUrl": f"{server}{r['resourceType']}/{r['id']}", "resource": r} for r in found]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def read(data: Any, name: str = "-") -> tuple[list[Claim], list[Problem]]:
    """The claims and problems of a value written as JSON, or of a text or bytes as they are."""
    text = data if isinstance(data, (str, bytes)) else json.dumps(data)
    content = text.encode() if isinstance(text, str) else text
    items = list(read_claims(name, io.BytesIO(content)))
    return (
        [found for found in items if isinstance(found, Claim)],
        [found for found in items if isinstance(found, Problem)],
    )


def one(data: Any) -> Claim:
    """The one claim of a value that has no fault at all."""
    claims, problems = read(data)
    assert problems == []
    assert len(claims) == 1
    return claims[0]


def told(data: Any) -> list[tuple[str, str, str | None]]:
    """Severity, id and place of each problem. There is a claim unless one is an error."""
    claims, problems = read(data)
    assert bool(claims) is all(problem.severity == "warning" for problem in problems)
    return [(p.severity, p.id, p.location.place) for p in problems]


def place(element: str, below: str = "Claim") -> str:
    """Where a problem of the claim PM-7 stands."""
    return f"{below}.{element}, claim PM-7" if element else f"{below}, claim PM-7"
