"""Puts the small parts of forms into words, for sentences and explanations."""

from __future__ import annotations

from typing import Any

_COMPARISONS = {"at_most": "at most", "at_least": "at least", "equals": "exactly"}


def listed(data: Any, joiner: str = "or") -> str:
    """``a, b or c``; a table's column is named, a set's name is read as words."""
    if isinstance(data, dict):
        if "table" in data:
            rows = data.get("rows") or {}
            chosen = ", ".join(f"{name} {listed(values)}" for name, values in rows.items())
            listing = f"the {plain(data.get('column', 'rows'))} of {plain(data['table'])}"
            return f"{listing} ({chosen})" if chosen else listing
        return comparison(data)
    if not isinstance(data, list):
        return plain(data)
    words = [plain(item) for item in data]
    if len(words) < 2:
        return words[0] if words else "nothing"
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"


def plain(data: Any) -> str:
    """One value in words."""
    if data is True:
        return "yes"
    if data is False:
        return "no"
    return str(data).replace("_", " ")


def amount(data: Any) -> str:
    """A value to compare with; a parameter stands in braces and is shown with its value."""
    if isinstance(data, dict):
        if "fact" in data:
            return f"the documented {plain(data['fact'])}"
        if "line" in data:
            return f"the line's {plain(data['line'])}"
        return f"the {plain(data.get('column'))} of {plain(data.get('table'))}"
    text = str(data)
    return f"{{{text}}}" if text[:1].islower() and " " not in text else text


def comparison(data: dict[str, Any], noun: str = "") -> str:
    """``at least 6 weeks``, ``is yes``, ``one of a or b``."""
    parts = [
        f"{word} {amount(data[key])}{noun and ' ' + noun}"
        for key, word in _COMPARISONS.items()
        if data.get(key) is not None
    ]
    if "is" in data:
        parts.append(f"{plain(data['is'])}")
    if "in" in data:
        parts.append(f"{listed(data['in'])}")
    if "includes" in data:
        parts.append(f"includes {plain(data['includes'])}")
    return " and ".join(parts)


def agreeing(data: dict[str, Any]) -> str:
    """``, same date and provider, different region``."""
    same = f", same {listed(data['same'], 'and')}" if data.get("same") else ""
    different = f", different {listed(data['different'], 'and')}" if data.get("different") else ""
    return same + different
