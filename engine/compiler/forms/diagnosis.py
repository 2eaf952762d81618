"""`diagnosis`: a diagnosis that the line points to is in a set."""

from __future__ import annotations

from typing import Any

from engine.compiler import values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import ROWS, form, ref
from engine.compiler.here import Here
from engine.compiler.words import listed
from engine.model.term import Points, Term


def _lower(here: Here, _: Lowering) -> Term:
    if isinstance(here.data, dict) and "of" in here.data:
        primary = here.data.get("primary") is True
        return Points(values.codes(here.at("of")), primary, _sentence(here.data))
    return Points(values.codes(here), False, _sentence(here.data))


def _sentence(data: Any) -> str:
    if isinstance(data, dict) and "of" in data:
        first = "first " if data.get("primary") else ""
        return f"a {first}diagnosis of the line is among {listed(data['of'])}"
    return f"a diagnosis of the line is among {listed(data)}"


SCHEMA = form(
    "diagnosis codes: a set's name, a quoted code, a list, or `{of: ..., primary: true}`",
    "A diagnosis to which the line points is one of these.",
    ["supporting_diagnoses", {"of": "supporting_diagnoses", "primary": True}],
    type=["string", "array", "object"],
    pattern="^([a-z][a-z0-9_]*|[0-9A-Z][0-9A-Z.]{1,9})$",
    minItems=1,
    items={"$ref": "#/$defs/code_or_set"},
    properties={
        "of": ref("codes", "The diagnoses.", "supporting_diagnoses"),
        "primary": {
            "description": "true: only the first diagnosis that the line points to.",
            "type": "boolean",
            "examples": [True],
        },
        "table": ref("name", "The table to look in.", "diagnosis_list"),
        "column": ref("name", "The column with the codes.", "diagnosis"),
        "rows": ROWS,
    },
    additionalProperties=False,
    **{"x-exactly-one": ["of", "table"], "dependentRequired": {"table": ["column"]}},
)

FORM = Form("diagnosis", SCHEMA, _lower, _sentence)
