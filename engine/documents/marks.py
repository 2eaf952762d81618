"""The place of every key and value of a document, so that a problem can point at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from engine.model.problem import Location

Path: TypeAlias = tuple[str | int, ...]
"""Keys and 0-based list positions that lead from the top of a document to a value."""
Mark: TypeAlias = tuple[int, int]
"""1-based line and column."""


@dataclass(slots=True)
class Marks:
    """Where keys and values stand. A path without a mark takes that of its nearest ancestor."""

    file: str
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)

    def value(self, path: Path) -> Mark:
        """Line and column where the value at `path` begins."""
        for length in range(len(path), -1, -1):
            if found := self.values.get(path[:length]):
                return found
        return (1, 1)

    def key(self, path: Path) -> Mark:
        """Line and column of the key whose value stands at `path`; of a list item, its value."""
        return self.keys.get(path) or self.value(path)

    def at_value(self, path: Path) -> Location:
        """The value's place as a problem wants it."""
        line, column = self.value(path)
        return Location(self.file, line, column)

    def at_key(self, path: Path) -> Location:
        """The key's place as a problem wants it."""
        line, column = self.key(path)
        return Location(self.file, line, column)
