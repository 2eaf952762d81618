"""Edge cases P12, P15, P24 to P32: lines, tables, dates, layers and facts."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.claim import History
from engine.report.result import result
from tests.patterns.small import POLICY, WHOLE, claim, judge, line, past, policy, rule
from tests.properties.ground import file


@pytest.mark.parametrize(("key", "word"), [("date", "met"), ("claim", "violated")])
def test_p12_the_keys_say_whether_another_claim_of_the_day_counts(key: str, word: str) -> None:
    beside = rule(requires={"companion": {"procedure": "64490", "same": [key]}})
    primary = (past("64490", "2025-03-05", status="submitted"),)
    assert judge(policy(beside), claim(line("20552", "2025-03-05")), primary).word() == word


@pytest.mark.parametrize(
    ("modifier", "word"), [("RT", "violated"), ("LT", "violated"), ("59", "undecided")]
)
def test_p15_two_sides_are_the_same_when_they_have_one_in_common(modifier: str, word: str) -> None:
    apart = rule(requires={"not_with": {"procedure": "64490", "same": ["date", "side"]}})
    both_sides = line("20552", "2025-03-05", modifiers=("50",))
    other = line("64490", "2025-03-05", modifiers=(modifier,))
    assert judge(policy(apart), claim(both_sides, other)).word() == word


def pairs(**keys: Any) -> dict[str, bytes]:
    """The rule about code pairs that modifiers may part."""
    pair = {"table": "pairs", "line": "two", "other": "one", "same": ["date", "provider"]}
    own = {"exception": "own-mark", "cites": "firm/one", "when": {"modifier": {"has_any": "59"}}}
    column = {"table": "pairs", "column": "two"}
    return policy(
        rule(
            applies_to={"procedure": column}, requires={"not_with": {**pair, **keys}}, unless=[own]
        )
    )


def test_p24_where_names_the_other_line_and_unless_this_one() -> None:
    first, second = line("64493", "2025-03-05"), line("20553", "2025-03-05")
    marked: dict[str, Any] = {"modifiers": ("59",)}
    other_line = pairs(where={"modifier": {"has_none": "59"}})
    assert judge(other_line, claim(first, second)).word(number=2) == "violated"
    both_free = claim(line("64493", "2025-03-05", **marked), second)
    assert judge(other_line, both_free).word(number=2) == "met"
    assert judge(pairs(), both_free).word(number=2) == "violated"
    own = claim(first, line("20553", "2025-03-05", **marked))
    assert judge(pairs(), own).word(number=2) == "met"


def test_p25_a_partial_table_does_not_judge_what_it_lacks() -> None:
    active = rule(
        applies_to={"procedure": "everything"}, requires={"active_code": {"table": "valid"}}
    )
    codes = ("64493", "20553", "99213", "64490")
    found = judge(policy(active), claim(*(line(code, "2025-03-05") for code in codes)))
    # 64493 is nowhere; 20553 is missing where the table is complete; 99213 ended; 64490 is valid.
    words = [found.word(number=number) for number in (1, 2, 3, 4)]
    assert words == ["not_applicable", "violated", "violated", "met"]
    shown = result(found.decided, History((), WHOLE))
    assert shown["checked"]["not_judged"] == 1


def limited(*values: dict[str, Any]) -> dict[str, bytes]:
    """A limit of units with these dated values."""
    entries = [{"cites": "firm/one", **value} for value in values]
    return policy(
        rule(requires={"units": {"at_most": "limit"}}), parameters={"limit": {"values": entries}}
    )


@pytest.mark.parametrize(("known_on", "word"), [("2025-01-14", "met"), ("2025-01-15", "violated")])
def test_p26_until_its_successor_is_published_a_value_runs_on(known_on: str, word: str) -> None:
    successor = {"from": "2025-02-01", "published": "2025-01-15", "value": 1}
    tree = limited({"from": "2024-01-01", "value": 3}, successor)
    billed = claim(line("20552", "2025-03-05", units=2))
    assert judge(tree, billed, known_on=known_on).word() == word


@pytest.mark.parametrize(("known_on", "word"), [("2023-11-29", "met"), (None, "violated")])
def test_p27_a_correction_back_to_the_first_day_wins_once_published(
    known_on: str | None, word: str
) -> None:
    corrected = {"from": "2021-04-25", "published": "2023-11-30", "value": 1}
    tree = limited(corrected, {"from": "2021-04-25", "published": "2021-03-11", "value": 3})
    billed = claim(line("20552", "2022-03-05", units=2))
    assert judge(tree, billed, known_on=known_on).word() == word


@pytest.mark.parametrize(("as_of", "word"), [(None, "violated"), ("2024-06-01", "met")])
def test_p28_a_layer_follows_its_base_or_takes_it_as_it_stood(as_of: str | None, word: str) -> None:
    tree = limited({"from": "2024-01-01", "value": 3}, {"from": "2025-01-01", "value": 1})
    layer = {
        "policy": "small",
        "title": "Small here",
        "extends": POLICY,
        "from": "2024-01-01",
        "adopted_by": "firm/one",
        "sources": "../../../sources.yaml",
    }
    pinned = {"as_of": as_of} if as_of else {}
    tree["medicare/contractors/cgs/small/policy.yaml"] = file({**layer, **pinned})
    billed = claim(line("20552", "2025-03-05", units=2))
    assert judge(tree, billed, contractor="cgs").word() == word


SELECTED = {
    "which_code": {
        "says": "Approach and muscles select the code.",
        "gives": "procedure",
        "cites": "firm/one",
        "rows": [
            {"code": "20553", "approach": {"is": "front"}},
            {"code": "64490", "approach": {"in": ["back", "side"]}, "muscles": {"at_least": 3}},
            {"code": "64493", "approach": {"in": ["back", "side"]}, "muscles": {"at_most": 2}},
        ],
    }
}


@pytest.mark.parametrize(
    ("code", "word"), [("20552", "violated"), ("64493", "violated"), ("20553", "undecided")]
)
def test_p29_a_code_that_no_answer_could_select_is_wrong_already(code: str, word: str) -> None:
    chosen = rule(applies_to={"procedure": "everything"}, requires={"code_for": "which_code"})
    tree = policy(chosen, decisions=SELECTED)
    billed = line(code, "2025-03-05", documentation={"muscles": 3})
    assert judge(tree, claim(billed)).word() == word


@pytest.mark.parametrize(
    ("stated", "word"),
    [
        ("88 days", "violated"),
        ("12 weeks", "violated"),
        ("90 days", "undecided"),
        ("92 days", "met"),
        ("93 days", "met"),
        ("3 months", "met"),
        ("2 months", "violated"),
    ],
)
def test_p30_days_against_months_are_compared_as_the_calendar_allows(
    stated: str, word: str
) -> None:
    lasting = rule(requires={"documented": {"fact": "pain", "at_least": "3 months"}})
    told = line("20552", "2025-03-05", documentation={"pain": stated})
    assert judge(policy(lasting), claim(told)).word() == word


@pytest.mark.parametrize(("stated", "word"), [({}, "undecided"), ({"muscles": None}, "violated")])
def test_p31_read_and_not_there_is_not_the_same_as_never_read(
    stated: dict[str, Any], word: str
) -> None:
    counted = rule(requires={"documented": {"fact": "muscles", "at_least": 1}})
    found = judge(policy(counted), claim(line("20552", "2025-03-05", documentation=stated)))
    assert found.word() == word
    shown = result(found.decided, History((), WHOLE))
    assert [finding["finding"] for finding in shown["findings"]] == ["review"] * (
        word != "undecided"
    )


def test_p31_what_only_silence_violates_does_not_make_a_line_unpayable() -> None:
    counted = rule(
        rule="primary",
        applies_to={"procedure": "64490"},
        requires={"documented": {"fact": "muscles", "at_least": 1}},
    )
    beside = {"procedure": "64490", "same": ["date"], "outcome": "payable"}
    add_on = rule(requires={"companion": beside})
    primary = line("64490", "2025-03-05", documentation={"muscles": None})
    found = judge(policy(counted, add_on), claim(primary, line("20552", "2025-03-05")))
    assert (found.word("primary", 1), found.word("judged", 2)) == ("violated", "met")


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"patient": {"age": {"at_least": 18}}}, "undecided"),
        ({"claim": {"state": "NC"}}, "undecided"),
        ({"place_of_service": "hospital"}, "undecided"),
        ({"modifier": {"has_any": ["KX"]}}, "violated"),
        ({"diagnosis": "listed"}, "violated"),
        ({"prior_authorization": True}, "violated"),
    ],
)
def test_p32_lists_are_closed_and_single_values_open(form: dict[str, Any], word: str) -> None:
    found = judge(policy(rule(requires=form)), claim(line("20552", "2025-03-05")))
    assert found.word() == word
