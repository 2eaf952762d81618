"""The chain that decides: strata, payable lines, diagnoses, silence and scope."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.chain.bound import BoundBook
from engine.chain.stratified import decide
from engine.model.claim import History
from tests.chain.worlds import DAY, book, claim, history, line, rule, service, word, words

NEVER = {"never": "covered"}
BESIDE = {"companion": {"procedure": "points", "same": ["claim"], "outcome": "payable"}}
DRUG = rule("needs-points", ["J0001"], BESIDE)


def review(name: str, codes: Any, requires: Any, **more: Any) -> dict[str, Any]:
    return rule(name, codes, requires, otherwise={"finding": "review"}, **more)


def companion(bound: BoundBook, *others: Any, **more: Any) -> str:
    one = claim(*others, line(9, "J0001"), **more)
    return words(decide(bound, one, history()))[("needs-points", (9,))]


def test_a_denied_line_is_not_payable() -> None:
    bound = book(DRUG, rule("one-unit", ["points"], {"units": {"at_most": 1}}))
    assert companion(bound, line(1)) == "met"
    assert companion(bound, line(1, units=2)) == "violated"
    assert companion(bound, line(1, units=None)) == "undecided"
    assert companion(bound, line(1, units=2), line(2)) == "met"
    assert companion(bound) == "violated"


@pytest.mark.parametrize(
    ("finding", "result"),
    [("deny", "violated"), ("reject", "violated"), ("recode", "met"), ("review", "met")],
)
def test_only_a_denial_or_a_rejection_bars(finding: str, result: str) -> None:
    bound = book(DRUG, rule("no", ["points"], NEVER, otherwise={"finding": finding}))
    assert companion(bound, line(1)) == result


def test_a_finding_on_the_claim_bars_every_line() -> None:
    whole = {"finding": "deny", "falls_on": "claim"}
    bound = book(DRUG, rule("no", ["blocks"], {"units": {"at_most": 1}}, otherwise=whole))
    assert companion(bound, line(1), line(2, "64490")) == "met"
    assert companion(bound, line(1), line(2, "64490", units=2)) == "violated"
    assert companion(bound, line(1), line(2, "64490", units=None)) == "undecided"


def test_outcomes_that_an_example_states() -> None:
    bound = book(DRUG)
    one = claim(line(1), line(9, "J0001"))
    for given, result in ((True, "met"), (False, "violated"), (None, "undecided")):
        decided = decide(bound, one, history(), given={1: given})  # type: ignore[dict-item]
        assert words(decided)[("needs-points", (9,))] == result


def test_a_paid_line_of_the_history_is_payable() -> None:
    beside = {"companion": {"procedure": "points", "same": ["date"], "outcome": "payable"}}
    bound = book(rule("beside", ["J0001"], beside))
    one = claim(line(1, "J0001"))
    assert word(bound, one, history(service(DAY))) == "met"
    assert word(bound, one, history(service(DAY, status="denied"))) == "violated"
    assert word(bound, one, history(service(DAY, status=None))) == "undecided"


def test_the_outcome_of_another_rule() -> None:
    passed = {"outcome": {"rule": "one-unit", "is": "passed"}}
    violated = {"outcome": {"rule": "one-unit", "is": "violated"}}
    bound = book(
        rule("one-unit", ["20552"], {"units": {"at_most": 1}}),
        review("after", ["points"], passed),
        review("only-then", ["points"], NEVER, when=violated),
    )
    ways = {1: ("met", None), 2: ("violated", "violated"), None: ("undecided", "undecided")}
    for units, (after, only_then) in ways.items():
        found = words(decide(bound, claim(line(units=units)), history()))
        assert found[("after", (1,))] == after
        assert found.get(("only-then", (1,))) == only_then
    assert words(decide(bound, claim(line(code="20553", units=2)), history())) == {
        ("after", (1,)): "met"
    }


DIAGNOSED = rule(
    "no-pain",
    None,
    NEVER,
    for_each="diagnosis",
    applies_to={"diagnosis": ["M54.16"]},
)


def test_a_diagnosis_is_judged_once_over_its_lines() -> None:
    bound = book(DIAGNOSED)
    lines = [
        line(1, diagnoses=("M54.16", "Z00.00")),
        line(2, "64490", diagnoses=("M54.16",)),
        line(3, diagnoses=("Z00.00",)),
        line(4, day=DAY + timedelta(days=1), diagnoses=("M54.16",)),
    ]
    assert words(decide(bound, claim(*lines), history())) == {
        ("no-pain", (1, 2)): "violated",
        ("no-pain", (4,)): "violated",
    }


def test_a_denied_diagnosis_bars_its_lines() -> None:
    bound = book(DRUG, DIAGNOSED)
    assert companion(bound, line(1, diagnoses=("M54.16",))) == "violated"
    assert companion(bound, line(1, diagnoses=("Z00.00",))) == "met"


def test_when_and_unless_leave_open_what_is_unknown() -> None:
    bound = book(
        rule(
            "relief",
            ["points"],
            {"units": {"at_most": 1}},
            when={"documented": {"fact": "imaging", "is": "ct"}},
            unless=[
                {
                    "exception": "helped",
                    "cites": "src/it",
                    "when": {"documented": {"fact": "relief", "at_least": 50}},
                }
            ],
        )
    )
    two = line(units=2)
    assert word(bound, claim(line())) == "met"
    assert word(bound, claim(two)) == "undecided"
    assert word(bound, claim(two, record={"imaging": "none"})) == "not_applicable"
    assert word(bound, claim(two, record={"imaging": "ct"})) == "undecided"
    assert word(bound, claim(two, record={"relief": 50})) == "met"
    assert word(bound, claim(two, record={"imaging": "ct", "relief": 49})) == "violated"
    assert word(bound, claim(two, record={"relief": 49})) == "undecided"


def test_silence_keeps_a_rule_from_applying() -> None:
    bound = book(
        rule(
            "none", ["points"], NEVER, when_stated={"documented": {"fact": "biologic", "is": True}}
        )
    )
    silent = decide(bound, claim(), history())
    assert (words(silent), [b.rule.name for _, b in silent.silent]) == ({}, ["none"])
    stated = decide(bound, claim(record={"biologic": False}), history())
    assert (words(stated), stated.silent) == ({}, [])
    assert word(bound, claim(record={"biologic": True})) == "violated"


def test_a_fact_that_was_looked_for_and_not_found() -> None:
    bound = book(rule("relief", ["points"], {"documented": {"fact": "relief", "at_least": 50}}))
    one = claim(record={"relief": None})
    assert word(bound, one) == "violated"
    assert words(decide(bound, one, history(), null=None)) == {("relief", (1,)): "undecided"}
    assert word(bound, claim()) == "undecided"


def test_lines_without_a_policy() -> None:
    bound = book(DRUG)
    decided = decide(bound, claim(line(1), line(2, "99213"), line(3, "64494")), history())
    assert (decided.no_policy, decided.scope_open) == ([1], [])
    decided = decide(bound, claim(line(1, "64494", date(2024, 12, 31))), history())
    assert decided.no_policy == [0]


def test_a_scope_that_is_not_known() -> None:
    scope = {"procedure": ["points"], "place_of_service": ["11"]}
    bound = book(DRUG, scope=scope)
    decided = decide(bound, claim(line(1), line(2, place_of_service="11")), history())
    assert ([x.index for x in decided.scope_open], decided.no_policy) == ([0], [])
    assert decide(bound, claim(line(1, place_of_service="22")), history()).no_policy == [0]


HEADER = {
    "table": "valid",
    "says": "Codes.",
    "file": "valid.csv",
    "sources": "../payer/sources.yaml",
    "cites": "src/it",
    "key": ["code"],
    "columns": {
        "code": {"type": "code", "says": "A code."},
        "begin": {"type": "date", "says": "-"},
    },
    "dated": {"from": "begin"},
    "complete": False,
}


def validity(*, complete: bool) -> BoundBook:
    more = {
        "coding/valid.table.yaml": {**HEADER, "complete": complete},
        "coding/valid.csv": b"code,begin\n20552,2025-01-01\n",
    }
    return book(rule("valid", ["points"], {"active_code": {"table": "valid"}}), more=more)


def test_a_table_that_is_not_complete_is_silent() -> None:
    bound = validity(complete=False)
    assert word(bound, claim(line(code="20552"))) == "met"
    assert word(bound, claim(line(code="20552", day=date(2024, 12, 31)))) == "violated"
    decided = decide(bound, claim(line(code="20553")), history())
    assert (words(decided), decided.not_judged) == ({}, 1)
    assert word(validity(complete=True), claim(line(code="20553"))) == "violated"


def test_a_claim_of_another_patient_has_another_history() -> None:
    limit = {"companion": {"procedure": "points", "same": ["date"]}}
    bound = book(rule("beside", ["J0001"], limit))
    other = service(DAY)
    theirs = History((type(other)("P-2", other.line, status="paid", payer="payer"),))
    assert word(bound, claim(line(1, "J0001")), theirs) == "violated"


def test_order_of_lines_never_matters() -> None:
    bound = book(DRUG, rule("one-unit", ["points"], {"units": {"at_most": 1}}))
    lines = [line(1, units=2), line(2, "J0001"), line(3, "20553")]
    one, two = (
        words(decide(bound, claim(*order), history())) for order in (lines, reversed(lines))
    )
    assert one == two
