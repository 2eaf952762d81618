"""`never`: this is not covered (clause A16)."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import words
from engine.compiler.here import Here
from engine.model.term import Fixed, Term


def _lower(here: Here, _: Lowering) -> Term:
    return Fixed(False, _sentence(here.data))


def _sentence(_: Any) -> str:
    return "this is not covered"


SCHEMA = words("`covered`: this is not covered, whatever else is true.", "covered")

FORM = Form("never", SCHEMA, _lower, _sentence)
