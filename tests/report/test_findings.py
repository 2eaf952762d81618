"""Findings: grouped by keys, graded, worded, cited (clauses A1, A15, A26, A31)."""

from __future__ import annotations

import pytest

from tests.report.world import claim, earlier, judged, policy

UNITS = """\
  - rule: one-unit
    says: One unit a day.
    cites: article/units
    applies_to: {procedure: epidurals}
    requires: {units: {at_most: 1}}
    otherwise: {finding: deny, carc: "151"}
"""
SUMMED = UNITS.replace(
    "{at_most: 1}", "{at_most: 2, summed_over: [date, procedure], of: epidurals}"
)
TWO_WEEKS = """\
  - rule: two-weeks
    says: Two weeks lie between.
    cites: article/sessions
    applies_to: {procedure: epidurals}
    requires: {spacing: {of: epidurals, at_least: 14 days}}
    otherwise: {finding: deny, carc: "119", message: "%s"}
"""
BILLED = {"units": 2}


def lines_of(shown: dict[str, object]) -> list[object]:
    return [f["lines"] for f in shown["findings"]]  # type: ignore[attr-defined]


def test_a_rule_about_the_line_has_a_finding_a_line() -> None:
    shown = judged(claim(BILLED, BILLED), policy(UNITS))
    assert lines_of(shown) == [[1], [2]]
    assert shown["verdict"] == "not_clean"


def test_lines_with_the_same_key_values_have_one_finding() -> None:
    shown = judged(claim(BILLED, BILLED), policy(SUMMED))
    assert lines_of(shown) == [[1, 2]]


def test_lines_with_other_key_values_have_findings_of_their_own() -> None:
    lines: list[dict[str, object]] = [
        {"units": 2},
        {"units": 2},
        {"procedure": "62321", "units": 3},
    ]
    assert lines_of(judged(claim(*lines), policy(SUMMED))) == [[1, 2], [3]]


def test_lines_of_one_day_wait_for_one_earlier_service() -> None:
    shown = judged(claim({}, {}), policy(TWO_WEEKS % "Too soon."), history=earlier("2025-03-01"))
    assert lines_of(shown) == [[1, 2]]


def test_the_order_of_lines_does_not_change_a_finding() -> None:
    lines = [{"number": 2, "units": 3}, {"number": 1, "units": 2}]
    rule = SUMMED.replace(
        'carc: "151"}', 'carc: "151", message: "Line {line.number}, {line.units} units."}'
    )
    one, two = (judged(claim(*order), policy(rule)) for order in (lines, lines[::-1]))
    assert one["findings"] == two["findings"]
    assert (one["findings"][0]["lines"], one["findings"][0]["message"]) == (
        [1, 2],
        "Line 1, 2 units.",
    )


def test_a_finding_may_fall_on_the_whole_claim_and_is_said_once() -> None:
    rule = UNITS.replace('carc: "151"', 'falls_on: claim, carc: "151"')
    shown = judged(claim(BILLED, BILLED), policy(rule))
    assert lines_of(shown) == [[]]
    assert shown["checked"]["violated"] == 2


def test_a_rule_about_diagnoses_is_judged_once_for_each() -> None:
    rule = """\
  - rule: no-signs
    for_each: diagnosis
    says: "{diagnosis} is a sign."
    cites: article/units
    applies_to: {diagnosis: ["R52", "R10.9"]}
    requires: {never: covered}
    otherwise: {finding: review}
"""
    shown = judged(claim({}, {}, diagnoses=["M54.16", "R52", "R10.9"]), policy(rule))
    found = [(f["lines"], f["message"]) for f in shown["findings"]]
    assert found == [([1, 2], "R10.9 is a sign."), ([1, 2], "R52 is a sign.")]


IMAGING = """\
  - rule: imaging
    says: Imaging guides the needle.
    cites: article/imaging
    applies_to: {procedure: epidurals}
    requires: {documented: {fact: imaging, in: [fluoroscopy, ct]}}
    otherwise: {finding: deny, carc: "50"}
"""


def documented(**facts: object) -> dict[str, object]:
    return {"documentation": {"claim": {}, "lines": {"1": facts}}}


@pytest.mark.parametrize(
    ("facts", "finding"), [({"imaging": "none"}, "deny"), ({"imaging": None}, "review")]
)
def test_what_was_looked_for_and_not_found_is_a_review_at_most(
    facts: dict[str, object], finding: str
) -> None:
    shown = judged(claim({}, **documented(**facts)), policy(IMAGING))
    assert [f["finding"] for f in shown["findings"]] == [finding]


def test_silence_on_one_line_does_not_soften_the_other() -> None:
    both = {
        "documentation": {"claim": {}, "lines": {"1": {"imaging": None}, "2": {"imaging": "none"}}}
    }
    shown = judged(claim({}, {}, **both), policy(IMAGING))
    assert [f["finding"] for f in shown["findings"]] == ["review", "deny"]


def test_a_null_that_decides_nothing_softens_nothing() -> None:
    shown = judged(claim(BILLED, **documented(imaging=None)), policy(UNITS))
    assert [f["finding"] for f in shown["findings"]] == ["deny"]


def test_a_rule_on_a_value_nobody_verified_only_warns() -> None:
    head = (
        "parameters:\n  most:\n    values:\n"
        "      - {from: 2021-01-01, value: 1, cites: hearsay/two}\n"
    )
    shown = judged(claim(BILLED), policy(UNITS.replace("at_most: 1", "at_most: most"), head))
    (finding,) = shown["findings"]
    assert (finding["finding"], finding["cites"]["evidence"]) == ("warn", "unverified")
    assert shown["verdict"] == "clean"


def test_the_grade_is_that_of_the_value_in_force() -> None:
    head = (
        "parameters:\n  most:\n    values:\n"
        "      - {from: 2021-01-01, value: 1, cites: hearsay/two}\n"
        "      - {from: 2025-01-01, value: 1, cites: article/units}\n"
    )
    rule = UNITS.replace("at_most: 1", "at_most: most")
    grades = [
        judged(claim({"units": 2, "service_date": day}), policy(rule, head))["findings"][0]["cites"]
        for day in ("2024-12-31", "2025-01-01")
    ]
    assert [g["evidence"] for g in grades] == ["unverified", "secondary"]


def test_a_weak_table_weakens_the_grade() -> None:
    contested = ("coding/sources.yaml", "evidence: primary", "evidence: contested")
    rule = UNITS.replace(
        "{procedure: epidurals}", "{procedure: {table: code_pairs, column: column_2}}"
    )
    shown = judged(claim(BILLED), policy(rule), [contested])
    assert shown["findings"][0]["cites"]["evidence"] == "contested"


def test_interpretations_are_listed_and_weaken_nothing() -> None:
    rule = """\
  - rule: limit
    says: One a year.
    cites: article/sessions
    applies_to: {procedure: epidurals}
    requires: {sessions: {of: epidurals, within: rolling_year, at_most: 1}}
    otherwise: {finding: deny}
"""
    (finding,) = judged(claim(), policy(rule), history=earlier("2025-01-04"))["findings"]
    assert finding["interpretations"] == ["interpretation/rolling-year", "interpretation/whose"]
    assert finding["cites"] == {"source": "article", "locator": "sessions", "evidence": "secondary"}


def test_the_adoption_is_cited_first() -> None:
    shown = judged(claim({"procedure": "64490", "units": 9}), policy(UNITS))
    (finding,) = [f for f in shown["findings"] if f["rule"].endswith("#one-unit")]
    assert (finding["cites"]["source"], finding["cites"]["locator"]) == ("article", "adopted")
