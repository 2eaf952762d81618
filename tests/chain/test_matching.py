"""Codes, keys and comparisons, with what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.chain.bound import BoundBook
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.matching import (
    code_test,
    compare,
    compare_range,
    conjunction,
    disjunction,
    fixed_codes,
    negation,
    same_test,
)
from engine.model.claim import History, Provider
from engine.model.length import Length
from engine.model.term import Codes, Key
from tests.chain.worlds import book, claim, line, rule, word


@pytest.fixture(scope="module")
def bound() -> BoundBook:
    return book(rule("any", ["blocks"], {"units": {"at_most": 1}}))


def lines_of(bound: BoundBook, *lines: Any, **more: Any) -> list[LineFacts]:
    return Surroundings(bound, claim(*lines, **more), History()).lines


def test_kleene() -> None:
    assert conjunction(True, None, False) is False
    assert conjunction(True, None) is None
    assert disjunction(False, None, True) is True
    assert disjunction(False, None) is None
    assert (conjunction(), disjunction(), negation(None)) == (True, False, None)


@pytest.mark.parametrize(
    ("one", "how", "other", "result"),
    [
        (Length(3, "month"), "at_least", Length(89, "day"), True),
        (Length(3, "month"), "at_least", Length(90, "day"), None),
        (Length(3, "month"), "at_least", Length(93, "day"), False),
        (Length(13, "week"), "at_least", Length(3, "month"), None),
        (Length(1, "year"), "equals", Length(12, "month"), True),
        (Length(6, "week"), "at_most", Length(42, "day"), True),
        (date(2025, 1, 1), "at_most", date(2025, 1, 1), True),
        (2, "equals", Decimal(2), True),
        (2, "at_most", None, None),
        (None, "at_least", 1, None),
        (2, "at_most", Length(2, "day"), None),
    ],
)
def test_compare(one: Any, how: Any, other: Any, result: bool | None) -> None:
    assert compare(one, how, other) is result


@pytest.mark.parametrize(
    ("low", "high", "how", "limit", "result"),
    [
        (1, None, "at_most", 2, None),
        (3, None, "at_most", 2, False),
        (1, 2, "at_most", 2, True),
        (2, None, "at_least", 2, True),
        (0, 1, "at_least", 2, False),
        (0, 3, "at_least", 2, None),
        (2, 2, "equals", 2, True),
        (1, 2, "equals", 2, None),
        (3, None, "equals", 2, False),
        (1, 1, "at_most", None, None),
    ],
)
def test_compare_range(low: int, high: int | None, how: Any, limit: Any, result: Any) -> None:
    assert compare_range(low, high, how, limit) is result


def test_a_dated_member_counts_from_its_day(bound: BoundBook) -> None:
    codes = Codes(sets=tuple(name for name in bound.book.sets if name.endswith("blocks")))
    test = code_test(bound, codes)
    assert not test("64494", date(2024, 12, 31))
    assert test("64494", date(2025, 1, 1))
    assert test("64490", date(1990, 1, 1))
    assert fixed_codes(bound, codes) is None
    assert fixed_codes(bound, Codes(frozenset({"20552"}))) == frozenset({"20552"})
    assert fixed_codes(bound, Codes(any=True)) is None


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        (("RT",), ("RT",), True),
        (("RT",), ("LT",), False),
        (("RT", "LT"), ("LT",), True),
        (("50",), ("LT",), True),
        ((), ("LT",), None),
    ],
)
def test_sides_meet_in_a_member(
    bound: BoundBook, one: tuple[str, ...], two: tuple[str, ...], same: bool | None
) -> None:
    x, y = lines_of(bound, line(1, modifiers=one), line(2, modifiers=two))
    assert same_test(Key("side"))(x, y) is same
    assert same_test(Key("side"))(y, x) is same


def test_the_record_gives_a_side_where_no_modifier_does(bound: BoundBook) -> None:
    x, y = lines_of(
        bound, line(1, documentation={"side": "left"}), line(2, documentation={"side": "bilateral"})
    )
    assert same_test(Key("side"))(x, y) is True
    x, y = lines_of(bound, line(1, modifiers=("RT",), documentation={"side": "left"}), line(2))
    assert x.side() == frozenset("R")
    assert y.side() is None


def test_an_unknown_key_is_unknown_and_a_missing_attribute_differs(bound: BoundBook) -> None:
    someone = Provider(npi="1245319599")
    x, y = lines_of(bound, line(1, "64490", rendering_provider=someone), line(2, "64493"))
    assert same_test(Key("provider"))(x, y) is None
    assert same_test(Key("provider"))(x, x) is True
    assert same_test(Key("attribute", "region"))(x, y) is False
    x, y = lines_of(bound, line(1, "20552"), line(2, "20552"))
    assert same_test(Key("attribute", "region"))(x, y) is False
    assert same_test(Key("fact", "imaging"))(x, y) is None
    assert same_test(Key("group"))(x, y) is True


def test_line_and_claim_that_differ_leave_a_fact_unknown() -> None:
    bound = book(
        rule("ct", ["points"], {"documented": {"fact": "imaging", "is": "ct"}}),
    )
    own = line(documentation={"imaging": "ct"})
    assert word(bound, claim(own)) == "met"
    assert word(bound, claim(own, record={"imaging": "none"})) == "undecided"
    assert word(bound, claim(own, record={"imaging": "ct"})) == "met"
    assert word(bound, claim(record={"imaging": "none"})) == "violated"


def test_one_is_not_yes() -> None:
    bound = book(rule("no", ["points"], {"documented": {"fact": "biologic", "is": True}}))
    assert word(bound, claim(record={"biologic": True})) == "met"
    assert word(bound, claim(record={"biologic": 1})) == "violated"
    assert word(bound, claim(record={"biologic": False})) == "violated"
