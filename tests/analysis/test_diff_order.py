"""Which of two terms holds on more lines, as far as that can be seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.analysis.diff.order import compare
from engine.model.length import Length
from engine.model.term import (
    All,
    Bears,
    Codes,
    Constant,
    Counted,
    CountOf,
    Fixed,
    Not,
    Points,
    Related,
    Sessions,
    Some,
    Spacing,
    Stated,
    Test,
    Units,
    Window,
)

A, B, C = (Stated(name) for name in "abc")
YEAR = Window("", "rolling", True, Length(12, "month"))


def codes(*names: str) -> Codes:
    return Codes(frozenset(names))


ONE = codes("1")


def units(how: Any, n: int) -> Units:
    return Units(how, Constant(n))


def sessions(how: Any, n: int, of: Codes = ONE, window: Window = YEAR) -> Sessions:
    return Sessions(Counted(of), window, how, Constant(n))


def beside(*names: str) -> Related:
    return Related(codes(*names), None, ())


TERMS = [
    (units("at_most", 1), units("at_most", 2), "weaker"),
    (units("at_least", 1), units("at_least", 2), "stronger"),
    (units("equals", 1), units("equals", 2), "other"),
    (units("at_most", 1), units("at_least", 1), "other"),
    (sessions("at_most", 3), sessions("at_most", 4), "weaker"),
    (sessions("at_most", 3), sessions("at_most", 3, codes("1", "2")), "stronger"),
    (sessions("at_least", 3), sessions("at_least", 3, codes("1", "2")), "weaker"),
    (sessions("at_most", 3), sessions("at_most", 4, codes("1", "2")), "other"),
    (
        sessions("at_most", 3),
        sessions("at_most", 3, window=Window("", "rolling", True, Length(6, "month"))),
        "weaker",
    ),
    (
        Spacing(Counted(codes("1")), Constant(Length(2, "week"))),
        Spacing(Counted(codes("1")), Constant(Length(7, "day"))),
        "weaker",
    ),
    (Bears("has_any", codes("LT")), Bears("has_any", codes("LT", "RT")), "weaker"),
    (Bears("has_none", codes("LT")), Bears("has_none", codes("LT", "RT")), "stronger"),
    (Points(codes("M1")), Points(codes("M1"), primary=True), "stronger"),
    (Points(codes("M1")), Points(codes("M2")), "other"),
    (A, Stated("a", Test(at_least=Constant(3))), "stronger"),
    (
        Stated("a", Test(at_least=Constant(3))),
        Stated("a", Test(at_least=Constant(2))),
        "weaker",
    ),
    (
        Stated("a", Test(among=(Constant("x"),))),
        Stated("a", Test(among=(Constant("y"), Constant("x")))),
        "weaker",
    ),
    (A, B, "other"),
    (A, All((A, B)), "stronger"),
    (All((A, B)), A, "weaker"),
    (A, Some((A, B)), "weaker"),
    (Some((A, B)), Some((B, C)), "other"),
    (All((A, units("at_most", 1))), All((A, units("at_most", 2))), "weaker"),
    (All((A, B)), Some((A, B)), "weaker"),
    (Some((A, B)), All((A, B)), "stronger"),
    (Not(units("at_most", 1)), Not(units("at_most", 2)), "stronger"),
    (Not(beside("1")), Not(beside("1", "2")), "stronger"),
    (Fixed(False, "never"), A, "weaker"),
    (A, Fixed(False, "never"), "stronger"),
    (
        CountOf((A, B), "at_least", Constant(2)),
        CountOf((A, B), "at_least", Constant(1)),
        "weaker",
    ),
    (
        CountOf((A, B), "at_least", Constant(1)),
        CountOf((A, B, C), "at_least", Constant(1)),
        "weaker",
    ),
]


@pytest.mark.parametrize(("old", "new", "order"), TERMS)
def test_order(old: Any, new: Any, order: str) -> None:
    assert compare(old, new) == order


@pytest.mark.parametrize(("old", "new", "order"), TERMS)
def test_the_other_way_round_is_the_contrary(old: Any, new: Any, order: str) -> None:
    contrary = {"weaker": "stronger", "stronger": "weaker"}.get(order, order)
    assert compare(new, old) == contrary


def test_equal_terms_are_the_same() -> None:
    assert compare(All((A, B)), All((A, B))) == "same"


def test_days_of_a_constant_do_not_compare_as_numbers() -> None:
    assert (
        compare(Units("at_most", Constant(date(2025, 1, 1))), Units("at_most", Constant(3)))
        == "other"
    )
