"""Plain words of YAML as values: only what is certainly a number is one, a code stays text."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"(?P<integer>0|-?[1-9][0-9]{0,17})|-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}


def plain_value(text: str) -> bool | int | Decimal | str | None:
    """The value of an unquoted word. `00100`, `8E0`, `NO`, `12:30` and dates are text."""
    if text in _WORDS:
        return _WORDS[text]
    found = _NUMBER.fullmatch(text)
    if not found:
        return text
    return int(text) if found["integer"] else Decimal(text)
