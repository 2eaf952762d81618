"""Checks of one document that a schema cannot make: names that must agree within a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from engine.documents.document import Document
from engine.documents.marks import Path
from engine.documents.suggest import did_you_mean
from engine.model.problem import Problem

Found: TypeAlias = "tuple[Path, Problem]"

_MEMBER_KEYS = ("code", "from", "published", "ends", "cites", "corrects")


def check(document: Document) -> list[Found]:
    """Problems with the paths at which they stand; places that the schema faulted stay silent."""
    if not isinstance(document.data, dict):
        return []
    checks = {
        "codes": _sets,
        "policy": _sets,
        "table": _table,
        "cases": _cases,
    }
    if document.kind not in checks:
        return []
    found = checks[document.kind](document)
    return [(path, problem) for path, problem in found if not document.faulty(path)]


def _sets(document: Document) -> Iterator[Found]:
    """Every attribute of a member is declared by its set."""
    for name, data in _mapping(document.data.get("sets")).items():
        if any(path[:2] == ("sets", name) and len(path) < 4 for path in document.problems_at):
            continue
        declared = data.get("attributes") or []
        known = [*declared, *_MEMBER_KEYS]
        for number, member in enumerate(data.get("members") or []):
            for key in member if isinstance(member, dict) else ():
                path = ("sets", name, "members", number, key)
                if key not in known:
                    yield path, _undeclared(document, path, key, name, known)


def _undeclared(document: Document, path: Path, key: str, name: str, known: list[str]) -> Problem:
    return Problem(
        document.marks.at_key(path),
        "unknown-attribute",
        f"`{key}` is no attribute of the set `{name}`",
        did_you_mean(key, known) or "list it in the set's `attributes`, or remove it",
    )


def _table(document: Document) -> Iterator[Found]:
    """Key, dates and completeness name columns of the table, dates those of type date."""
    data = document.data
    columns = _mapping(data.get("columns"))
    if not columns:
        return  # a misspelt `columns` was reported
    places: list[tuple[Path, Any, bool]] = [
        (("key", n), name, False) for n, name in enumerate(data.get("key") or ())
    ]
    places += [(("dated", k), name, True) for k, name in _mapping(data.get("dated")).items()]
    for path, name, dated in places:
        if name not in columns:
            message = f"the table has no column `{name}`"
            at, mend = document.marks.at_value(path), did_you_mean(str(name), columns)
            yield path, Problem(at, "unknown-column", message, mend)
        elif dated and _mapping(columns[name]).get("type") in ("code", "word", "integer"):
            message = f"the column `{name}` is not of type `date`"
            yield path, Problem(document.marks.at_value(path), "not-a-date-column", message)
    for name in _mapping(data.get("complete_for")):
        if name not in columns:
            path = ("complete_for", name)
            message = f"the table has no column `{name}`"
            at, mend = document.marks.at_key(path), did_you_mean(name, columns)
            yield path, Problem(at, "unknown-column", message, mend)


def _cases(document: Document) -> Iterator[Found]:
    """A case has a name of its own."""
    seen: set[str] = set()
    cases = document.data.get("cases")
    for number, case in enumerate(cases if isinstance(cases, list) else ()):
        name = case.get("case") if isinstance(case, dict) else None
        if isinstance(name, str) and name in seen:
            path = ("cases", number, "case")
            message = f"another case of this file is called `{name}`"
            yield path, Problem(document.marks.at_value(path), "duplicate-case", message)
        seen.add(str(name))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
