"""Bundles, lists and lines: what refers to what, what did not come along, and what is no claim."""

from __future__ import annotations

import io
import json

import pytest

from engine.claims.read import read_claims
from engine.model.claim import Claim, Payer
from tests.claims.fhir.build import (
    Json,
    bundle,
    claim,
    item,
    one,
    read,
    resources,
    to,
    told,
    without,
)


def by_uuid() -> Json:
    """The Bundle with urn:uuid addresses and without ids, as a message carries it."""
    found = resources()
    names = {f"{r['resourceType']}/{r['id']}": f"urn:uuid:0000-{n}" for n, r in enumerate(found)}
    text = json.dumps(found)
    for name, address in names.items():
        text = text.replace(f'"{name}"', f'"{address}"')
    entries = [
        {"fullUrl": address, "resource": without(resource, "id")}
        for address, resource in zip(names.values(), json.loads(text), strict=True)
    ]
    return {"resourceType": "Bundle", "type": "message", "entry": entries}


def all_contained() -> Json:
    """The claim with everything else inside it."""
    *others, whole = resources()
    text = json.dumps([*others, whole])
    for other in others:
        text = text.replace(f'"{other["resourceType"]}/{other["id"]}"', f'"#{other["id"]}"')
    *others, whole = json.loads(text)
    found: Json = whole | {"contained": others}
    return found


def absolute() -> Json:
    """The Bundle with the whole address in every reference, one of them to a version."""
    text = json.dumps(bundle(resources()))
    for name in ("Patient/p", "Organization/ins", "Coverage/v", "PractitionerRole/role"):
        text = text.replace(f'": "{name}"', f'": "https://example.org/fhir/{name}"')
    found: Json = json.loads(text.replace('Patient/p"}', 'Patient/p/_history/3"}'))
    return found


def test_every_way_to_refer_gives_the_same_claim() -> None:
    expected = one(bundle(resources()))
    assert one(by_uuid()) == expected
    assert one(all_contained()) == expected
    assert one(absolute()) == expected
    nameless = bundle(resources())
    for entry in nameless["entry"]:
        del entry["fullUrl"]
    assert one(nameless) == expected


def test_what_did_not_come_along_is_told_and_stays_unknown() -> None:
    alone = resources()[-1]
    alone["diagnosis"] = claim()["diagnosis"]
    assert told(alone) == [
        ("warning", "unresolved-reference", "Claim.insurance[0].coverage, claim PM-7"),
        ("warning", "unresolved-reference", "Claim.provider, claim PM-7"),
        ("warning", "unresolved-reference", "Claim.facility, claim PM-7"),
        ("warning", "unresolved-reference", "Claim.patient, claim PM-7"),
        ("warning", "patient-by-id", "Claim.patient, claim PM-7"),
        ("warning", "unresolved-reference", "Claim.careTeam[0].provider, claim PM-7"),
        ("warning", "unresolved-reference", "Claim.insurer, claim PM-7"),
        ("warning", "unknown-payer", "Claim, claim PM-7"),
    ]
    (found,) = read(alone)[0]
    assert (found.billing_provider, found.lines[0].rendering_provider) == (None, None)
    assert (found.payer, found.patient.id) == (Payer(), "p")


def test_a_diagnosis_that_did_not_come_along_is_not_taken_for_none() -> None:
    found = bundle([r for r in resources() if r["resourceType"] != "Condition"])
    place = "Bundle.entry[7], Claim.{}, claim PM-7"
    assert told(found) == [
        ("warning", "unresolved-reference", place.format("diagnosis[0].diagnosisReference")),
        ("warning", "no-code", place.format("diagnosis[0]")),
        ("error", "bad-pointer", place.format("item[0].diagnosisSequence")),
    ]


def test_a_reference_keeps_its_identifier_and_its_name() -> None:
    named = claim(
        patient=to("Patient/9") | claim()["patient"],
        insurer=to("Organization/9") | {"display": "Aetna"},
    )
    claims, problems = read(named)
    assert {problem.id for problem in problems} == {"unresolved-reference"}
    assert claims[0].patient.id == "M1"
    assert claims[0].payer == Payer(name="Aetna")
    by_coverage = without(claim(), "insurer")
    assert one(by_coverage).payer == Payer(name="Part B")
    by_id = claim(patient=to("Patient/9"))
    assert read(by_id)[0][0].patient.id == "9"


def test_the_name_of_a_patient_is_never_taken_for_a_payer() -> None:
    found = resources(Coverage={"payor": [to("Patient/p") | {"display": "SECRET"}]})
    del found[-1]["insurer"]
    claims, problems = read(bundle(found))
    assert claims[0].payer == Payer(plan="PPO-1", state="VA")
    assert "SECRET" not in f"{claims} {problems}"
    loose = bundle([found[1], found[-1]])
    assert "SECRET" not in str(read(loose))


