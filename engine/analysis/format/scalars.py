"""One way to write each scalar: quotes where a reader could take the text for something else."""

from __future__ import annotations

import json
import re

from engine.documents.scalars import plain_value

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DOUBTFUL = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|~")
"""Words that one or the other YAML reader takes for truth or nothing."""
_FIRST = set("!&*-?|>@`\"'%#,[]{}:=")
_CODE = re.compile(r"\.?\d\S*|\.{3}.*")
_ODD = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(value: str, *, plain: bool, in_flow: bool) -> str:
    """A scalar as the canonical form has it; `plain` says that the author wrote no quotes.

    What was a number, a truth or nothing without quotes stays that. Of texts, those that begin
    with a digit (codes, but not dates and not lengths such as ``6 weeks``) have quotes.
    """
    if plain and not isinstance(plain_value(value), str):
        return value or ("null" if in_flow else "")
    if _needs_quotes(value, in_flow=in_flow):
        return quoted(value)
    return value


def quoted(value: str) -> str:
    """In double quotes; in single ones where that saves escapes."""
    if ('"' in value or "\\" in value) and not _ODD.search(value):
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False)


def _needs_quotes(value: str, *, in_flow: bool) -> bool:
    if not value or value != value.strip() or _ODD.search(value) or value[0] in _FIRST:
        return True
    if not isinstance(plain_value(value), str) or _DOUBTFUL.fullmatch(value):
        return True
    if _CODE.fullmatch(value) and not _DATE.fullmatch(value):
        return True
    if ": " in value or " #" in value or value.endswith(":"):
        return True
    return in_flow and any(sign in value for sign in ",[]{}:?")
