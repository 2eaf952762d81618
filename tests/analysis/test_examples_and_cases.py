"""Examples judge a rule alone, cases judge whole claims (clause A28)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.analysis.cases import Cases
from engine.analysis.examples import Check, run_examples
from tests.compiler.trees import EPIDURALS, edited, library

EPIDURAL = "medicare/national/epidurals"
RULE = """\
policy: epidurals
title: Epidural injections
from: 2021-01-01
sources: ../../sources.yaml
scope: {procedure: epidurals}
history: {counting: paid, by: any_provider, cites: interpretation/whose}
rules:
  - rule: the-rule
    from: 2022-03-01
    says: Said.
    cites: article/units
    applies_to: {procedure: epidurals}
    requires: %s
    otherwise: {finding: deny}
    examples:
      - name: the example
        line: {procedure: "62323"%s}
%s        expect: %s
"""


def example(requires: str, line: str = "", more: str = "", expect: str = "met") -> Check:
    """The one example of the one rule; `more` are further keys of the example."""
    text = RULE % (requires, line and f", {line}", more and f"        {more}\n", expect)
    (check,) = run_examples(library(edited((), {EPIDURALS: text})), EPIDURAL)
    return check


ONE = "{units: {at_most: 1}}"
APART = "{spacing: {of: epidurals, at_least: 14 days}}"
BEFORE = '{procedure: "62323", service_date: 2022-02-20%s}'
WITH_FIRST = "{companion: {procedure: first_blocks, same: [claim], outcome: payable}}"


def test_a_line_has_one_unit_unless_it_says_otherwise() -> None:
    assert example(ONE).faults == ()
    assert example(ONE, "units: 2", expect="violated").faults == ()


def test_the_day_is_the_first_of_the_entry() -> None:
    earlier = BEFORE % ""
    assert example(APART, more=f"history: [{earlier}]", expect="violated").faults == ()
    assert example(APART, "service_date: 2022-03-06", f"history: [{earlier}]").faults == ()


def test_the_history_is_complete_unless_given() -> None:
    assert example(APART).faults == ()
    short = "complete_from: 2022-02-25"
    assert example(APART, more=short, expect="undecided").faults == ()


def test_earlier_services_are_paid_unless_given() -> None:
    denied = BEFORE % ", status: denied"
    assert example(APART, more=f"history: [{denied}]").faults == ()


@pytest.mark.parametrize(
    ("outcome", "expect"),
    [("", "met"), (", outcome: payable", "met"), (", outcome: denied", "violated")],
)
def test_another_line_is_payable_unless_the_example_says_otherwise(
    outcome: str, expect: str
) -> None:
    """P33: the example does not break when a rule is added elsewhere."""
    more = f'lines: [{{procedure: "64490", units: 9{outcome}}}]'
    assert example(WITH_FIRST, more=more, expect=expect).faults == ()


def test_facts_of_line_and_claim() -> None:
    imaging = "{documented: {fact: imaging, is: ct}}"
    assert example(imaging, "documentation: {imaging: ct}").faults == ()
    assert example(imaging, more="documentation: {imaging: ct}").faults == ()
    assert example(imaging, "documentation: {imaging: null}", expect="violated").faults == ()
    assert example(imaging, expect="undecided").faults == ()


def test_a_failing_example_shows_what_came_out_and_why() -> None:
    check = example(ONE, "units: 2")
    assert check.faults == ("expected met, came out violated",)
    assert any("2 billed, 1 to compare with" in line for line in check.proof)
    assert (check.location.file, check.name) == (
        f"policies/{EPIDURALS}",
        f"{EPIDURAL}#the-rule: the example",
    )


def test_a_rule_that_does_not_apply() -> None:
    assert example(ONE, "service_date: 2022-02-28", expect="not_applicable").faults == ()


def test_known_on() -> None:
    more = "known_on: 2022-02-28"
    assert example(ONE, more=more, expect="not_applicable").faults == ()


def test_a_wrong_value_of_a_fact_is_a_fault_of_the_example() -> None:
    check = example(ONE, "documentation: {imaging: blind}")
    assert any("imaging" in fault for fault in check.faults)


CASE = """\
cases:
  - case: the case
    claim:
      claim_id: A
      form: professional
      payer: {id: medicare, contractor: palmetto}
      patient: {id: P, birth_date: 1955-03-01}
      diagnoses: [M54.16]
      lines:
        - {number: 1, procedure: "62321", units: 1, service_date: 2025-03-04}
      documentation: {claim: {care_weeks: 2}, lines: {"1": {biologic: false}}}
    history: {coverage: [{patient_id: P, complete_to: 2025-03-03, providers: all}]}
    expect:
%s
"""
FILE = f"{EPIDURAL}/cases/case.yaml"
HOLDS = (
    "      verdict: not_clean\n"
    f"      findings: [{{rule: {EPIDURAL}#care-first, lines: [1], finding: review}}]\n"
    "      undecided: []\n"
    f"      outcomes: [{{rule: {EPIDURAL}#two-weeks-apart, line: 1, is: met}}]"
)


def case(expect: str, changes: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The faults of the one case."""
    text = CASE % expect
    for old, new in (changes or {}).items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    found = library(edited((), {FILE: text}))
    (check,) = Cases(found).run(found.cases[0])
    return check.faults


def test_a_case_that_holds() -> None:
    assert case(HOLDS) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("verdict: not_clean", "verdict: clean", "expected the verdict clean, came out not_clean"),
        ("finding: review", "finding: deny", "expected finding is missing: deny"),
        (
            f"findings: [{{rule: {EPIDURAL}#care-first, lines: [1], finding: review}}]",
            "findings: []",
            "unexpected finding: review",
        ),
        (
            "undecided: []",
            f"undecided: [{{rule: {EPIDURAL}#no-biologics, lines: [1]}}]",
            "question",
        ),
        ("is: met", "is: violated", "expected violated, came out met"),
        ("line: 1, is", "line: 7, is", "the claim has no line 7"),
        ("id: medicare", "id: acme", "no policies for the payer `acme`"),
    ],
)
def test_a_case_that_does_not_hold_says_why(old: str, new: str, said: str) -> None:
    faults = case(HOLDS, {old: new})
    assert any(said in fault for fault in faults), faults
