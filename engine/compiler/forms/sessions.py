"""`sessions`: distinct service dates in a named window (clauses A9, A10)."""

from __future__ import annotations

from typing import Any, cast

from engine.compiler import values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import (
    AS,
    AT_LEAST,
    AT_MOST,
    BY,
    COUNTING,
    DIFFERENT,
    EQUALS,
    OF,
    SAME,
    WHERE,
    form,
    mapping,
    ref,
    words,
)
from engine.compiler.forms.parts import compared, counted, where_sentence
from engine.compiler.here import Here
from engine.compiler.words import agreeing, comparison, listed, plain
from engine.model.term import Fixed, Sessions, Term


def _lower(here: Here, lowering: Lowering) -> Term:
    how, wanted = compared(here)
    place = here.get("within")
    window = values.window(place) if place else None
    services = counted(here, lowering)
    if window is None:
        return Fixed(None, _sentence(here.data))
    return Sessions(
        services,
        window,
        how,
        wanted,
        cast(Any, here.text("count") or "dates"),
        here.text("as") or "sessions",
        _sentence(here.data),
    )


def _sentence(data: Any) -> str:
    noun = {"lines": "lines", "units": "units"}.get(str(data.get("count")), "sessions")
    return (
        f"{comparison(data)} {noun} of {listed(data.get('of'))}"
        f"{where_sentence(data)}{agreeing(data)} within {plain(data.get('within'))}"
    )


SCHEMA = form(
    "a form that counts sessions",
    "Counts service dates in a named window, in this claim and in the patient's history.",
    [{"of": "epidurals", "within": "rolling_year", "at_most": 4}],
    **mapping(
        {
            "of": OF,
            "where": WHERE,
            "same": SAME,
            "different": DIFFERENT,
            "within": ref(
                "window_name",
                "The name of a window that this policy or its payer declares.",
                "rolling_year",
            ),
            "count": words(
                "What is counted: service dates, lines, or units.", "dates", "lines", "units"
            ),
            "counting": COUNTING,
            "by": BY,
            "at_most": AT_MOST,
            "at_least": AT_LEAST,
            "equals": EQUALS,
            "as": AS,
        },
        required=["of", "within"],
        **{"x-exactly-one": ["at_most", "at_least", "equals"]},
    ),
)

FORM = Form(
    "sessions", SCHEMA, _lower, _sentence, ("count", "limit", "window", "dates", "next_eligible")
)
