"""Edge cases P1 to P8 and P18 to P20: history and windows."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.claim import Coverage
from tests.patterns.small import claim, judge, line, past, policy, rule

YEAR = {"says": "A year.", "cites": "interpretation/reading", "rolling": "12 months"}


def window(this_date: str, far_edge: str) -> dict[str, Any]:
    """A rolling year of the policy's own."""
    return {"a_year": {**YEAR, "this_date": this_date, "far_edge": far_edge}}


def sessions(**keys: Any) -> dict[str, Any]:
    """A count of trigger point sessions in that year."""
    return {"sessions": {"of": "needling", "within": "a_year", **keys}}


@pytest.mark.parametrize(("this_date", "word"), [("outside", "not_applicable"), ("inside", "met")])
def test_p1_todays_session_counts_where_the_window_says_so(this_date: str, word: str) -> None:
    repeat = rule(when=sessions(at_least=1), requires={"modifier": {"has_none": ["25"]}})
    tree = policy(repeat, windows=window(this_date, "outside"))
    assert judge(tree, claim(line("20552", "2025-03-05"))).word() == word


@pytest.mark.parametrize(("far_edge", "word"), [("outside", "met"), ("inside", "violated")])
def test_p2_the_same_day_a_year_earlier_is_inside_where_the_window_says_so(
    far_edge: str, word: str
) -> None:
    tree = policy(rule(requires=sessions(at_most=3)), windows=window("inside", far_edge))
    earlier = tuple(past("20552", day) for day in ("2024-03-05", "2024-08-01", "2024-12-01"))
    assert judge(tree, claim(line("20552", "2025-03-05")), earlier).word() == word


def test_p3_lengths_are_added_forward() -> None:
    limit = rule(requires=sessions(at_most=1))
    distance = rule(rule="apart", requires={"spacing": {"of": "needling", "at_least": "12 months"}})
    tree = policy(limit, distance, windows=window("inside", "outside"))
    found = judge(tree, claim(line("20552", "2025-02-28")), (past("20552", "2024-02-29"),))
    assert (found.word(), found.word("apart")) == ("met", "met")


def test_p4_later_sessions_never_count() -> None:
    tree = policy(rule(requires=sessions(at_most=1)), windows=window("inside", "outside"))
    later = (past("20552", "2025-04-01"), past("20552", "2025-05-01"))
    assert judge(tree, claim(line("20552", "2025-03-05")), later).word() == "met"


@pytest.mark.parametrize(("counting", "word"), [("paid", "met"), ("performed", "violated")])
def test_p5_a_denied_session_was_performed_and_not_paid(counting: str, word: str) -> None:
    limit = rule(requires=sessions(at_most=1, counting=counting))
    tree = policy(limit, windows=window("inside", "outside"))
    denied = (past("20552", "2025-01-05", status="denied"),)
    assert judge(tree, claim(line("20552", "2025-03-05")), denied).word() == word


def test_p6_what_this_claim_replaces_is_gone() -> None:
    limit = rule(requires=sessions(at_most=1))
    week = rule(rule="apart", requires={"spacing": {"of": "needling", "at_least": "7 days"}})
    tree = policy(limit, week, windows=window("inside", "outside"))
    original = (past("20552", "2025-03-04", claim_id="original"),)
    corrected = claim(line("20552", "2025-03-05"), replaces="original")
    found = judge(tree, corrected, original)
    assert (found.word(), found.word("apart")) == ("met", "met")
    found = judge(tree, claim(line("20552", "2025-03-05")), original)
    assert (found.word(), found.word("apart")) == ("violated", "violated")


def derived(**keys: Any) -> dict[str, Any]:
    """A fact of every line."""
    head = {"says": "It follows.", "cites": "firm/one", "of": {"procedure": "everything"}}
    return {**head, **keys}


def test_p7_facts_of_a_line_are_computed_for_history_too() -> None:
    purpose = derived(
        fact="purpose",
        cases=[{"when": {"modifier": {"has_any": ["KX"]}}, "is": "test"}],
        otherwise="cure",
    )
    limit = rule(requires=sessions(at_most=3, where={"attributes": {"purpose": "cure"}}))
    tree = policy(limit, windows=window("inside", "outside"), derives=[purpose])
    marked = [past("20552", day, modifiers=("KX",)) for day in ("2024-08-01", "2024-09-01")]
    plain = [past("20552", day) for day in ("2024-10-01", "2024-11-01", "2025-01-15")]
    found = judge(tree, claim(line("20552", "2025-03-05")), (*marked, *plain))
    assert found.word() == "violated"


def test_p8_facts_of_a_history_line_are_those_of_its_own_date() -> None:
    region = {"attribute": "region"}
    beside = {"when": {"companion": {"procedure": "64494", "same": ["date"]}}, "is": "back"}
    old = derived(fact="counted", cases=[], otherwise=region)
    new = {**derived(fact="counted", cases=[beside], otherwise=region), "from": "2025-01-01"}
    count = {"of": "facet", "same": ["counted"], "within": "a_year", "at_most": 1}
    limit = rule(applies_to={"procedure": "64490"}, requires={"sessions": count})
    tree = policy(limit, windows=window("inside", "outside"), derives=[old, new])
    for day, word in (("2024-11-05", "violated"), ("2025-01-05", "met")):
        junction = (past("64490", day), past("64494", day))
        assert judge(tree, claim(line("64490", "2025-03-05")), junction).word() == word


def test_p18_a_groups_own_ledger_does_not_hold_what_others_did() -> None:
    tree = policy(rule(requires=sessions(at_most=1)), windows=window("inside", "outside"))
    injected = claim(line("20552", "2025-03-05"))
    own = (Coverage("p", own_group=True),)
    assert judge(tree, injected, coverage=own).word() == "undecided"
    of_group = policy(
        rule(requires=sessions(at_most=1, by="group")), windows=window("inside", "outside")
    )
    assert judge(of_group, injected, coverage=own).word() == "met"


def test_p19_paid_means_by_this_payer() -> None:
    tree = policy(rule(requires=sessions(at_most=1)), windows=window("inside", "outside"))
    elsewhere = (past("20552", "2025-01-05", payer="aetna"),)
    assert judge(tree, claim(line("20552", "2025-03-05")), elsewhere).word() == "met"


def test_p20_a_session_before_the_policys_first_day_counts() -> None:
    keys: dict[str, Any] = {"windows": window("inside", "outside"), "from": "2025-02-01"}
    tree = policy(rule(requires=sessions(at_most=1)), **keys)
    before = (past("20552", "2025-01-05"),)
    assert judge(tree, claim(line("20552", "2025-03-05")), before).word() == "violated"
