"""`modifier`: the line bears any, all or none of these modifiers."""

from __future__ import annotations

from typing import Any

from engine.compiler import values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, ref
from engine.compiler.here import Here
from engine.compiler.words import listed
from engine.model.term import All, Bears, Term

_HOWS = ("has_any", "has_all", "has_none")
_WORDS = {
    "has_any": ("bears", "or"),
    "has_all": ("bears", "and"),
    "has_none": ("bears none of", "or"),
}


def _lower(here: Here, _: Lowering) -> Term:
    terms: list[Term] = []
    for how in _HOWS:
        place = here.get(how)
        if place is not None:
            words = _sentence({how: place.data})
            terms.append(Bears(how, values.codes(place), words))  # type: ignore[arg-type]
    return terms[0] if len(terms) == 1 else All(tuple(terms), _sentence(here.data))


def _sentence(data: Any) -> str:
    parts = [
        f"{verb} {listed(data[how], joiner)}"
        for how, (verb, joiner) in _WORDS.items()
        if data.get(how) is not None
    ]
    return "the line " + " and ".join(parts)


SCHEMA = form(
    "a form about modifiers",
    "Modifiers that the line bears or does not bear.",
    [{"has_any": ["25"]}],
    **mapping(
        {
            "has_any": ref("codes", "The line bears at least one of these.", ["KX"]),
            "has_all": ref("codes", "The line bears all of these.", ["RT", "KX"]),
            "has_none": ref("codes", "The line bears none of these.", ["59"]),
        },
        minProperties=1,
    ),
)

FORM = Form("modifier", SCHEMA, _lower, _sentence)
