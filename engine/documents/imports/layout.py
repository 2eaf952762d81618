"""What an importer says of its file: the table it fills and how a row of the file is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Cells: TypeAlias = "tuple[str, ...]"
"""One row of a table, in the order of its columns, dates as text and empty ones empty."""

DATES = {
    "effective": {"type": "date", "says": "first day on which the row holds"},
    "ended": {"type": "date", "says": "last day on which the row holds"},
    "published": {"type": "date", "says": "day from which the row could be known, if later"},
    "ended_published": {"type": "date", "says": "day from which its end could be known, if later"},
}
DATED = {
    "from": "effective",
    "to": "ended",
    "published": "published",
    "to_published": "ended_published",
}


@dataclass(frozen=True)
class About:
    """What the file itself does not say: whose edits these are, and the first day they hold."""

    part: str | None = None
    begins: str | None = None


@dataclass(frozen=True)
class Layout:
    """One kind of published file.

    `values` are the columns beside the key; `codes` those that may hold a code of the field. A
    file `states_all` when it lists what holds on its first day, without dates of its own, so that
    a row which it lacks has ended. `of` is what its codes are.
    """

    name: str
    table: str
    says: str
    key: Mapping[str, str]
    values: Mapping[str, str]
    types: Mapping[str, str]
    codes: tuple[str, ...]
    read: Callable[[Path, About], Iterable[Cells]]
    states_all: bool = False
    of: str = "procedure"
    document: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in order: key, values, dates."""
        return (*self.key, *self.values, *DATES)

    def header(self) -> dict[str, object]:
        """The columns of the table document."""
        named = {**self.key, **self.values}
        own = {n: {"type": self.types.get(n, "word"), "says": says} for n, says in named.items()}
        return {"key": list(self.key), "columns": {**own, **DATES}, "dated": DATED}
