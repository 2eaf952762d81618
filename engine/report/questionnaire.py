"""A checklist as a FHIR R4 Questionnaire: one question for each fact, typed by the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.vocabulary import Fact
from engine.report.cited import in_words

_GROUPS = {
    "before_service": "Before the service",
    "at_service": "At the service",
    "after_service": "After the service",
}
_TYPES = {
    "yes_no": "boolean",
    "integer": "integer",
    "percent": "integer",
    "duration": "quantity",
    "date": "date",
    "choice": "choice",
    "words": "string",
    "text": "text",
}
_UNITS = {"days": "d", "weeks": "wk", "months": "mo", "years": "a", "hours": "h", "minutes": "min"}
_UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
_LOWEST = "http://hl7.org/fhir/StructureDefinition/minValue"
_HIGHEST = "http://hl7.org/fhir/StructureDefinition/maxValue"


def questionnaire(
    shown: Mapping[str, Any], facts: Mapping[str, Fact], name: str, title: str, date: str
) -> dict[str, Any]:
    """The resource; what limits the service beside the note stands in a group to read."""
    groups = [
        {"linkId": when, "text": text, "type": "group", "item": items}
        for when, text in _GROUPS.items()
        if (items := [_question(i, facts[i["fact"]]) for i in shown["note"][when]])
    ]
    notes = [
        _display(f"{part}.{n}", reason)
        for part in ("claim", "limits", "authorization", "person", "never")
        for n, reason in enumerate(shown[part], start=1)
    ]
    if notes:
        groups.append({"linkId": "limits", "text": "To know", "type": "group", "item": notes})
    if not groups:
        text = "No rule here asks anything of the note."
        groups = [{"linkId": "nothing", "text": text, "type": "display"}]
    return {
        "resourceType": "Questionnaire",
        "name": _computable(name),
        "title": title,
        "status": "active",
        "experimental": False,
        "subjectType": ["Patient"],
        "date": date,
        "description": "What the note must state, computed from the coverage rules in force.",
        "item": groups,
    }


def _computable(name: str) -> str:
    """A name as R4 wants it: a capital letter, then letters, digits and underscores."""
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in name).split()
    return "".join(word[:1].upper() + word[1:] for word in ("Checklist", *words))


def _question(item: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    kind = "choice" if fact.values and fact.type in ("choice", "words") else _TYPES[fact.type]
    found: dict[str, Any] = {
        "linkId": fact.name,
        "text": fact.question or fact.says,
        "type": kind,
        "required": item["required"],
    }
    if fact.list or fact.type == "words":
        found["repeats"] = True
    if kind == "choice":
        found["answerOption"] = [
            {"valueCoding": {"code": v, "display": v.replace("_", " ")}} for v in fact.values
        ]
    extension = _extension(fact)
    if extension:
        found["extension"] = extension
    rules = enumerate(item["rules"], start=1)
    found["item"] = [_display(f"{fact.name}.{n}", reason) for n, reason in rules]
    return found


def _extension(fact: Fact) -> list[dict[str, Any]]:
    if fact.type == "percent":
        return [{"url": _LOWEST, "valueInteger": 0}, {"url": _HIGHEST, "valueInteger": 100}]
    if fact.type == "duration" and fact.unit:
        unit = f"{fact.unit.rstrip('s')}s"
        coding = {"code": _UNITS.get(unit, unit), "display": unit}
        return [{"url": _UNIT, "valueCoding": {"system": "http://unitsofmeasure.org", **coding}}]
    return []


def _display(link: str, reason: Mapping[str, Any]) -> dict[str, Any]:
    says = f"{reason['says']} [{in_words(reason['cites'])}]"
    return {"linkId": link, "text": says, "type": "display"}
