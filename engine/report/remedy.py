"""Proposes edits of a claim, and calls one verified only after the amended claim was evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from engine.chain.binding import Binding
from engine.chain.facts import LineFacts
from engine.chain.needs import ask_fact, ask_field
from engine.chain.ruling import Ruling
from engine.chain.stratified import Decided, decide
from engine.model.book import WEIGHTY, Remedy, in_force
from engine.model.claim import Claim, History, Line

Mends: TypeAlias = Callable[[Claim, str, tuple[int, ...]], bool]
"""Whether an amended claim passes a rule on some lines, by index, and violates nothing new."""


def remedy_of(
    ruling: Ruling, x: LineFacts, lines: tuple[int, ...], mends: Mends
) -> dict[str, Any] | None:
    """The remedy of a violated rule, as a result shows it; None if the rule names none."""
    remedy = ruling.rule.consequence.remedy
    if remedy is None:
        return None
    if remedy.kind == "ask":
        return _question(x, str(remedy.value))
    if not supported(remedy, x):
        return _question(x, remedy.asks or "")
    edit = _edit(remedy, ruling, x)
    if edit is None:
        return None
    shown = {"class": "clerical", **edit}
    claim = _amended(x.around.claim, edit, lines)
    if claim is None:
        return {**shown, "verified": False}
    return {**shown, "verified": mends(claim, ruling.rule.id, lines)}


def _question(x: LineFacts, name: str) -> dict[str, Any]:
    need = ask_fact(x, name) if name in x.around.bound.book.facts else ask_field(name, x)
    return {"class": "needs_fact", "ask": need.fact, "question": need.question, "verified": False}


def supported(remedy: Remedy, x: LineFacts) -> bool:
    if remedy.support is None:
        return True
    value = Binding(x.around.bound, x.date, x.procedure).bind(remedy.support)
    return (value(x) if callable(value) else value) is True


def _edit(remedy: Remedy, ruling: Ruling, x: LineFacts) -> dict[str, Any] | None:
    """The edit with its values filled in; None where one of them is not known."""
    if remedy.kind == "set" and isinstance(remedy.value, dict):
        fields = dict(remedy.value)
        for field, value in fields.items():
            if value == "from_decision":
                fields[field] = ruling.reports().get("decision.only")
            elif field == "units" and not isinstance(value, int):
                fields[field] = _units(value, ruling, x)
        return None if None in fields.values() else {"set": fields}
    value = list(remedy.value) if isinstance(remedy.value, tuple) else remedy.value
    return {remedy.kind: value}


def _units(value: object, ruling: Ruling, x: LineFacts) -> object:
    """The units that a parameter names, else those that the rule allows."""
    full = (ruling.rule.names or {}).get(str(value))
    dated = in_force(x.around.bound.book.parameters.get(full or "", ()), x.date)
    return dated.value if dated else ruling.reports().get("units.limit")


def _amended(claim: Claim, edit: Mapping[str, Any], lines: tuple[int, ...]) -> Claim | None:
    """The claim after the edit of the lines, given by index."""
    changed: list[Line] = []
    for index, line in enumerate(claim.lines):
        if index not in lines:
            changed.append(line)
        elif "remove_line" not in edit:
            amended = _amend(line, edit)
            if amended is None:
                return None
            changed.append(amended)
    return replace(claim, lines=tuple(changed)) if changed else None


def _amend(line: Line, edit: Mapping[str, Any]) -> Line | None:
    if "set" in edit:
        fields = dict(edit["set"])
        for name in ("modifiers", "diagnoses"):
            if name in fields:
                fields[name] = tuple(fields[name])
        if "service_date" in fields:
            fields["service_date"] = date.fromisoformat(str(fields["service_date"]))
        return replace(line, **fields)
    if "add_modifier" in edit:
        added = edit["add_modifier"]
        more = tuple(added) if isinstance(added, list) else (str(added),)
        return replace(line, modifiers=(*line.modifiers, *more))
    if "remove_modifiers" in edit:
        gone = edit["remove_modifiers"]
        gone = gone if isinstance(gone, list) else [gone]
        return replace(line, modifiers=tuple(m for m in line.modifiers if m not in gone))
    return None


def mended(
    history: History, before: Decided, claim: Claim, rule: str, lines: tuple[int, ...]
) -> bool:
    """`Mends` of a claim that was decided: the amended one is decided as well."""
    after = decide(before.around.bound, claim, history)
    numbers = {before.around.claim.lines[n].number for n in lines}
    open_still = any(
        bound.rule.id == rule and word != "met" and claim.lines[n].number in numbers
        for _, bound, word, indexes in after.outcomes
        for n in indexes
    )
    return not open_still and _violations(after) <= _violations(before)


def _violations(decided: Decided) -> set[tuple[str, int]]:
    return {
        (bound.rule.id, decided.around.lines[n].line.number)
        for _, bound, word, lines in decided.outcomes
        if word == "violated" and bound.rule.consequence.finding in WEIGHTY
        for n in lines
    }
