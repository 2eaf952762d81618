"""`all_of`, `any_of`, `none_of` and `count_of`: several forms together (clause A17)."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import AT_LEAST, AT_MOST, EQUALS, form, mapping, ref
from engine.compiler.forms.parts import compared
from engine.compiler.here import Here
from engine.compiler.words import comparison
from engine.model.term import All, CountOf, Not, Some, Term


def _all(here: Here, lowering: Lowering) -> Term:
    return All(_terms(here, lowering), "all of")


def _any(here: Here, lowering: Lowering) -> Term:
    return Some(_terms(here, lowering), "any of")


def _none(here: Here, lowering: Lowering) -> Term:
    return All(tuple(Not(t, "not") for t in _terms(here, lowering)), "none of")


def _count(here: Here, lowering: Lowering) -> Term:
    how, wanted = compared(here)
    return CountOf(_terms(here.at("of"), lowering), how, wanted, f"{comparison(here.data)} of")


def _terms(here: Here, lowering: Lowering) -> tuple[Term, ...]:
    return tuple(lowering.form(part) for part in here.each())


def _sentence(words: str) -> Any:
    return lambda data: words


ALL_OF_SCHEMA = ref(
    "plain_forms",
    "All of these forms hold.",
    [{"units": {"at_most": 1}}, {"modifier": {"has_any": ["KX"]}}],
)
ANY_OF_SCHEMA = ref(
    "plain_forms",
    "At least one of these forms holds.",
    [{"modifier": {"has_any": ["KX"]}}, {"prior_authorization": True}],
)
NONE_OF_SCHEMA = ref(
    "plain_forms",
    "None of these forms holds.",
    [{"place_of_service": ["23"]}],
)
COUNT_OF_SCHEMA = form(
    "a form that counts criteria",
    "So many of these forms hold.",
    [
        {
            "at_least": 2,
            "of": [
                {"documented": {"facts": ["imaging"]}},
                {"documented": {"facts": ["spinal_levels"]}},
                {"documented": {"facts": ["side"]}},
            ],
        }
    ],
    **mapping(
        {
            "of": ref("plain_forms", "The criteria.", [{"units": {"at_most": 1}}]),
            "at_least": AT_LEAST,
            "at_most": AT_MOST,
            "equals": EQUALS,
        },
        required=["of"],
        **{"x-exactly-one": ["at_most", "at_least", "equals"]},
    ),
)

ALL_OF = Form("all_of", ALL_OF_SCHEMA, _all, _sentence("all of these hold"))
ANY_OF = Form("any_of", ANY_OF_SCHEMA, _any, _sentence("one of these holds"))
NONE_OF = Form("none_of", NONE_OF_SCHEMA, _none, _sentence("none of these holds"))
COUNT_OF = Form(
    "count_of", COUNT_OF_SCHEMA, _count, lambda data: f"{comparison(data)} of these hold"
)
