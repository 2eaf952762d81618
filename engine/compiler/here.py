"""A place in an author's document: reads values there, and reports problems there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.documents.load import Document
from engine.documents.suggest import did_you_mean
from engine.model.problem import Location, Problem

if TYPE_CHECKING:
    from engine.compiler.sight import Sight

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Here:
    """One value of a document, with what is in sight of it and where problems go.

    `problems` is shared by all places of one compilation; a place that the schema already
    complained of stays silent, so that one typo gives one problem.
    """

    document: Document
    path: Path
    data: Any
    problems: list[Problem] = field(repr=False)
    sight: Sight = field(repr=False)

    def at(self, *keys: str | int) -> Here:
        """The place below, which must exist."""
        data = self.data
        for key in keys:
            data = data[key]
        return Here(self.document, (*self.path, *keys), data, self.problems, self.sight)

    def get(self, key: str) -> Here | None:
        """The place below, if the author wrote it."""
        if isinstance(self.data, dict) and self.data.get(key) is not None:
            return self.at(key)
        return None

    def items(self) -> Iterator[tuple[str, Here]]:
        """Each key of a mapping with its place."""
        return ((key, self.at(key)) for key in self.data)

    def each(self) -> list[Here]:
        """The places of a list; a single value counts as a list of one."""
        if isinstance(self.data, list):
            return [self.at(n) for n in range(len(self.data))]
        return [self]

    def text(self, key: str) -> str | None:
        """A text below, if the author wrote it."""
        value = self.data.get(key) if isinstance(self.data, dict) else None
        return None if value is None else str(value)

    def day(self, key: str) -> date | None:
        """A date below, if the author wrote it. The schema stage has checked its form."""
        value = self.text(key)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            return None

    def location(self, *, key: bool = False) -> Location:
        """Where this stands: the place of the value, or of its key."""
        marks = self.document.marks
        line, column = marks.key(self.path) if key else marks.value(self.path)
        return Location(self.document.file, line, column)

    def problem(self, id: str, message: str, help: str | None = None, *, key: bool = False) -> None:
        """Report a problem here, unless the schema complained of this place already."""
        if not self._silenced():
            found = Problem(self.location(key=key), id, message, help)
            if found not in self.problems:
                self.problems.append(found)

    def warn(self, id: str, message: str, help: str | None = None) -> None:
        """Report something that an author should know and that stops nothing."""
        found = Problem(self.location(), id, message, help, "warning")
        if found not in self.problems:
            self.problems.append(found)

    def unknown(
        self, kind: str, name: str, known: Iterable[str], where: str = "", *, key: bool = False
    ) -> None:
        """Report a name that nothing in sight bears, with the nearest one that is.

        `kind` may say whose name it is, ``value of imaging``; the problem's id leaves that out.
        `where` says in which places such names are looked for.
        """
        names = sorted(set(known))
        self.problem(
            f"unknown-{kind.partition(' of ')[0].replace(' ', '-')}",
            f"unknown {kind} `{name}`",
            " ".join(x for x in (did_you_mean(name, names) or _few(names), where) if x) or None,
            key=key,
        )

    def _silenced(self) -> bool:
        return self.document.faulty(self.path)


def _few(names: list[str]) -> str | None:
    """All that is known, if it is little."""
    if not 0 < len(names) <= 8:
        return None
    return f"known here: {', '.join(f'`{name}`' for name in names)}"
