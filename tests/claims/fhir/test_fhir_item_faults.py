"""One fault each of an item: its severity, its name and the element in which it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.fhir.build import (
    CPT,
    HCPCS,
    NDC,
    NPI,
    PLACE,
    REVENUE,
    SNOMED,
    TERMS,
    Json,
    claim,
    coded,
    item,
    numbered,
    place,
    read,
    told,
    without,
)

TYPE = TERMS + "claim-type"
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


@pytest.mark.parametrize(("changes", "severity", "fault", "element"), ITEMS)
def test_of_an_item(changes: Json, severity: str, fault: str, element: str) -> None:
    coding = element == "productOrService.coding"
    also = [("error", "unknown-system", place("item[0].productOrService"))] if coding else []
    found = told(claim(item=[item(**changes)]))
    assert found == [(severity, fault, place(element, "Claim.item[0]")), *also]


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
