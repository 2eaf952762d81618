"""A part of the page, and how its cells are made."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from engine.analysis.html.tables import Number
from engine.analysis.markup import Content, Markup, tag
from engine.analysis.summary.words import money, rule_name


@dataclass(frozen=True)
class Section:
    """A part with a line that says what its numbers mean; without content it is left out."""

    anchor: str
    title: str
    means: str
    content: Content


def number(count: int) -> Number:
    """A count."""
    return Number(count, f"{count:,}")


def dollars(amount: Decimal) -> Number:
    """Money; nothing is a dash."""
    return Number(float(amount), money(amount) if amount else "-")


def rule_mark(rule: str) -> Markup:
    """A rule by name and topic; its whole id where the pointer rests."""
    return tag("code", rule_name(rule), title=rule)
