"""`outcome`: another rule on this line is violated, or passed (clause A13)."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, ref, words
from engine.compiler.here import Here
from engine.compiler.words import plain
from engine.model.term import OutcomeOf, Term


def _lower(here: Here, lowering: Lowering) -> Term:
    rule = lowering.rule(here.at("rule"))
    return OutcomeOf(rule, here.text("is") == "violated", _sentence(here.data))


def _sentence(data: Any) -> str:
    return f"the rule {data.get('rule')} is {plain(data.get('is'))}"


SCHEMA = form(
    "a form about another rule",
    "Another rule of this policy came out so on this same line.",
    [{"rule": "supporting-diagnosis", "is": "violated"}],
    **mapping(
        {
            "rule": ref("rule_name", "The other rule.", "supporting-diagnosis"),
            "is": words(
                "`passed` is met or not applicable; `violated` is violated.",
                "violated",
                "passed",
            ),
        },
        required=["rule", "is"],
    ),
)

FORM = Form("outcome", SCHEMA, _lower, _sentence)
