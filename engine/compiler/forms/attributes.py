"""`attributes`: what a code set says of the billed code, or what a derivation says of the line."""

from __future__ import annotations

from typing import Any

from engine.compiler import known
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form
from engine.compiler.forms.parts import attributes, attributes_sentence
from engine.compiler.here import Here
from engine.model.term import Term


def _lower(here: Here, _: Lowering) -> Term:
    for name, place in here.items():
        if not here.sight.knows_attribute(name):
            names = {*here.sight.attributes, *here.sight.derives}
            place.unknown("attribute", name, names, key=True)
            continue
        allowed = known.attribute_values(here.sight, name)
        for word in known.words_of(place):
            if allowed and str(word.data) not in allowed:
                word.unknown(f"value of {name}", str(word.data), allowed)
    return attributes(here, "attributes", coded=(), words=_sentence(here.data))


def _sentence(data: Any) -> str:
    return attributes_sentence("line's", data)


SCHEMA = form(
    "a form about attributes of the line's code",
    "Attributes that a code set or a derived fact gives the line, and what they must be.",
    [{"position": "first"}],
    type="object",
    minProperties=1,
    additionalProperties={"$ref": "#/$defs/test"},
)

FORM = Form("attributes", SCHEMA, _lower, _sentence)
