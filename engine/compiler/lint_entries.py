"""The entries of a document: everything that has a date of its own, or stands from the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from engine.compiler.library import day
from engine.documents.document import Document
from engine.documents.marks import Path

Key: TypeAlias = tuple[str, ...]
"""What an entry is (kind and names) and since when: the two dates stand last."""

_HEAD = ("scope", "applies", "extends", "as_of", "adopted_by", "history", "outside_scope", "from")
_NAMED = ("windows", "decisions")


@dataclass(frozen=True)
class Entry:
    """One text of a document. `says` is all of it but its examples and its mark of correction;
    `begin` None holds always."""

    key: Key
    what: str
    path: Path
    begin: date | None
    known: date | None
    says: Any
    corrects: Any

    def in_force(self, today: date) -> bool:
        """Whether it holds for services of a day until today, and was known by then."""
        return all(d is None or d <= today for d in (self.begin, self.known))


def entries_of(document: Document) -> dict[Key, Entry]:
    """The entries of a policy, a file of code sets or a payer by their keys."""
    data = document.data if isinstance(document.data, dict) else {}
    begin = day(data.get("from"))
    known = day(data.get("published")) or begin
    found: dict[Key, Entry] = {}
    for entry in (*_listed(data), *_values(data), *_members(data), *_undated(data)):
        key, what, path, part = entry
        own = day(part.get("from")) if isinstance(part, dict) else None
        since = own or begin
        public = (day(part.get("published")) if isinstance(part, dict) else None) or own or known
        dates = (str(own or ""), str(part.get("published") or "") if isinstance(part, dict) else "")
        mark = part.get("corrects") if isinstance(part, dict) else None
        found[(*key, *dates)] = Entry((*key, *dates), what, path, since, public, _text(part), mark)
    return found


def _text(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    return {k: v for k, v in part.items() if k not in ("examples", "corrects", "base")}


_Part: TypeAlias = tuple[Key, str, Path, Any]


def _listed(data: Mapping[str, Any]) -> Iterator[_Part]:
    """Rules, changes, drops, derived facts, layers and states: lists of dated entries."""
    kinds = {"rules": "rule", "changes": "rule", "drops": "rule", "derives": "fact"}
    words = {"rules": "rule", "changes": "change of", "drops": "drop of", "derives": "derived fact"}
    for key, name in kinds.items():
        for n, part in enumerate(data.get(key) or ()):
            if isinstance(part, dict):
                yield (key, str(part.get(name))), f"{words[key]} `{part.get(name)}`", (key, n), part
    for n, part in enumerate(data.get("layers") or ()):
        if isinstance(part, dict):
            yield ("layers",), "list of layers", ("layers", n), part
    for name, contractor in _mapping(data.get("contractors")):
        for n, part in enumerate(contractor.get("states") or ()):
            state = str(part.get("state"))
            path = ("contractors", name, "states", n)
            yield ("states", name, state), f"state `{state}` of `{name}`", path, part


def _values(data: Mapping[str, Any]) -> Iterator[_Part]:
    for name, parameter in _mapping(data.get("parameters")):
        for n, part in enumerate(parameter.get("values") or ()):
            if isinstance(part, dict):
                path = ("parameters", name, "values", n)
                yield ("parameters", name), f"value of `{name}`", path, part


def _members(data: Mapping[str, Any]) -> Iterator[_Part]:
    for name, codes in _mapping(data.get("sets")):
        rest = {k: v for k, v in codes.items() if k not in ("members", "says")}
        yield ("sets", name), f"head of the code set `{name}`", ("sets", name), rest
        for n, part in enumerate(codes.get("members") or ()):
            code = str(part.get("code")) if isinstance(part, dict) else str(part)
            member = part if isinstance(part, dict) else {"code": part}
            path = ("sets", name, "members", n)
            yield ("members", name, code), f"code `{code}` of `{name}`", path, member


def _undated(data: Mapping[str, Any]) -> Iterator[_Part]:
    for kind in _NAMED:
        for name, part in _mapping(data.get(kind)):
            yield (kind, name), f"{kind[:-1]} `{name}`", (kind, name), part
    for key in _HEAD:
        if key in data:
            yield ("head", key), f"`{key}` of the head", (key,), data[key]


def _mapping(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, part in value.items() if isinstance(value, dict) else ():
        if isinstance(part, dict):
            yield name, part
