"""What a professional 837 says arrives in the claim, and nothing of another payer does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.model.claim import Claim, Patient, Payer, Provider
from tests.claims.x12.build import edited, ids, read


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    found, problems = read(edited())
    assert problems == []
    return found


def test_all_claims_in_file_order(claims: list[Claim]) -> None:
    assert [claim.claim_id for claim in claims] == ["PM-1", "PM-2", "PM-3"]
    assert [len(claim.lines) for claim in claims] == [2, 1, 1]


def test_the_claim_as_a_whole(claims: list[Claim]) -> None:
    claim = claims[0]
    assert claim.form == "professional"
    assert claim.frequency == "1"
    assert claim.type_of_bill is None
    assert claim.diagnoses == ("M47.816", "M79.18")
    assert claim.note == "SECOND SESSION"
    assert claim.billing_provider == Provider("1234567893", None, "207LP2900X", "1234567893")


def test_another_payers_loops_never_touch_the_claim(claims: list[Claim]) -> None:
    claim = claims[0]
    assert (claim.payer.name, claim.payer.identifier) == ("MEDICARE PART B", "00882")
    assert claim.patient == Patient("MBR1", date(1955, 3, 1), "F")
    assert claim.prior_authorization == "AUTH1"


def test_a_line_level_authorization_of_another_payer_is_not_the_lines(claims: list[Claim]) -> None:
    assert [line.prior_authorization for line in claims[0].lines] == ["LINEAUTH", None]


def test_four_modifiers_and_a_description(claims: list[Claim]) -> None:
    line = claims[0].lines[0]
    assert line.procedure == "64493"
    assert line.modifiers == ("RT", "KX", "59", "XS")
    assert line.note == "LINE NOTE; UNLISTED THING"


def test_the_line_level_provider_stays_with_its_line(claims: list[Claim]) -> None:
    first, second = claims[0].lines
    assert first.rendering_provider == Provider("1962466193", None, "2081P2900X")
    assert second.rendering_provider == Provider("1245319599", None, "208VP0014X")


def test_without_a_rendering_provider_the_biller_performed(claims: list[Claim]) -> None:
    assert claims[1].lines[0].rendering_provider == claims[1].billing_provider


def test_state_is_that_of_the_facility_else_of_the_biller(claims: list[Claim]) -> None:
    assert claims[0].payer == Payer(name="MEDICARE PART B", identifier="00882", state="SC")
    assert claims[1].payer.state == "NC"


def test_place_of_the_line_overrides_that_of_the_claim(claims: list[Claim]) -> None:
    assert [line.place_of_service for line in claims[0].lines] == ["11", "24"]


def test_decimal_units_charge_drug_and_pointers(claims: list[Claim]) -> None:
    first, second = claims[0].lines
    assert (first.units, second.units) == (1, Decimal("1.5"))
    assert (first.charge, second.charge) == (Decimal("410.5"), Decimal("239.50"))
    assert (first.ndc, second.ndc) == ("00009028003", None)
    assert (first.diagnoses, second.diagnoses) == (("M47.816", "M79.18"), ("M47.816",))


def test_a_replacement_names_what_it_replaces(claims: list[Claim]) -> None:
    assert (claims[1].frequency, claims[1].replaces) == ("7", "PM-0")
    assert claims[0].replaces is None


def test_the_patient_who_is_not_the_subscriber(claims: list[Claim]) -> None:
    claim = claims[2]
    assert claim.patient == Patient("MBR2/19/2010-03-04", date(2010, 3, 4), "M")
    assert (claim.payer.name, claim.payer.identifier) == ("AETNA", "60054")


def test_minutes_are_not_units() -> None:
    changes = {"SV1*HC:20552": "SV1*HC:00100:AA*239.50*MJ*45*24**1"}
    claims, problems = read(edited(changes))
    assert claims[0].lines[1].units is None
    assert ids(problems) == ["minutes"]
    assert problems[0].severity == "warning"


def test_a_line_without_pointers_points_to_every_diagnosis() -> None:
    claims, _ = read(edited({"SV1*HC:20552": "SV1*HC:20552*239.50*UN*1*24"}))
    assert claims[0].lines[1].diagnoses == ("M47.816", "M79.18")


@pytest.mark.parametrize("pointer", ["3", "0", "A", "99999999999999999999", "-1"])
def test_a_pointer_that_leads_nowhere_is_an_error_of_its_claim(pointer: str) -> None:
    claims, problems = read(edited({"SV1*HC:20552": f"SV1*HC:20552*239.50*UN*1*24**1:{pointer}"}))
    assert [claim.claim_id for claim in claims] == ["PM-2", "PM-3"]
    assert ids(problems) == ["bad-pointer"]
    assert problems[0].location.place == "segment 53 (SV1), claim PM-1 at segment 24"


def test_a_range_of_days_is_taken_at_its_first() -> None:
    claims, problems = read(edited({"DTP*472": "DTP*472*RD8*20260304-20260306"}))
    assert claims[0].lines[0].service_date == date(2026, 3, 4)
    assert ids(problems) == ["date-range"]
    _, problems = read(edited({"DTP*472": "DTP*472*RD8*20260304-20260304"}))
    assert problems == []


def test_a_day_with_its_time() -> None:
    claims, problems = read(edited({"DTP*472": "DTP*472*DT*202603041230"}))
    assert claims[0].lines[0].service_date == date(2026, 3, 4)
    assert problems == []


@pytest.mark.parametrize(
    "date_", ["TM*1230", "D8*20271301", "D8*2026030", "RD8*20260306-20260304", "D8*", "D6*260304"]
)
def test_what_is_no_service_date_is_an_error(date_: str) -> None:
    claims, problems = read(edited({"DTP*472": f"DTP*472*{date_}"}))
    assert len(claims) == 2
    assert ids(problems) == ["bad-date", "no-service-date"]


def test_icd_9_is_kept_as_sent_with_a_warning() -> None:
    claims, problems = read(edited({"HI*ABK:M47816": "HI*BK:7245*BF:V5789"}))
    assert claims[0].diagnoses == ("7245", "V5789")
    assert ids(problems) == ["icd-9", "icd-9"]


def test_two_diagnoses_in_one_composite_are_an_error() -> None:
    claims, problems = read(edited({"HI*ABK:M47816": "HI*ABK:M47816:ABF:M7918"}))
    assert len(claims) == 2
    assert ids(problems)[0] == "bad-diagnosis"


def test_a_wrong_check_digit_is_a_warning() -> None:
    claims, problems = read(edited({"NM1*82": "NM1*82*1*DOCTOR*ANN****XX*1245319590"}))
    assert len(claims) == 3
    assert ids(problems) == ["npi-check-digit"]
    assert "DOCTOR" not in str(problems[0])


def test_an_authorization_in_a_providers_loop_is_reported_and_not_used() -> None:
    changes = {"PRV*PE*PXC*2081P2900X": ["PRV*PE*PXC*2081P2900X", "REF*G1*LATE"]}
    claims, problems = read(edited(changes))
    assert claims[0].lines[0].prior_authorization == "LINEAUTH"
    assert ids(problems) == ["misplaced-segment"]


def test_masked_and_foreign_text() -> None:
    content = edited({"NTE*ADD*SECOND": "NTE*ADD*Zweite Sitzung für *XX"}).encode()
    claims, problems = read(content)
    assert claims[0].note == "Zweite Sitzung für"
    assert problems == []
    claims, _ = read(content.replace("ü".encode(), b"\xfc"))
    assert claims[0].note == "Zweite Sitzung für"
    claims, problems = read(edited({"NM1*IL*1*DOE": "NM1*IL*1*XXXX*XXXX****MI*XXXXXX"}))
    assert claims[0].patient.id == "XXXXXX"
    assert problems == []


def test_messages_hold_nothing_of_the_patient() -> None:
    changes: dict[str, str | None] = {
        "DMG*D8*1955": "DMG*D8*19551301*F",
        "NM1*QC": "NM1*QC*1*ROE*CHILD****MI*CHILDID",
        "PAT*19": None,
        "DMG*D8*2010": None,
    }
    _, problems = read(edited(changes))
    assert ids(problems) == ["bad-date", "no-patient"]
    told = " ".join(map(str, problems))
    for secret in ("DOE", "JANE", "MBR", "1955", "ROE", "CHILD"):
        assert secret not in told
