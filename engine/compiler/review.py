"""When a source is to be read again: a rule is as good as the last reading of what it cites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.compiler.library import day
from engine.model.length import Length, parse_length

USUAL = Length(12, "month")
"""How often a source is read again that does not say."""


def interval(source: Mapping[str, Any]) -> Length:
    """How often a source is to be read."""
    return parse_length(str(source.get("review_every"))) or USUAL


def due_on(source: Mapping[str, Any]) -> date | None:
    """The last day on which the reading of a source counts; None if it was never read."""
    read = day(source.get("read"))
    return None if read is None else interval(source).after(read)
