"""`not_with`: no such line exists beside this one."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping
from engine.compiler.forms.relation import (
    COMPANION,
    COMPANION_RULES,
    REPORTS,
    related,
    relation_sentence,
)
from engine.compiler.here import Here
from engine.model.term import Not, Term


def _lower(here: Here, lowering: Lowering) -> Term:
    there = f"there is {relation_sentence(here.data)}"
    return Not(related(here, lowering, "not_with", there), _sentence(here.data))


def _sentence(data: Any) -> str:
    return f"there is no {relation_sentence(data).removeprefix('a ')}"


SCHEMA = form(
    "a form that forbids another line",
    "No other line of the claim or of the patient's day is like this. Only the line that "
    "`applies_to` names is judged.",
    [{"procedure": "epidurals", "same": ["date"], "different": ["region"]}],
    **mapping(dict(COMPANION), **COMPANION_RULES),
)

FORM = Form("not_with", SCHEMA, _lower, _sentence, REPORTS)
