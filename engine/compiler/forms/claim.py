"""`claim`: what the claim says of itself: form, kind, stage, facility, state, contractor."""

from __future__ import annotations

from typing import Any

from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import form, mapping, ref, word_or_words
from engine.compiler.forms.parts import attributes, attributes_sentence
from engine.compiler.here import Here
from engine.model.term import Term


def _lower(here: Here, _: Lowering) -> Term:
    return attributes(here, "claim", coded=("state", "type_of_bill"), words=_sentence(here.data))


def _sentence(data: Any) -> str:
    return attributes_sentence("claim's", data)


SCHEMA = form(
    "a form about the claim",
    "What the claim as a whole says of itself.",
    [{"form": "professional"}],
    **mapping(
        {
            "form": word_or_words("The claim form.", "professional", "institutional"),
            "stage": word_or_words("Whether the service was done.", "billed", "planned"),
            "frequency": ref("text_or_texts", "Claim frequency code.", ["7"]),
            "type_of_bill": ref("text_or_texts", "Type of bill, institutional.", ["0131"]),
            "facility_type": word_or_words(
                "Where the service was rendered, whoever bills: a physician's claim from a "
                "hospital has `hospital_outpatient`, too.",
                "office",
                "hospital_outpatient",
                "ambulatory_surgical_center",
                "other",
            ),
            "kind": word_or_words(
                "Who bills: `professional` is the practitioner's claim, `facility` the hospital's "
                "or surgery centre's own (which follows from the form, the type of bill, and "
                "specialty 49); add `facility_type` to say which.",
                "professional",
                "facility",
            ),
            "state": ref("text_or_texts", "The state of the service, two letters.", ["NC"]),
            "contractor": ref("text_or_texts", "The Medicare contractor.", "palmetto"),
            "plan": ref("text_or_texts", "The payer's plan.", ["ppo"]),
            "payer": ref("text_or_texts", "The payer's folder name.", "medicare"),
        },
        minProperties=1,
    ),
)

FORM = Form("claim", SCHEMA, _lower, _sentence)
