"""A rule about diagnoses reads no form of a line: several lines may point to a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.compiler.here import Here

_WHOLE = ("diagnosis", "patient", "claim", "never", "manual_review")
_COMBINED = ("all_of", "any_of", "none_of")
_HELP = {"active_code": "ask for the diagnosis with `diagnosis: {table: ..., column: ...}`"}
_OF_A_PLACE = ("kind", "facility_type")
"""What of a claim follows from the place of service of a line."""


def check_diagnosis_rule(parts: Mapping[str, Here]) -> None:
    """Refuse in a rule with `for_each: diagnosis` what only a line could answer (clause A1)."""
    _forms(parts["applies_to"])
    for name in ("when", "when_stated", "requires"):
        if name in parts:
            _forms(parts[name])
    for exception in parts["unless"].each() if "unless" in parts else ():
        when = exception.get("when")
        if when is not None:
            _forms(when)


def _forms(here: Here) -> None:
    if not isinstance(here.data, dict):
        return
    for name, place in here.items():
        if name in _COMBINED:
            _each(place)
        elif name == "count_of":
            _each(place.at("of"))
        elif not _is_whole(name, place.data, here):
            place.problem(
                "form-of-a-line",
                f"`{name}` is of a line, and a diagnosis may have several",
                _HELP.get(name, "leave out `for_each`, so that the rule judges lines"),
                key=True,
            )


def _each(here: Here) -> None:
    for part in here.each():
        _forms(part)


def _is_whole(name: str, data: Any, here: Here) -> bool:
    if name == "claim":
        return isinstance(data, dict) and not any(key in data for key in _OF_A_PLACE)
    if name != "documented" or not isinstance(data, dict):
        return name in _WHOLE
    facts = [str(data["fact"])] if "fact" in data else list(data.get("facts") or ())
    known = here.sight.facts
    return all(fact not in known or known[fact].about != "line" for fact in facts)
