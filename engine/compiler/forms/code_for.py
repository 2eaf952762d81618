"""`code_for`: the billed code is one that the documented facts select (clause A18)."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import ref
from engine.compiler.here import Here
from engine.compiler.words import plain
from engine.model.term import Fixed, Selects, Term


def _lower(here: Here, _: Lowering) -> Term:
    name = str(here.data)
    known = here.sight.decisions
    if name not in known:
        here.unknown("decision", name, known)
        return Fixed(None, _sentence(here.data))
    return Selects(known[name], "decision", _sentence(here.data))


def _sentence(data: Any) -> str:
    return f"the documented facts select the billed code ({plain(data)})"


SCHEMA = ref(
    "name",
    "The billed code is one that this decision table selects from the documented facts.",
    "trigger_point_code",
)

FORM = Form("code_for", SCHEMA, _lower, _sentence, ("codes",))
