"""What lint reads in the terms of a rule: its parts, its numbers and the names it leans on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.model.book import Rule
from engine.model.record import Record
from engine.model.term import Constant, CountOf, Parameter, Sessions, Spacing, Test, Units


def walk(value: Any) -> Iterator[Any]:
    """A record and every record in it, outermost first."""
    if isinstance(value, Record):
        yield value
        for name in value._fields:
            yield from walk(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from walk(part)


def terms_of(rule: Rule) -> Iterator[Any]:
    """The terms of a rule: left side, requirement, exceptions."""
    yield from (rule.applies_to, rule.when, rule.when_stated, rule.requires)
    yield from (exemption.when for exemption in rule.exemptions)


def parts_of(rule: Rule) -> Iterator[Any]:
    """Every record in a rule's terms, and in what supports its remedy."""
    for term in terms_of(rule):
        yield from walk(term)
    remedy = rule.consequence.remedy
    yield from walk(remedy.support if remedy else None)


def numbers_in(term: Any) -> Iterator[Constant | Parameter]:
    """What a term compares with: numbers, lengths and parameters."""
    for part in walk(term):
        if isinstance(part, Units | Sessions | CountOf):
            found = [part.value]
        elif isinstance(part, Spacing):
            found = [part.length]
        elif isinstance(part, Test):
            found = [v for v in (part.at_least, part.at_most) if v is not None]
        else:
            continue
        yield from (value for value in found if isinstance(value, Constant | Parameter))
