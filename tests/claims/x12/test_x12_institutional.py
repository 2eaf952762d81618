"""What an institutional 837 says arrives in the claim."""

from __future__ import annotations

from datetime import date

import pytest

from engine.model.claim import Claim, Provider
from tests.claims.x12.build import SAMPLES, edited, ids, read

NAME = "institutional.837"


@pytest.fixture(scope="module")
def claim() -> Claim:
    claims, problems = read(edited(name=NAME))
    assert ids(problems) == ["no-service-date"]
    assert problems[0].severity == "warning"
    return claims[0]


def test_type_of_bill_and_form(claim: Claim) -> None:
    assert (claim.form, claim.type_of_bill, claim.frequency) == ("institutional", "131", "1")
    assert all(line.place_of_service is None for line in claim.lines)


def test_only_principal_and_other_diagnoses(claim: Claim) -> None:
    assert claim.diagnoses == ("M47.816", "M79.18")


def test_lines_with_and_without_a_procedure(claim: Claim) -> None:
    assert [line.procedure for line in claim.lines] == ["64493", "", "J3301"]
    assert [line.revenue_code for line in claim.lines] == ["0360", "0250", "0636"]
    assert [line.units for line in claim.lines] == [1, 3, 4]


def test_a_line_without_date_takes_the_first_day_of_the_statement(claim: Claim) -> None:
    assert [line.service_date.day for line in claim.lines] == [4, 4, 5]


def test_without_statement_dates_it_is_an_error() -> None:
    claims, problems = read(edited({"DTP*434": None}, NAME))
    assert claims == []
    assert [problem.severity for problem in problems] == ["error"]


def test_the_operating_then_the_attending_practitioner_performed(claim: Claim) -> None:
    assert claim.lines[0].rendering_provider == Provider("1962466193")
    claims, _ = read(edited({"NM1*72": None}, NAME))
    assert claims[0].lines[0].rendering_provider == Provider("1245319599", None, "208VP0014X")
    claims, _ = read(edited({"NM1*72": None, "NM1*71": None, "PRV*AT": None}, NAME))
    assert claims[0].lines[0].rendering_provider is None


def test_a_wrong_qualifier_of_clm05_is_reported_and_not_used() -> None:
    claims, problems = read(edited({"CLM*": "CLM*IN-1*900***22:B:1**A*Y*Y"}, NAME))
    assert claims[0].type_of_bill is None
    assert "bad-qualifier" in ids(problems)


def test_a_service_of_the_other_form_is_an_error() -> None:
    claims, problems = read(edited({"SV2*0250": "SV1*HC:99213*200*UN*1***1"}, NAME))
    assert claims == []
    assert ids(problems) == ["wrong-service"]


def test_both_forms_in_one_file() -> None:
    both = (SAMPLES / "professional.837").read_text() + (SAMPLES / NAME).read_text()
    claims, problems = read(both)
    assert [c.form for c in claims] == ["professional"] * 3 + ["institutional"]
    assert ids(problems) == ["no-service-date"]
    assert claims[3].lines[0].service_date == date(2026, 3, 4)


def test_both_forms_in_one_group() -> None:
    professional, institutional = edited(), edited(name=NAME)
    st = institutional[institutional.index("ST*") : institutional.index("GE*")]
    mixed = professional.replace("GE*1*1~", st + "GE*2*1~")
    claims, problems = read(mixed)
    assert [c.form for c in claims] == ["professional"] * 3 + ["institutional"]
    assert ids(problems) == ["two-guides", "no-service-date"]
