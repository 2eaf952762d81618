"""`documented`: the record states a fact, and states it so (clause A15)."""

from __future__ import annotations

from typing import Any

from engine.compiler import known, values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, ref
from engine.compiler.here import Here
from engine.compiler.words import comparison, listed, plain
from engine.model.term import All, Stated, Term

_TESTS = ("is", "in", "at_least", "at_most", "includes")


def _lower(here: Here, _: Lowering) -> Term:
    facts = here.get("facts")
    if facts is not None:
        return _all_stated(facts)
    name = here.text("fact") or ""
    if not known.check_fact(here.at("fact")):
        return Stated(name, None, _sentence(here.data))
    known.check_choice(here, name)
    known.check_measure(here, name)
    tested = any(here.data.get(key) is not None for key in _TESTS)
    return Stated(name, values.test(here, coded=False) if tested else None, _sentence(here.data))


def _all_stated(facts: Here) -> Term:
    for part in facts.each():
        known.check_fact(part)
    terms = [Stated(str(p.data), None, f"the record states {plain(p.data)}") for p in facts.each()]
    return All(tuple(terms), _sentence({"facts": facts.data}))


def _sentence(data: Any) -> str:
    if "facts" in data:
        return f"the record states {listed(data['facts'], 'and')}"
    test = comparison(data)
    return f"the record states {plain(data.get('fact', ''))}" + (f" {test}" if test else "")


SCHEMA = form(
    "a form about the record",
    "The record states this fact so, or states each of these facts.",
    [{"fact": "imaging", "is": "fluoroscopy"}, {"facts": ["levels_treated"]}],
    **mapping(
        {
            "fact": ref("name", "A fact of the vocabulary.", "conservative_care_weeks"),
            "facts": {
                "description": "Facts that the record must state, whatever their value.",
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/name"},
                "examples": [["levels_treated", "side"]],
            },
            "is": ref("compared", "The fact has this value.", "fluoroscopy", True),
            "in": ref("compared_list", "The fact has one of these values.", ["ct", "mri"]),
            "at_least": ref("measure", "The fact is this much or more.", 50, "6 weeks"),
            "at_most": ref("measure", "The fact is this much or less.", 2),
            "includes": ref("compared", "The fact is a list that holds this.", "L4-L5"),
        },
        **{
            "x-exactly-one": ["fact", "facts"],
            "x-exactly-one-with": {"fact": ["is", "in", "at_least", "at_most", "includes"]},
            "x-hints": {
                "equals": "write `is`",
                "one_of": "write `in`",
                "not": "use `none_of`",
            },
            "dependentRequired": {
                key: ["fact"] for key in ("is", "in", "at_least", "at_most", "includes")
            },
        },
    ),
)

FORM = Form("documented", SCHEMA, _lower, _sentence)
