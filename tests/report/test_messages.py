"""Sentences with names in braces (clause A26)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.report.world import claim, earlier, judged, policy

RULE = """\
  - rule: the-rule
    says: %(says)s
    cites: article/units
    applies_to: {procedure: epidurals}
    requires: %(requires)s
    otherwise: {finding: deny%(message)s}
"""
PARAMETER = (
    "parameters:\n  most:\n    values:\n"
    "      - {from: 2021-01-01, value: 1, cites: article/units}\n"
    "      - {from: 2026-01-01, value: 2, cites: article/units}\n"
)
UNITS = "{units: {at_most: most}}"
LIMIT = "{sessions: {of: epidurals, within: rolling_year, at_most: 1}}"
APART = "{spacing: {of: epidurals, at_least: 14 days}}"
NOT_WITH = "{not_with: {procedure: blocks, same: [date]}}"
PRICED: dict[str, Any] = {
    "units": 3,
    "modifiers": ["RT", "KX"],
    "place_of_service": "11",
    "charge": "410.00",
    "diagnosis_pointers": [1],
}


def said(
    message: str, requires: str = UNITS, lines: Any = None, history: Any = None, **more: Any
) -> str:
    """The message of the one finding of the rule."""
    text = {"says": "Said.", "requires": requires, "message": f', message: "{message}"'}
    shown = judged(
        claim(*(lines or [PRICED]), **more),
        policy(RULE % text, PARAMETER),
        history=history or earlier(),
    )
    found = [f["message"] for f in shown["findings"] if f["rule"].endswith("#the-rule")]
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("most", "1"),
        ("line.number", "1"),
        ("line.procedure", "62323"),
        ("line.modifiers", "RT KX"),
        ("line.units", "3"),
        ("line.service_date", "2025-03-04"),
        ("line.place_of_service", "11"),
        ("line.diagnoses", "M54.16"),
        ("line.charge", "410.00"),
        ("line.prior_authorization", "not known"),
        ("diagnosis", "M54.16"),
        ("claim.claim_id", "C-1"),
        ("claim.form", "professional"),
        ("claim.facility_type", "office"),
        ("claim.payer", "medicare"),
        ("claim.contractor", "palmetto"),
        ("claim.state", "not known"),
        ("claim.group", "carolina-pain"),
        ("patient.age", "70"),
        ("patient.sex", "F"),
        ("units.billed", "3"),
        ("units.limit", "1"),
    ],
)
def test_a_name_is_filled_in(name: str, shown: str) -> None:
    assert said(f"<{{{name}}}>") == f"<{shown}>"


def test_a_parameter_is_shown_with_the_value_in_force() -> None:
    line = {**PRICED, "service_date": "2026-03-04"}
    assert said("At most {most}.", lines=[line]) == "At most 2."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("count", "3"),
        ("limit", "1"),
        ("window", "Twelve months that end with the service."),
        ("dates", "2024-06-01, 2025-01-04, 2025-03-04"),
        ("next_eligible", "2026-01-04"),
    ],
)
def test_sessions_report(name: str, shown: str) -> None:
    history = earlier("2024-06-01", "2025-01-04")
    assert said(f"<{{sessions.{name}}}>", LIMIT, history=history) == f"<{shown}>"


@pytest.mark.parametrize(
    ("name", "shown"), [("last", "2025-03-01"), ("next_eligible", "2025-03-15")]
)
def test_spacing_reports(name: str, shown: str) -> None:
    history = earlier("2025-02-01", "2025-03-01")
    assert said(f"<{{spacing.{name}}}>", APART, history=history) == f"<{shown}>"


def test_another_line_is_reported() -> None:
    lines = [PRICED, {"procedure": "64493"}]
    message = "<{not_with.other.procedure} on {not_with.other.line}>"
    assert said(message, NOT_WITH, lines) == "<64493 on 2>"


def test_a_decision_reports_the_codes_that_are_left() -> None:
    shown = judged(claim(documentation={"claim": {}, "lines": {"1": {"approach": "caudal"}}}))
    found = [f["message"] for f in shown["findings"] if f["rule"].endswith("#code-choice")]
    assert found == ["The record says 62322."]


def test_as_gives_the_prefix_where_a_form_stands_twice() -> None:
    forms = (
        "{all_of: [{units: {at_most: 1, as: line_units}}, "
        "{units: {at_most: 1, as: day_units, summed_over: [date, procedure]}}]}"
    )
    lines = [{"units": 3}, {"units": 1}]
    shown = judged(
        claim(*lines),
        policy(
            RULE
            % {
                "says": "Said.",
                "requires": forms,
                "message": ', message: "{line_units.billed} here, {day_units.billed} that day"',
            },
            PARAMETER,
        ),
    )
    assert shown["findings"][0]["message"] == "3 here, 4 that day"


def test_without_a_message_the_sentence_says_what_is_not_so() -> None:
    text = {"says": "At most {most} unit is paid.", "requires": UNITS, "message": ""}
    (finding,) = judged(claim(PRICED), policy(RULE % text, PARAMETER))["findings"]
    assert "At most 1 unit is paid" in finding["message"]
    assert "3" in finding["message"]


def test_what_is_never_covered_is_said_in_the_rule_s_own_words() -> None:
    text = {"says": "A third level is not covered.", "requires": "{never: covered}", "message": ""}
    (finding,) = judged(claim(PRICED), policy(RULE % text, PARAMETER))["findings"]
    assert finding["message"] == "A third level is not covered."
