"""Sentences with names in braces: which names a rule may use, and what they refer to (A26)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.compiler.forms import FORMS
from engine.compiler.here import Here

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LINE_FIELDS = (
    "number",
    "procedure",
    "modifiers",
    "units",
    "service_date",
    "place_of_service",
    "diagnoses",
    "charge",
    "prior_authorization",
)
CLAIM_FIELDS = ("claim_id", "form", "facility_type", "payer", "contractor", "state", "group")
PATIENT_FIELDS = ("age", "sex")


def check_sentence(here: Here, rule: Here) -> None:
    """Report every name in braces that nothing gives."""
    known = {*here.sight.parameters, *allowed(rule)}
    for match in PLACEHOLDER.finditer(str(here.data)):
        if match[1] not in known:
            here.unknown("name in braces", match[1], known)


def allowed(rule: Here) -> set[str]:
    """What a rule's sentences may name beside parameters: contract fields and form reports."""
    names = {f"line.{f}" for f in LINE_FIELDS}
    names |= {f"claim.{f}" for f in CLAIM_FIELDS} | {f"patient.{f}" for f in PATIENT_FIELDS}
    names.add("diagnosis")
    for form, label in _forms(rule.data):
        names |= {f"{label}.{report}" for report in FORMS[form].reports}
    return names


def _forms(data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, list):
        for item in data:
            yield from _forms(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in ("otherwise", "examples"):
                continue
            if key in FORMS and FORMS[key].reports:
                named = value.get("as") if isinstance(value, dict) else None
                yield key, str(named or ("decision" if key == "code_for" else key))
            yield from _forms(value)
