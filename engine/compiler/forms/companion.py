"""`companion`: such a line exists beside this one."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, words
from engine.compiler.forms.relation import (
    COMPANION,
    COMPANION_RULES,
    REPORTS,
    related,
    relation_sentence,
)
from engine.compiler.here import Here
from engine.model.term import Term


def _lower(here: Here, lowering: Lowering) -> Term:
    return related(here, lowering, "companion", _sentence(here.data))


def _sentence(data: Any) -> str:
    return f"there is {relation_sentence(data)}"


SCHEMA = form(
    "a form that wants another line",
    "Another line of the claim or of the patient's day exists that is like this.",
    [{"procedure": "epidurals", "same": ["date"]}],
    **mapping(
        {
            **COMPANION,
            "outcome": words(
                "`payable`: the other line is not denied or rejected by another rule.",
                "payable",
            ),
        },
        **COMPANION_RULES,
    ),
)

FORM = Form("companion", SCHEMA, _lower, _sentence, REPORTS)
