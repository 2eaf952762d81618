"""Where a value of the contract stands: file, line, and words such as ``claim PM-7, line 2``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.model.problem import Location, Problem, Severity

if TYPE_CHECKING:
    from engine.documents.marks import Marks

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """A place of a file. `marks` gives line and column by path, where the parser knows them."""

    file: str
    line: int | None = None
    column: int | None = None
    place: str | None = None
    marks: Marks | None = None
    path: Path = ()

    def inside(self, *path: str | int, place: str | None = None) -> Where:
        """A place below this one; `place` is added to its words."""
        words = ", ".join(filter(None, (self.place, place)))
        # Not `replace`, which takes thrice as long, and a claim has a dozen places.
        return Where(self.file, self.line, self.column, words or None, self.marks, self.path + path)

    def named(self, place: str) -> Where:
        """The same place under another name."""
        return replace(self, place=place)

    def location(self, *path: str | int, place: str | None = None) -> Location:
        """The location of what stands at `path` below here, or of the nearest thing around it."""
        line, column = self.line, self.column
        if self.marks is not None:
            line, column = self.marks.key(self.path + path)
        words = ", ".join(filter(None, (self.place, place)))
        return Location(self.file, line, column, words or None)

    def problem(
        self,
        fault: str,
        message: str,
        hint: str | None = None,
        severity: Severity = "error",
        *,
        at: Path = (),
        place: str | None = None,
    ) -> Problem:
        """A problem of what stands at `at` below here."""
        return Problem(self.location(*at, place=place), fault, message, hint, severity)


def shown(value: Any) -> str:
    """A value in an author's own words, cut short; only for values that name no patient."""
    if value is True or value is False:
        text = str(value).lower()
    elif isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    else:
        text = str(value)
    text = "".join(c if c.isprintable() else "?" for c in text[:40])
    return f"`{text}`"


def writable(text: str) -> bool:
    """Whether a text can be written out again: JSON escapes can hold half of a pair."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def nearest(name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str | None:
    """The known name that `name` most likely meant, or None."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), 1, 0.6)
    return found[0] if found else None


def unknown(name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str | None:
    """Help for an unknown name: the nearest known one."""
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else None
