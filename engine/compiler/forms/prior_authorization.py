"""`prior_authorization`: the claim or the line carries one, or carries none."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.here import Here
from engine.model.term import Attribute, Constant, Term, Test


def _lower(here: Here, _: Lowering) -> Term:
    test = Test(among=(Constant(here.data is not False),))
    return Attribute("prior_authorization", test, _sentence(here.data))


def _sentence(data: Any) -> str:
    return f"the claim or the line carries {'a' if data is not False else 'no'} prior authorization"


SCHEMA = {
    "description": "true: the claim or the line carries a prior authorization number.",
    "type": "boolean",
    "examples": [True],
}

FORM = Form("prior_authorization", SCHEMA, _lower, _sentence)
