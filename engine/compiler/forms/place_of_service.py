"""`place_of_service`: where the service was rendered is among these."""

from __future__ import annotations

from typing import Any

from engine.compiler import values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import ref
from engine.compiler.here import Here
from engine.compiler.words import listed
from engine.model.term import Attribute, Term, Test


def _lower(here: Here, _: Lowering) -> Term:
    return Attribute("place_of_service", Test(codes=values.codes(here)), _sentence(here.data))


def _sentence(data: Any) -> str:
    return f"the place of service is {listed(data)}"


SCHEMA = ref(
    "codes",
    "The line's place of service is one of these: a set's name or quoted codes.",
    "hospital_outpatient_places",
    ["11"],
)

FORM = Form("place_of_service", SCHEMA, _lower, _sentence)
