"""Where the service was done and whose claim it is, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.model.claim import Claim, Line, Patient, Payer, Provider
from engine.model.facility import claim_kind, facility_type

LINE = Line(1, "64493", date(2026, 3, 4))
CLAIM = Claim("PM-7", Payer("medicare"), Patient("MBI-1"), (LINE,))


def at(place: str | None, **changes: object) -> Claim:
    return replace(CLAIM, lines=(replace(LINE, place_of_service=place),), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("11", "office"),
        ("19", "hospital_outpatient"),
        ("22", "hospital_outpatient"),
        ("24", "ambulatory_surgical_center"),
        ("21", "other"),
        (None, None),
    ],
)
def test_by_place_of_service(place: str | None, expected: str | None) -> None:
    claim = at(place)
    found, reason = facility_type(claim, claim.lines[0])
    assert found == expected
    assert (place or "neither") in reason
    assert facility_type(claim)[0] == expected


@pytest.mark.parametrize(
    ("bill", "expected"),
    [
        ("131", "hospital_outpatient"),
        ("851", "hospital_outpatient"),
        ("837", "ambulatory_surgical_center"),
        ("111", "other"),
    ],
)
def test_by_type_of_bill(bill: str, expected: str) -> None:
    claim = at("11", type_of_bill=bill)
    assert facility_type(claim, claim.lines[0])[0] == expected
    assert claim_kind(claim)[0] == "facility"


def test_what_the_claim_says_comes_first() -> None:
    claim = at("11", facility_type="other", type_of_bill="131")
    assert facility_type(claim, claim.lines[0]) == ("other", "the claim gives it")


def test_two_places_give_no_shared_one() -> None:
    lines = (replace(LINE, place_of_service="11"), replace(LINE, place_of_service="24"))
    assert facility_type(replace(CLAIM, lines=lines))[0] is None


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (at("11", form="institutional"), "facility"),
        (at("11", form="professional"), "professional"),
        (at("11"), "professional"),
        (at(None), None),
        (at(None, facility_type="office"), "professional"),
        (at("24", form="professional"), None),
        (at("24", billing_provider=Provider(specialty="49")), "facility"),
        (at("24", billing_provider=Provider(taxonomy="261QA1903X")), "facility"),
        (at("24", billing_provider=Provider(taxonomy="207LP2900X")), "professional"),
        (replace(CLAIM, lines=(replace(LINE, modifiers=("SG",)),)), "facility"),
        (
            replace(CLAIM, lines=(replace(LINE, rendering_provider=Provider(specialty="49")),)),
            "facility",
        ),
    ],
)
def test_whose_claim_it_is(claim: Claim, expected: str | None) -> None:
    found, reason = claim_kind(claim)
    assert found == expected
    assert reason
