"""`manual_review`: a question that a person answers; never decided by design (clause A33)."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, ref
from engine.compiler.here import Here
from engine.model.term import Fixed, Term


def _lower(here: Here, _: Lowering) -> Term:
    words = _sentence(here.data)
    return Fixed(None, words, here.text("question") or "", here.text("who") or "")


def _sentence(data: Any) -> str:
    return f"{data.get('who', 'a person')} decides: {data.get('question', '')}"


SCHEMA = form(
    "a form that leaves the decision to a person",
    "A question that a person must answer; the rule stays undecided by design.",
    [{"question": "Is the surgery related?", "who": "medical director"}],
    **mapping(
        {
            "question": ref("text", "The question, in one sentence.", "Is it related?"),
            "who": ref("text", "Who answers it.", "medical director"),
        },
        required=["question", "who"],
    ),
)

FORM = Form("manual_review", SCHEMA, _lower, _sentence)
