"""`spacing`: the time since every earlier such service (clause A11)."""

from __future__ import annotations

from typing import Any

from engine.compiler import known, values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import (
    AS,
    BY,
    COUNTING,
    DIFFERENT,
    OF,
    SAME,
    WHERE,
    form,
    mapping,
    ref,
)
from engine.compiler.forms.parts import counted, where_sentence
from engine.compiler.here import Here
from engine.compiler.words import agreeing, amount, listed
from engine.model.term import Spacing, Term


def _lower(here: Here, lowering: Lowering) -> Term:
    known.check_length(here.at("at_least"))
    return Spacing(
        counted(here, lowering),
        values.value(here.at("at_least")),
        here.text("as") or "spacing",
        _sentence(here.data),
    )


def _sentence(data: Any) -> str:
    return (
        f"at least {amount(data.get('at_least'))} since every earlier {listed(data.get('of'))}"
        f"{where_sentence(data)}{agreeing(data)}"
    )


SCHEMA = form(
    "a form about the time between services",
    "The time since every earlier such service is at least this long.",
    [{"of": "epidurals", "same": ["region"], "at_least": "2 weeks"}],
    **mapping(
        {
            "of": OF,
            "where": WHERE,
            "same": SAME,
            "different": DIFFERENT,
            "counting": COUNTING,
            "by": BY,
            "at_least": ref(
                "length_or_name",
                "A length of time, or a parameter that holds one.",
                "2 weeks",
            ),
            "as": AS,
        },
        required=["of", "at_least"],
        **{"x-hints": {"within": "`spacing` has no window: it looks at every earlier service"}},
    ),
)

FORM = Form("spacing", SCHEMA, _lower, _sentence, ("last", "next_eligible"))
