"""`provider`: the rendering provider's specialty, taxonomy, NPI or group is among these."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, ref
from engine.compiler.forms.parts import attributes, attributes_sentence
from engine.compiler.here import Here
from engine.model.term import Term

CODED = ("npi", "specialty", "taxonomy")


def _lower(here: Here, _: Lowering) -> Term:
    return attributes(here, "provider", coded=CODED, words=_sentence(here.data))


def _sentence(data: Any) -> str:
    return attributes_sentence("provider's", data)


SCHEMA = form(
    "a form about the rendering provider",
    "The provider who rendered the line.",
    [{"specialty": ["09", "72"]}],
    **mapping(
        {
            "npi": ref("codes", "National provider identifiers.", ["1234567893"]),
            "specialty": ref("codes", "Medicare specialty codes.", ["09", "72"]),
            "taxonomy": ref("codes", "Provider taxonomy codes.", ["208VP0014X"]),
            "group": ref("text_or_texts", "Names of billing groups.", "carolina-pain"),
        },
        minProperties=1,
    ),
)

FORM = Form("provider", SCHEMA, _lower, _sentence)
