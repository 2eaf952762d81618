"""Remedies: clerical ones are evaluated again, the others are questions (clause A27)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.report.world import claim, judged, policy

RULE = """\
  - rule: the-rule
    says: Said.
    cites: article/units
    applies_to: {procedure: epidurals}
    requires: %s
    otherwise: {finding: deny, remedy: %s}
"""
ONE = "{units: {at_most: 1}}"
KX = "{modifier: {has_any: [KX]}}"
HEAD = (
    "parameters:\n  most:\n    values:\n"
    "      - {from: 2021-01-01, value: 1, cites: article/units}\n"
)


def remedy(
    requires: str, edit: str, *lines: dict[str, Any], more: str = "", **facts: object
) -> Any:
    """The remedy of the rule's finding; `facts` are documented of line 1."""
    data = claim(*(lines or ({"units": 3},)), documentation={"claim": {}, "lines": {"1": facts}})
    found = judged(data, policy(RULE % (requires, edit) + more, HEAD))["findings"]
    return next(f["remedy"] for f in found if f["rule"].endswith("#the-rule"))


def test_a_clerical_remedy_is_verified_by_another_evaluation() -> None:
    assert remedy(ONE, "{set: {units: 1}}") == {
        "class": "clerical",
        "set": {"units": 1},
        "verified": True,
    }


def test_a_remedy_that_does_not_settle_it_is_not_verified() -> None:
    assert remedy(ONE, "{set: {units: 2}}")["verified"] is False


def test_a_remedy_that_leaves_the_rule_undecided_is_not_verified() -> None:
    requires = "{all_of: [{units: {at_most: 1}}, {documented: {facts: [imaging]}}]}"
    assert remedy(requires, "{set: {units: 1}}")["verified"] is False


def test_a_remedy_that_violates_another_rule_is_not_verified() -> None:
    other = """\
  - rule: two-at-least
    says: Said.
    cites: article/units
    applies_to: {procedure: epidurals}
    requires: {units: {at_least: 2}}
    otherwise: {finding: deny}
"""
    assert remedy(ONE, "{set: {units: 1}}", more=other)["verified"] is False
    warns = other.replace("deny", "warn")
    assert remedy(ONE, "{set: {units: 1}}", more=warns)["verified"] is True


def test_units_may_be_a_parameter() -> None:
    assert remedy(KX, "{set: {units: most}}")["set"] == {"units": 1}


def test_a_modifier_is_removed() -> None:
    edit = remedy(
        "{modifier: {has_none: ['50']}}", "{remove_modifiers: ['50']}", {"modifiers": ["50"]}
    )
    assert edit == {"class": "clerical", "remove_modifiers": ["50"], "verified": True}


def test_a_line_is_removed() -> None:
    lines = ({"units": 3}, {"units": 1})
    assert remedy(ONE, "{remove_line: true}", *lines)["verified"] is True


def test_the_last_line_cannot_be_removed_for_sure() -> None:
    assert remedy(ONE, "{remove_line: true}") == {
        "class": "clerical",
        "remove_line": True,
        "verified": False,
    }


def test_a_split_is_shown_and_not_verified() -> None:
    assert remedy(ONE, "{split_line: true}")["verified"] is False


def test_a_date_is_set() -> None:
    requires = "{not_with: {procedure: epidurals, same: [date]}}"
    edit = remedy(requires, "{set: {service_date: 2025-03-03}}", {}, {})
    assert edit["set"] == {"service_date": "2025-03-03"}


@pytest.mark.parametrize("facts", [{}, {"biologic": False}, {"biologic": None}], ids=str)
def test_nothing_is_added_without_the_fact_that_supports_it(facts: dict[str, Any]) -> None:
    assert remedy(KX, "{add_modifier: KX, when_fact: biologic}", **facts) == {
        "class": "needs_fact",
        "ask": "biologic",
        "question": "Was a biologic injected?",
        "verified": False,
    }


def test_a_supported_modifier_is_added() -> None:
    edit = remedy(KX, "{add_modifier: KX, when_fact: biologic}", biologic=True)
    assert edit == {"class": "clerical", "add_modifier": "KX", "verified": True}


def test_a_value_may_support_it() -> None:
    when = "{add_modifier: KX, when_fact: {fact: imaging, is: ct}}"
    assert remedy(KX, when, imaging="ct")["class"] == "clerical"
    assert remedy(KX, when, imaging="fluoroscopy")["class"] == "needs_fact"


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("imaging", "Which imaging guided the needle?"),
        ("side", "Which side was treated?"),
        ("prior_authorization", "What is the line's prior authorization?"),
    ],
)
def test_a_question_may_be_the_remedy(asked: str, question: str) -> None:
    edit = remedy(KX, f"{{ask: {asked}}}")
    assert (edit["class"], edit["ask"], edit["question"]) == ("needs_fact", asked, question)


def test_the_selected_code_is_set() -> None:
    record = {"claim": {}, "lines": {"1": {"approach": "caudal"}}}
    found = judged(claim(documentation=record))["findings"]
    edit = next(f["remedy"] for f in found if f["rule"].endswith("#code-choice"))
    assert (edit["class"], edit["set"]) == ("clerical", {"procedure": "62322"})


def test_while_several_codes_are_left_none_is_proposed() -> None:
    found = judged(claim({"procedure": "62323"}, documentation={"claim": {}, "lines": {"1": {}}}))
    assert [f for f in found["findings"] if f["rule"].endswith("#code-choice")] == []


def test_a_rule_without_remedy_has_none() -> None:
    rule = RULE.replace(", remedy: %s", "%s") % (ONE, "")
    assert judged(claim({"units": 3}), policy(rule))["findings"][0]["remedy"] is None
