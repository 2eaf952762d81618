"""Fills the names in braces of a rule's sentences (clause A26)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.chain.facts import LineFacts
from engine.chain.reading import reader
from engine.model.book import Rule, in_force

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CLAIM_PATHS = ("form", "facility_type", "payer", "contractor", "state")


def filled(text: str, rule: Rule, x: LineFacts, reports: Mapping[str, object]) -> str:
    """The sentence with parameters as in force on the line's date, fields and reports."""
    return _PLACEHOLDER.sub(lambda m: shown(_value(m[1], rule, x, reports)), text)


def shown(value: Any) -> str:
    """A value as a reader wants it."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return " ".join(map(str, value)) or "none"
    return str(value)


def _value(name: str, rule: Rule, x: LineFacts, reports: Mapping[str, object]) -> object:
    if name in reports:
        return reports[name]
    full = (rule.names or {}).get(name)
    if full is not None:
        dated = in_force(x.around.bound.book.parameters.get(full, ()), x.date)
        return dated.value if dated else None
    owner, _, field = name.partition(".")
    if owner == "line":
        return _of_line(x, field)
    if name == "diagnosis":
        return x.diagnoses[0] if x.diagnoses else None
    if name == "claim.claim_id":
        return x.around.claim.claim_id
    if name == "claim.group":
        return x.group
    if owner in ("patient", "claim"):
        return reader(name)(x)
    return "{" + name + "}"


def _of_line(x: LineFacts, field: str) -> object:
    value: object = x.diagnoses if field == "diagnoses" else getattr(x.line, field, None)
    return value
