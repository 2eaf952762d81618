"""What the items of a claim become: charges, days, drugs, and services in details."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.model.claim import Line
from tests.claims.fhir.build import (
    CPT,
    HCPCS,
    NDC,
    claim,
    coded,
    item,
    one,
    read,
    without,
)


def line(**changes: Any) -> Line:
    return one(claim(item=[item(**changes)])).lines[0]


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
