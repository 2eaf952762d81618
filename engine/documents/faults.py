"""A fault of plain data before it has a place: what is said, and of which path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.documents.marks import Marks, Path
from engine.model.problem import Problem


@dataclass(frozen=True)
class Raw:
    """What a validator says: the keyword of the schema that failed, and at which value."""

    path: Path
    keyword: str
    wanted: Any
    value: Any
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong at a path; shown at its key or at its value."""

    path: Path
    id: str
    message: str
    help: str | None = None
    at_key: bool = False

    def problem(self, marks: Marks) -> Problem:
        """The fault with its place."""
        place = marks.at_key(self.path) if self.at_key else marks.at_value(self.path)
        return Problem(place, self.id, self.message, self.help)


def listing(names: Any, word: str = "or") -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"


def in_words(value: object) -> str:
    """What a value is, for people: a text, a list, nothing."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | Decimal | float):
        return f"the number {value}"
    if isinstance(value, str):
        return "a text"
    return "a mapping" if isinstance(value, Mapping) else "a list"


_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema allows."""
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def wanted(schema: Mapping[str, Any]) -> str:
    """What a schema wants, in words: its title, or its types."""
    if title := schema.get("title"):
        return str(title)
    return " or ".join(_TYPES[name] for name in types_of(schema)) or "something else"
