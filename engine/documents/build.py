"""Builds plain data and marks from YAML events, refusing what a document may not hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.documents.marks import Marks, Path
from engine.documents.scalars import plain_value
from engine.model.problem import Location, Problem

DEEPEST = 60


class Refused(Exception):  # noqa: N818 - not an error of the program, and never seen outside
    """Reading stops here: the rest of the document cannot be understood."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read. `kept` is false below a key that stands twice."""

    path: Path
    holds: dict[str, object] | list[object]
    kept: bool
    key: str | None = None
    key_kept: bool = True
    repeated: list[tuple[str, Location]] = field(default_factory=list)


class Builder:
    """Takes the events of one document in order; `data`, `marks` and `problems` are its result."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.data: object = None
        self.marks = Marks(file)
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """The next event; raises Refused."""
        if isinstance(event, yaml.ScalarEvent):
            self._check_node(event)
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._check_node(event)
            self._begin(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._report_repeated(self._open.pop())
        elif isinstance(event, yaml.AliasEvent):
            raise self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def _place(self, event: Any) -> Location:
        return Location(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: Any, id: str, message: str, help: str) -> Refused:
        return Refused(Problem(self._place(event), id, message, help))

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._refuse(
                event, "second-document", "a second document begins here", "one file, one document"
            )

    def _alias(self, event: Any) -> Refused:
        return self._refuse(
            event,
            "alias",
            f"`*{event.anchor}` refers to another place of the file, which is not allowed",
            "write it out, or quote the text if it begins with a `*`",
        )

    def _check_node(self, event: Any) -> None:
        if event.anchor is not None:
            raise self._refuse(
                event,
                "anchor",
                f"`&{event.anchor}` names a place of the file, which is not allowed",
                "write it out, or quote the text if it begins with a `&`",
            )
        if event.tag is not None:
            raise self._refuse(
                event,
                "tag",
                f"`{_short_tag(event.tag)}` is a tag, which is not allowed",
                "quotes make a text; nothing else needs a mark, so remove the tag",
            )

    def _begin(self, event: Any) -> None:
        if len(self._open) >= DEEPEST:
            raise self._refuse(
                event, "too-deep", f"more than {DEEPEST} levels deep", "nest less deeply"
            )
        holds: dict[str, object] | list[object]
        holds = {} if isinstance(event, yaml.MappingStartEvent) else []
        path, kept = self._put(event, holds)
        self._open.append(_Open(path, holds, kept))

    def _scalar(self, event: Any) -> None:
        plain = event.implicit[0]
        value = plain_value(event.value) if plain else event.value
        top = self._open[-1] if self._open else None
        if top is None or isinstance(top.holds, list) or top.key is not None:
            self._put(event, value)
            return
        if plain and event.value == "<<":
            raise self._refuse(
                event,
                "merge-key",
                "`<<` merges another mapping, which is not allowed",
                "write it out",
            )
        if not isinstance(value, str):
            self._odd_key(event, value)
        self._key(top, event)

    def _odd_key(self, event: Any, value: object) -> None:
        if value is None:
            raise self._refuse(
                event, "empty-key", "a key is missing here", "name it, or delete this"
            )
        message = f"the key `{event.value}` is not read as text"
        self.problems.append(
            Problem(self._place(event), "key-needs-quotes", message, f'write "{event.value}"')
        )

    def _key(self, top: _Open, event: Any) -> None:
        top.key = event.value
        assert isinstance(top.holds, dict)
        top.key_kept = event.value not in top.holds
        if not top.key_kept:
            top.repeated.append((event.value, self._place(event)))
        elif top.kept:
            mark = event.start_mark
            self.marks.keys[(*top.path, event.value)] = (mark.line + 1, mark.column + 1)

    def _put(self, event: Any, value: object) -> tuple[Path, bool]:
        """Puts a value where it belongs; its path, and whether it is kept."""
        mark = (event.start_mark.line + 1, event.start_mark.column + 1)
        if not self._open:
            self.data = value
            self.marks.values[()] = mark
            return (), True
        top = self._open[-1]
        if isinstance(top.holds, list):
            path, kept = (*top.path, len(top.holds)), top.kept
            top.holds.append(value)
        elif top.key is None:
            raise self._refuse(
                event,
                "key-is-no-text",
                "a list or mapping stands where a key belongs",
                "use a text",
            )
        else:
            path, kept = (*top.path, top.key), top.kept and top.key_kept
            if value is None:  # the parsers differ on where nothing stands
                mark = self.marks.keys.get(path, mark)
            if top.key_kept:
                top.holds[top.key] = value
            top.key = None
        if kept:
            self.marks.values[path] = mark
        return path, kept

    def _report_repeated(self, closed: _Open) -> None:
        """Several repeated keys of one mapping are one mistake."""
        if not closed.repeated or not closed.kept:
            return
        key, place = closed.repeated[0]
        in_list = bool(self._open) and isinstance(self._open[-1].holds, list)
        if in_list and key == next(iter(closed.holds)):
            message = f"a dash is missing before the second `{key}`"
            self.problems.append(Problem(place, "missing-dash", message, f"write `- {key}: ...`"))
            return
        line, _ = self.marks.key((*closed.path, key))
        names = " and ".join(f"`{name}`" for name in dict.fromkeys(k for k, _ in closed.repeated))
        verb = "stand" if " and " in names else "stands"
        self.problems.append(
            Problem(
                place,
                "duplicate-key",
                f"{names} {verb} twice in one mapping, first on line {line}",
                "keep one of them",
            )
        )


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!", 1)
