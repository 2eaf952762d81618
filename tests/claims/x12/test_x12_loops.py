"""Loops that are broken or bent: every claim comes out or is told of, and none is guessed."""

from __future__ import annotations

from tests.claims.x12.build import edited, ids, read


def outcome(changes: dict[str, str | list[str] | None]) -> tuple[list[str], list[str]]:
    claims, problems = read(edited({**changes}))
    return [claim.claim_id for claim in claims], ids(problems)


def test_services_without_lx() -> None:
    found = edited({"LX*1": None, "LX*2": None})
    claims, problems = read(found)
    assert [line.procedure for line in claims[0].lines] == ["64493", "20552"]
    assert [line.number for line in claims[0].lines] == [1, 2]
    assert ids(problems) == ["no-line-number"]


def test_lx_that_restarts_or_runs_on() -> None:
    claims, problems = read(edited({"LX*2": "LX*1"}))
    assert [line.number for line in claims[0].lines] == [1, 2]
    assert ids(problems) == ["line-number"]


def test_a_line_without_service_is_an_error_of_its_claim() -> None:
    assert outcome({"SV1*HC:20552": None}) == (["PM-2", "PM-3"], ["no-service"])


def test_a_claim_without_lines() -> None:
    changes: dict[str, str | list[str] | None] = {
        "SV1*HC:99213": None, "LX*1": None, "SV1*HC:64493": None,
    }  # fmt: skip
    claims, problems = outcome(changes)
    assert "PM-1" not in claims
    assert "PM-2" not in claims
    assert problems


def test_a_total_that_is_not_the_sum_of_the_lines() -> None:
    assert outcome({"CLM*PM-1": "CLM*PM-1*651***11:B:1*Y*A*Y*Y"}) == (
        ["PM-1", "PM-2", "PM-3"],
        ["total-charge"],
    )


def test_a_lost_hl_of_a_subscriber_never_gives_a_claim_to_the_one_before() -> None:
    assert outcome({"HL*3": None}) == (
        ["PM-1"],
        ["lost-level", "lost-level", "lost-level", "bad-parent", "no-subscriber"],
    )


def test_a_lost_hl_of_a_dependent_never_gives_a_claim_to_the_subscriber() -> None:
    claims, problems = outcome({"HL*4": None})
    assert claims == ["PM-1", "PM-2"]
    assert "no-subscriber" in problems


def test_a_lost_hl_of_the_biller() -> None:
    claims, problems = outcome({"HL*1": None})
    assert claims == []
    assert problems.count("no-biller") == 3


def test_a_wrong_parent_is_a_warning() -> None:
    assert outcome({"HL*4": "HL*4*2*23*0"}) == (["PM-1", "PM-2", "PM-3"], ["bad-parent"])


def test_no_payer_and_no_member_id() -> None:
    assert outcome({"NM1*PR*2*MEDICARE": None}) == (["PM-3"], ["no-payer", "no-payer"])
    assert outcome({"NM1*IL*1*DOE": "NM1*IL*1*DOE*JANE"}) == (["PM-3"], ["no-patient"] * 2)


def test_a_lost_clm_never_merges_two_claims() -> None:
    assert outcome({"CLM*PM-2": None}) == (
        ["PM-3"],
        ["misplaced-segment", "misplaced-segment", "line-number"],
    )


def test_lines_of_two_claims_under_one_clm_are_an_error() -> None:
    changes: dict[str, str | list[str] | None] = {
        "CLM*PM-2": None, "REF*F8": None, "HI*ABK:M5416": None,
    }  # fmt: skip
    assert outcome(changes) == (["PM-3"], ["line-number", "merged-claims"])


def test_a_second_subscriber_at_one_level_takes_over_no_claim() -> None:
    claims, problems = read(edited({"CLM*PM-1": None, "NTE*ADD*SECOND": None, "HI*": None}))
    assert [claim.claim_id for claim in claims] == ["PM-2", "PM-3"]
    assert claims[0].patient.id == "MBR1"
    assert claims[0].payer.name == "MEDICARE PART B"
    assert "misplaced-segment" in ids(problems)


def test_an_unknown_segment_is_named_with_its_number() -> None:
    claims, problems = read(edited({"NTE*ADD*SECOND": "XYZ*1"}))
    assert len(claims) == 3
    assert ids(problems) == ["unknown-segment"]
    assert problems[0].location.place == "segment 26 (XYZ), claim PM-1 at segment 24"


def test_a_bad_claim_has_all_its_problems_told() -> None:
    changes: dict[str, str | list[str] | None] = {
        "SV1*HC:64493": "SV1*HC:6449:RTX*x*UN*-1*1**1:2",
        "CLM*PM-1": "CLM*PM-1*650***1:B:1*Y*A*Y*Y",
    }
    claims, problems = outcome(changes)
    assert claims == ["PM-2", "PM-3"]
    assert problems == ["bad-code", "bad-code", "bad-modifier", "bad-money"]


def test_negative_units_and_a_bad_place() -> None:
    assert outcome({"SV1*HC:20552": "SV1*HC:20552*239.50*UN*-1*2**1"})[1] == [
        "negative-units",
        "bad-code",
    ]


def test_another_kind_of_code_is_not_taken_for_hcpcs() -> None:
    assert outcome({"SV1*HC:20552": "SV1*ZZ:20552*239.50*UN*1***1"})[1] == ["bad-code"]
