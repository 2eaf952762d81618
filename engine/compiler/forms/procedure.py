"""`procedure`: the billed code is among these."""

from __future__ import annotations

from typing import Any

from engine.compiler import values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import ref
from engine.compiler.here import Here
from engine.compiler.words import listed
from engine.model.term import Attribute, Term, Test


def _lower(here: Here, _: Lowering) -> Term:
    return Attribute("procedure", Test(codes=values.codes(here)), _sentence(here.data))


def _sentence(data: Any) -> str:
    return f"the procedure is {listed(data)}"


SCHEMA = ref(
    "codes",
    "The line's procedure code is one of these: a set's name, quoted codes, or a table column.",
    "trigger_point_injections",
    ["20552", "20553"],
)

FORM = Form("procedure", SCHEMA, _lower, _sentence)
