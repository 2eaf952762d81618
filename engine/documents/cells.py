"""The types of a table's columns, and how their cells are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

Cell: TypeAlias = "str | int | date | None"


def _code(text: str) -> str | None:
    text = text.upper()
    return text if re.fullmatch(r"[0-9A-Z][0-9A-Z.]*", text) else None


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text) else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


TYPES: dict[str, Callable[[str], Cell]] = {
    "code": _code,
    "integer": _integer,
    "date": _date,
    "word": str,
}
"""What the text of a cell stands for; None if it is not of that type."""
WORDS = {
    "code": "code",
    "integer": "whole number",
    "date": "date like 2025-01-31",
    "word": "word",
}
