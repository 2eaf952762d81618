"""What undecided rules ask: the smallest set, of whom, and what is left for later."""

from __future__ import annotations

from typing import Any

import pytest

from tests.report.world import WHOLE, claim, earlier, judged, policy

RULE = """\
  - rule: the-rule
    says: Said.
    cites: article/imaging
    applies_to: {procedure: epidurals}
    requires: %s
    otherwise: {finding: %s}
"""
IMAGING = "{documented: {fact: imaging, is: ct}}"
CARE = "{documented: {fact: care_weeks, at_least: 6 weeks}}"
BIOLOGIC = "{documented: {fact: biologic, is: true}}"


def asked(requires: str, finding: str = "review", **more: Any) -> list[dict[str, Any]]:
    """What the rule asks of a claim without a record."""
    shown = judged(claim(**more), policy(RULE % (requires, finding)))
    needs: list[dict[str, Any]] = shown["needs"]
    return needs


def facts(needs: list[dict[str, Any]]) -> list[list[str]]:
    return [[fact["fact"] for fact in need["facts"]] for need in needs]


def test_a_question_says_what_of_whom_and_for_which_rule() -> None:
    assert asked(IMAGING) == [
        {
            "rule": "medicare/national/epidurals#the-rule",
            "lines": [1],
            "depends_on": None,
            "facts": [
                {
                    "fact": "imaging",
                    "question": "Which imaging guided the needle?",
                    "of": {"claim_id": "C-1", "line": 1, "service_date": "2025-03-04"},
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        (f"{{any_of: [{CARE}, {IMAGING}]}}", ["care_weeks"]),
        (f"{{any_of: [{IMAGING}, {CARE}]}}", ["imaging"]),
        (f"{{all_of: [{IMAGING}, {CARE}]}}", ["imaging", "care_weeks"]),
        (
            f"{{count_of: {{at_least: 2, of: [{IMAGING}, {CARE}, {BIOLOGIC}]}}}}",
            ["imaging", "care_weeks"],
        ),
        (f"{{count_of: {{at_least: 1, of: [{IMAGING}, {CARE}, {BIOLOGIC}]}}}}", ["imaging"]),
    ],
)
def test_the_smallest_set_is_asked_and_the_first_among_equals(
    requires: str, expected: list[str]
) -> None:
    assert facts(asked(requires)) == [expected]


def test_what_can_no_longer_help_is_not_asked() -> None:
    requires = f"{{any_of: [{IMAGING}, {CARE}]}}"
    record = {"claim": {}, "lines": {"1": {"imaging": "none"}}}
    assert facts(asked(requires, documentation=record)) == [["care_weeks"]]


def test_an_exception_may_be_the_shorter_way() -> None:
    rule = RULE % (f"{{all_of: [{IMAGING}, {CARE}]}}", "review")
    unless = (
        "    unless:\n      - exception: other\n        cites: article/imaging\n"
        f"        when: {BIOLOGIC}\n"
    )
    shown = judged(claim(), policy(rule + unless))
    assert facts(shown["needs"]) == [["biologic"]]


def test_a_history_that_falls_short_is_asked_for() -> None:
    short = {"coverage": [{**WHOLE["coverage"][0], "complete_from": "2025-01-01"}]}
    requires = "{spacing: {of: epidurals, at_least: 6 months}}"
    shown = judged(claim(), policy(RULE % (requires, "deny")), history=short)
    assert facts(shown["needs"]) == [["session_history"]]
    assert shown["verdict"] == "undecided"


def test_a_fact_of_an_earlier_service_names_that_service() -> None:
    requires = (
        "{sessions: {of: epidurals, where: {documented: {fact: imaging, is: ct}}, "
        "within: rolling_year, at_most: 0, counting: performed}}"
    )
    record = {"claim": {}, "lines": {"1": {"imaging": "none"}}}
    shown = judged(
        claim(documentation=record),
        policy(RULE % (requires, "deny")),
        history=earlier("2025-01-05"),
    )
    (need,) = shown["needs"]
    assert need["facts"][0]["of"] == {"claim_id": "E-1", "line": 1, "service_date": "2025-01-05"}


def test_a_line_waits_for_another_and_asks_nothing() -> None:
    """P14: an add-on beside an undecided primary repeats none of its questions."""
    lines = ({"procedure": "64490"}, {"procedure": "64491"})
    stopped = RULE.replace("epidurals", "first_blocks") % (IMAGING, "deny")
    shown = judged(claim(*lines), policy(stopped))
    waiting = [n for n in shown["needs"] if n["rule"].endswith("#further-needs-first")]
    assert [(n["lines"], n["depends_on"], n["facts"]) for n in waiting] == [([2], 1, [])]


def test_a_warning_in_doubt_is_asked_and_does_not_weigh() -> None:
    """P22."""
    shown = judged(claim(), policy(RULE % (IMAGING, "warn")))
    assert (facts(shown["needs"]), shown["verdict"]) == ([["imaging"]], "clean")


def test_manual_review_asks_a_person() -> None:
    (need,) = asked("{manual_review: {question: Is it related?, who: a coder}}")
    assert [(f["fact"], f["question"]) for f in need["facts"]] == [
        ("manual_review", "Is it related?")
    ]


STATED = """\
  - rule: no-biologics
    says: Biologics are not covered.
    cites: article/biologics
    applies_to: {procedure: epidurals}
    when_stated: {documented: {fact: biologic, is: true}}
    requires: {never: covered}
    otherwise: {finding: deny}
"""


def test_silence_passes_when_stated_and_is_listed() -> None:
    shown = judged(claim({}, {}), policy(STATED))
    assert (shown["verdict"], shown["needs"]) == ("clean", [])
    assert [(n["lines"], [f["fact"] for f in n["facts"]]) for n in shown["not_asked"]] == [
        ([1], ["biologic"]),
        ([2], ["biologic"]),
    ]


def test_what_was_stated_is_not_listed() -> None:
    record = {"claim": {"biologic": False}, "lines": {}}
    assert judged(claim(documentation=record), policy(STATED))["not_asked"] == []


def planned(requires: str, **more: Any) -> dict[str, Any]:
    return judged(claim(stage="planned", **more), policy(RULE % (requires, "deny")))


def test_what_the_note_will_state_is_listed_and_not_asked() -> None:
    shown = planned(f"{{all_of: [{IMAGING}, {CARE}]}}")
    assert facts(shown["needs"]) == [["care_weeks"]]
    assert facts(shown["must_state"]) == [["imaging"]]
    assert shown["must_state"][0]["rule"] == "medicare/national/epidurals#the-rule"
    assert shown["verdict"] == "undecided"


def test_with_nothing_left_to_ask_the_verdict_stays_undecided() -> None:
    shown = planned(IMAGING)
    assert (shown["needs"], facts(shown["must_state"])) == ([], [["imaging"]])
    assert shown["verdict"] == "undecided"


def test_a_planned_claim_that_is_decided_must_state_nothing() -> None:
    assert planned("{units: {at_most: 1}}")["must_state"] == []


def test_a_service_that_was_done_must_state_nothing_later() -> None:
    assert "must_state" not in judged(claim(), policy(RULE % (IMAGING, "deny")))


def test_a_planned_claim_takes_the_time_after_its_history_as_empty() -> None:
    short = {"coverage": [{**WHOLE["coverage"][0], "complete_to": "2025-01-31"}]}
    rule = policy(RULE % ("{spacing: {of: epidurals, at_least: 2 weeks}}", "deny"))
    billed, later = (
        judged(claim(stage=stage), rule, history=short) for stage in ("billed", "planned")
    )
    assert (billed["verdict"], later["verdict"]) == ("undecided", "clean")


def test_without_record_leaves_out_what_only_the_record_decides() -> None:
    rules = RULE % (IMAGING, "deny") + (RULE % (CARE, "deny")).replace("the-rule", "care")
    shown = judged(claim(), policy(rules), without_record=True)
    assert (shown["without_record"], shown["needs"], shown["verdict"]) == (2, [], "clean")


def test_without_record_still_asks_for_the_history() -> None:
    requires = "{spacing: {of: epidurals, at_least: 6 months}}"
    shown = judged(
        claim(), policy(RULE % (requires, "deny")), history={"coverage": []}, without_record=True
    )
    assert (shown["without_record"], shown["verdict"]) == (0, "undecided")
    assert facts(shown["needs"]) == [["session_history"]]


@pytest.mark.parametrize(
    ("of", "what"),
    [
        ("epidurals", "epidurals"),
        ("['62321', '62323']", "62321 and 62323"),
    ],
)
def test_a_question_about_the_history_names_the_services_the_days_and_the_providers(
    of: str, what: str
) -> None:
    short = {"coverage": [{**WHOLE["coverage"][0], "complete_from": "2025-01-01"}]}
    requires = f"{{spacing: {{of: {of}, at_least: 6 months}}}}"
    shown = judged(claim(), policy(RULE % (requires, "deny")), history=short)
    question = shown["needs"][0]["facts"][0]["question"]
    assert question.startswith(f"Which {what} did the patient have from 202")
    assert ", with any provider? The history does not cover all" in question
