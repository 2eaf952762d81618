"""Strategies for what rules lean on: dates, parameters, derived facts, decision tables."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.properties.ground import DAYS, dated


@cache
@st.composite
def dates(draw: st.DrawFn) -> dict[str, str]:
    """The clocks of an entry."""
    found = {"from": draw(st.sampled_from(DAYS))}
    if draw(st.booleans()):
        found["published"] = draw(st.sampled_from(DAYS))
    return found


@cache
def parameter(values: tuple[Any, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """A parameter with dated values of these."""
    entry = st.builds(
        lambda dates, value: {**dates, "value": value, "cites": "firm/one"},
        dates(),
        st.sampled_from(values),
    )
    first = st.builds(
        lambda value: {"from": "2020-01-01", "value": value, "cites": "firm/one"},
        st.sampled_from(values),
    )
    several = st.builds(lambda one, more: [one, *more], first, st.lists(entry, max_size=2))
    sometimes = st.one_of(several, st.lists(entry, min_size=1, max_size=2))
    return st.builds(lambda values: {"values": dated(values)}, sometimes)


@cache
def parameters() -> st.SearchStrategy[dict[str, Any]]:
    """The two parameters that forms compare with."""
    lengths = ("8 weeks", "2 months", "90 days")
    return st.fixed_dictionaries({"limit": parameter((0, 1, 2, 3)), "long": parameter(lengths)})


@cache
@st.composite
def derives(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The two derived facts, one of them maybe in a later entry too."""
    found = [
        _derived("purpose", draw(_cases(("test", "cure"))), draw(st.sampled_from(["test", "cure"])))
    ]
    region = {"attribute": "region"}
    found.append(_derived("counted_region", [], region))
    if draw(st.booleans()):
        cases = draw(_cases(("neck", "back")))
        found.append({**_derived("counted_region", cases, region), **draw(dates())})
    return found


def _derived(fact: str, cases: list[Any], otherwise: Any) -> dict[str, Any]:
    head = {"fact": fact, "says": "It follows.", "cites": "firm/one"}
    return {**head, "of": {"procedure": "everything"}, "cases": cases, "otherwise": otherwise}


@cache
def _cases(values: tuple[str, ...]) -> st.SearchStrategy[list[dict[str, Any]]]:
    simple = st.sampled_from(
        [
            {"modifier": {"has_any": ["KX"]}},
            {"documented": {"fact": "urgent", "is": True}},
            {"companion": {"procedure": "64494", "same": ["date", "provider"]}},
            {
                "all_of": [
                    {"procedure": "64490"},
                    {"not_with": {"procedure": "64493", "same": ["date"]}},
                ]
            },
            {"place_of_service": "hospital"},
        ]
    )
    case = st.builds(
        lambda when, value: {"when": when, "is": value}, simple, st.sampled_from(values)
    )
    return st.lists(case, max_size=2)


DECISIONS = {
    "which_code": {
        "says": "Muscles and approach select the code.",
        "gives": "procedure",
        "cites": "firm/one",
        "rows": [
            {"code": "20552", "muscles": {"at_most": 2}, "approach": {"in": ["front", "side"]}},
            {"code": "20553", "muscles": {"at_least": 3}, "approach": {"in": ["front", "side"]}},
            {"code": "64490", "approach": {"is": "back"}},
        ],
    },
    "which_modifier": {
        "says": "The side selects the modifier.",
        "gives": "modifier",
        "cites": "firm/one",
        "rows": [
            {"code": "RT", "side": {"is": "right"}},
            {"code": "LT", "side": {"is": "left"}},
            {"code": "50", "side": {"is": "bilateral"}},
        ],
    },
}
