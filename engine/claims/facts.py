"""Reads documented facts as they stand beside a claim, before any vocabulary is known."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.claims.fields import Fields
from engine.claims.where import Where, writable
from engine.model.claim import NOTHING, FactValue
from engine.model.problem import Problem

LineFacts = Mapping[int, Mapping[str, FactValue]]


def documented(fields: Fields) -> tuple[Mapping[str, FactValue], LineFacts]:
    """The facts about the claim and about its lines, of the field `documentation`."""
    record = fields.below("documentation", ("claim", "lines"))
    if record is None:
        return NOTHING, {}
    return facts_in(record)


def facts_in(record: Fields) -> tuple[Mapping[str, FactValue], LineFacts]:
    """The facts of an object with the fields `claim` and `lines`."""
    about_claim = record.get("claim")
    where = record.where.inside("claim", place="claim")
    facts = NOTHING if about_claim is None else facts_of(about_claim, where, record.problems)
    return facts, _line_facts(record)


def _line_facts(record: Fields) -> LineFacts:
    lines = record.get("lines")
    found: dict[int, Mapping[str, FactValue]] = {}
    if lines is None:
        return found
    if not isinstance(lines, dict):
        record.report("lines", "wrong-type", "`lines` must be an object of line numbers")
        return found
    for key, facts in lines.items():
        number = _line_number(key)
        where = record.where.inside("lines", key, place=f"line {number}")
        if number is None:
            record.report("lines", "unknown-line", "a key of `lines` is not a line number")
        elif number in found:
            record.report("lines", "duplicate-line", f"line {number} is documented twice")
        elif facts is not None:
            found[number] = facts_of(facts, where, record.problems)
    return found


def _line_number(key: Any) -> int | None:
    fits = isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 10
    return int(key) if fits else None


def facts_of(data: Any, where: Where, problems: list[Problem]) -> Mapping[str, FactValue]:
    """Named facts as frozen values; null is kept, for it was looked for and is not there."""
    if not isinstance(data, dict):
        problems.append(where.problem("wrong-type", "facts must be an object of named values"))
        return NOTHING
    found: dict[str, FactValue] = {}
    for name, value in data.items():
        if not isinstance(name, str):
            problems.append(where.problem("wrong-type", "the name of a fact must be a text"))
        elif not _simple(value):
            message = f"the fact `{name}` must be a simple value or a list of them"
            problems.append(where.problem("wrong-type", message, at=(name,), place=name))
        else:
            found[name] = _frozen(value)
    return found or NOTHING


def _simple(value: Any) -> bool:
    if isinstance(value, list):
        return all(item is not None and not isinstance(item, list) for item in value) and all(
            map(_simple, value)
        )
    if isinstance(value, str):
        return writable(value)
    return value is None or isinstance(value, (bool, int, Decimal))


def _frozen(value: Any) -> FactValue:
    frozen: FactValue = tuple(map(_frozen, value)) if isinstance(value, list) else value
    return frozen
