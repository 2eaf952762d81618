"""A problem is a value: what is wrong, where it stands and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: 1-based line and column, and words for places that lines cannot name.

    `place` holds such words: ``claim PM-7, line 2``, ``segment 45 (SV1)``.
    """

    file: str
    line: int | None = None
    column: int | None = None
    place: str | None = None

    def __lt__(self, other: Location) -> bool:
        return self.order < other.order

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Where it sorts: what names no line comes first."""
        return self.file, self.line or 0, self.column or 0, self.place or ""

    def __str__(self) -> str:
        numbers = ":".join(str(n) for n in (self.line, self.column) if n is not None)
        spot = f"{self.file}:{numbers}" if numbers else self.file
        return f"{spot} ({self.place})" if self.place else spot


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of an author or one fault of an input, never raised, always returned.

    `id` is stable and short (``unknown-set``); `message` starts in lower case, puts the
    author's words in back-ticks and never names an internal type; `help` says how to mend it.
    """

    location: Location
    id: str
    message: str
    help: str | None = None
    severity: Severity = "error"

    def __lt__(self, other: Problem) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[tuple[str, int, int, str], str, str]:
        return self.location.order, self.id, self.message

    def __str__(self) -> str:
        mend = f"; {self.help}" if self.help else ""
        return f"{self.location}: {self.severity}: {self.message} [{self.id}]{mend}"
