"""`patient`: age in years on the service date, sex or birth date."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, ref
from engine.compiler.forms.parts import attributes, attributes_sentence
from engine.compiler.here import Here
from engine.model.term import Term


def _lower(here: Here, _: Lowering) -> Term:
    return attributes(here, "patient", coded=(), words=_sentence(here.data))


def _sentence(data: Any) -> str:
    return attributes_sentence("patient's", data)


SCHEMA = form(
    "a form about the patient",
    "The patient's age on the service date, sex or birth date.",
    [{"age": {"at_least": 18}}],
    **mapping(
        {
            "age": form(
                "a range of ages",
                "Whole years on the service date.",
                [{"at_least": 18}],
                **mapping(
                    {
                        "at_least": ref("value", "The youngest age, included.", 18),
                        "at_most": ref("value", "The oldest age, included.", 64),
                    },
                    minProperties=1,
                ),
            ),
            "sex": ref("text_or_texts", "The patient's sex as the claim states it.", "F"),
            "birth_date": form(
                "a range of dates",
                "The day of birth, both ends included.",
                [{"at_least": "1960-01-01"}],
                **mapping(
                    {
                        "at_least": ref("date", "Born on this day or later.", "1960-01-01"),
                        "at_most": ref("date", "Born on this day or earlier.", "1960-12-31"),
                    },
                    minProperties=1,
                ),
            ),
        },
        minProperties=1,
    ),
)

FORM = Form("patient", SCHEMA, _lower, _sentence)