def test_a_name_that_two_resources_bear_finds_neither() -> None:
    found = bundle(resources())
    other = json.loads(json.dumps(found["entry"][0]))
    other["resource"]["birthDate"] = "1990-01-01"
    found["entry"].append(other)
    claims, problems = read(found)
    assert [problem.id for problem in problems] == ["unresolved-reference"]
    assert claims[0].patient.birth_date is None
    found["entry"][-1] = found["entry"][0]
    assert one(found).patient.birth_date is not None


def test_several_claims_of_a_bundle_and_one_that_is_bad() -> None:
    found = [claim(id=f"c{n}", identifier=[{"value": f"PM-{n}"}]) for n in range(3)]
    found[1]["item"] = []
    claims, problems = read(bundle(found))
    assert [c.claim_id for c in claims] == ["PM-0", "PM-2"]
    assert [(p.id, str(p.location)) for p in problems] == [
        ("no-lines", "standard input (Bundle.entry[1], Claim.item, claim PM-1)")
    ]


def test_a_list_and_lines_of_claims() -> None:
    found = [claim(identifier=[{"value": f"PM-{n}"}]) for n in range(3)]
    found[1] = without(found[1], "patient")
    for text in (json.dumps(found, indent=1), "\n".join(map(json.dumps, found))):
        claims, problems = read(text)
        assert [c.claim_id for c in claims] == ["PM-0", "PM-2"]
        assert [(p.id, p.location.place) for p in problems] == [
            ("no-patient", "Claim.patient, claim PM-1")
        ]
        assert problems[0].location.line == (2 if text.count("\n") == 2 else 138)


def test_lines_are_told_once_of_what_did_not_come_along() -> None:
    rows = [claim(patient=to(f"Patient/{n}")) for n in range(50)]
    claims, problems = read("\n".join(map(json.dumps, rows)))
    assert len({c.patient.id for c in claims}) == len(claims) == 50
    assert [p.id for p in problems] == ["unresolved-reference", "patient-by-id"]


def test_lines_are_a_stream() -> None:
    class Endless(io.RawIOBase):
        """A file of claims that never ends."""

        row = json.dumps(claim()).encode() + b"\n"

        def read(self, size: int = -1) -> bytes:
            return self.row * (size // len(self.row) + 1)

    items = read_claims("-", Endless())  # type: ignore[arg-type]
    first = [next(items) for _ in range(500)]
    assert all(isinstance(found, Claim) for found in first)


def test_other_resources_are_told_once_of_each_kind() -> None:
    rows = [{"resourceType": kind} for kind in ("Patient", "Patient", "ExplanationOfBenefit", 7)]
    claims, problems = read([*rows, claim()])
    assert len(claims) == 1
    assert [p.id for p in problems] == ["unread-resource"] * 3
    assert "what a payer decided" in problems[1].message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"entry": []}, ("error", "no-claims", "Bundle")),
        ({}, ("error", "no-claims", "Bundle")),
        ({"entry": {}}, ("error", "wrong-type", "Bundle.entry")),
        (
            {"entry": [{"resource": {"resourceType": "ClaimResponse"}}]},
            ("error", "unread-resource", "Bundle.entry"),
        ),
        (
            {"entry": [{"resource": {"resourceType": "Bundle"}}]},
            ("error", "unread-resource", "Bundle.entry"),
        ),
    ],
)
def test_bundles_without_claims(data: Json, expected: tuple[str, str, str]) -> None:
    assert told({"resourceType": "Bundle"} | data) == [expected]


def test_entries_that_are_none() -> None:
    found = bundle([claim()])
    found["entry"] += [7, {"resource": 7}, {"request": {"method": "DELETE"}}]
    claims, problems = read(found)
    assert len(claims) == 1
    assert [p.location.place for p in problems] == ["Bundle.entry[1]", "Bundle.entry[2]"]


def test_a_decision_beside_the_claim_is_a_warning() -> None:
    found = bundle([claim(), {"resourceType": "ExplanationOfBenefit", "id": "e"}])
    assert told(found) == [("warning", "unread-resource", "Bundle.entry")]


def test_mixed_with_objects_of_the_contract() -> None:
    own = {
        "claim_id": "PM-8",
        "payer": {"id": "medicare"},
        "patient": {"id": "M1"},
        "lines": [{"number": 1, "procedure": "64493", "service_date": "2026-03-04"}],
    }
    assert [c.claim_id for c in read([own, claim(item=[item()])])[0]] == ["PM-8", "PM-7"]
