"""Loads a policies folder: every document with its problems, nothing raised for a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from typing import Any

from engine.documents import fitting, storing
from engine.documents.checks import check
from engine.documents.document import KINDS, Document, Documents, Kind
from engine.documents.marks import Marks
from engine.documents.marks import Path as Place
from engine.documents.schema import validate
from engine.documents.source import Source, from_folder
from engine.documents.table import read_table, stored_table
from engine.documents.yaml_reader import decode, read_yaml
from engine.model.problem import Location, Problem
from engine.model.stored import Stored

__all__ = ["KINDS", "Document", "Documents", "Kind", "kind_of", "load_text", "load_tree"]


def load_tree(root: Path | Source | Mapping[str, bytes]) -> tuple[Documents, list[Problem]]:
    """All documents below a folder (or of files given as bytes by path), sorted by path."""
    source = _source(root)
    if isinstance(source, Problem):
        return Documents(), [source]
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in sorted(source.files):
        if path.endswith(".csv"):
            continue
        document, found = _load(source, path)
        problems += found
        if document is not None:
            documents.append(document)
    fitting.keep()
    problems += _unused(source, documents)
    return Documents(tuple(documents)), problems


def load_text(kind: Kind, text: str, file: str, folder: str = "") -> tuple[Document, list[Problem]]:
    """One document from its text; a table's rows are not read."""
    data, marks, problems = read_yaml(text, file)
    found, paths = ([], frozenset()) if data is None else _held(kind, text, data, marks)
    document = Document(kind, file, folder, basename(file), data, marks, paths)
    if data is not None:
        more = check(document)
        found += [problem for _, problem in more]
        document = replace(document, problems_at=paths | {path for path, _ in more})
    return document, sorted([*problems, *found])


def _held(
    kind: Kind, text: str, data: object, marks: Marks
) -> tuple[list[Problem], frozenset[Place]]:
    """A document held against its schema, unless this very text fitted it before."""
    if fitting.fits(kind, text):
        return [], frozenset()
    found, paths = validate(kind, data, marks)
    if not found:
        fitting.note(kind, text)
    return found, paths


def kind_of(path: str) -> Kind | None:
    """The kind that a path below ``policies/`` stands for."""
    stem, _, _ = basename(path).rpartition(".")
    folder = basename(dirname(path))
    if stem.endswith(".table"):
        return "table"
    if folder == "cases":
        return "cases"
    if folder == "vocabulary":
        return "vocabulary"
    if stem in ("payer", "policy", "codes", "sources", "untested"):
        return stem  # type: ignore[return-value]  # one of the literals
    return None


def _source(root: Path | Source | Mapping[str, bytes]) -> Source | Problem:
    if isinstance(root, Source):
        return root
    if isinstance(root, Mapping):
        return Source(root)
    if not root.is_dir():
        message = f"the policies folder `{root}` does not exist"
        return Problem(Location(str(root)), "no-such-folder", message)
    return from_folder(root)


def _load(source: Source, path: str) -> tuple[Document | None, list[Problem]]:
    shown = source.show(path)
    text, problems = _text(source, path)
    if problems:
        return None, problems
    kind = kind_of(path)
    if kind is None:
        return None, [_unknown_kind(text, shown)]
    document, problems = load_text(kind, text, shown, dirname(path))
    if kind == "table" and isinstance(document.data, dict):
        document, found = _with_rows(source, document)
        problems += found
    return document, problems


def _text(source: Source, path: str) -> tuple[str, list[Problem]]:
    shown = source.show(path)
    try:
        return decode(source.files[path], shown)
    except OSError as fault:
        message = f"this file cannot be read: {fault.strerror}"
        return "", [Problem(Location(shown), "unreadable-file", message)]


def _unknown_kind(text: str, shown: str) -> Problem:
    """A file whose name is none of a document's; its first key tells what it may be meant for."""
    data, _, _ = read_yaml(text, shown)
    first = next(iter(data), None) if isinstance(data, dict) else None
    named = {"policy": "policy.yaml", "payer": "payer.yaml", "sets": "codes.yaml"}
    named |= (
        {"sources": "sources.yaml", "table": f"{data['table']}.table.yaml"}
        if (isinstance(data, dict) and isinstance(data.get("table"), str))
        else {"sources": "sources.yaml"}
    )
    named |= {"vocabulary": "vocabulary/<topic>.yaml", "cases": "cases/<name>.yaml"}
    named |= {"untested": "untested.yaml"}
    mend = f"call it `{named[first]}`" if first in named else "see docs/language/reference.md"
    return Problem(
        Location(shown, 1, 1), "unknown-kind", "no kind of document has such a file name", mend
    )


def _with_rows(source: Source, header: Document) -> tuple[Document, list[Problem]]:
    """A table's header with its rows, if the header is good enough to read them."""
    data: dict[str, Any] = header.data
    if header.problems_at or not isinstance(data.get("file"), str):
        return header, []
    path = _beside(header.folder, data["file"])
    if path not in source.files:
        message = f"the file `{data['file']}` does not exist"
        place = header.marks.at_value(("file",))
        return header, [Problem(place, "no-such-file", message)]
    large = _stored(source, path, data)
    if large is not None:
        return replace(header, table=stored_table(data, large, source.show(path))), []
    text, problems = _text(source, path)
    if problems:
        return header, problems
    table, problems = read_table(data, text, source.show(path))
    return replace(header, table=table), problems


def _stored(source: Source, path: str, header: dict[str, Any]) -> Stored | None:
    """The stored form of a large table; None if it is small, or has a fault to tell of."""
    try:
        data = source.files[path]
    except OSError:
        return None
    if len(data) <= storing.LARGE:
        return None
    return storing.stored(header, data)


def _beside(folder: str, file: str) -> str:
    return normpath(join(folder, file))


def _unused(source: Source, documents: list[Document]) -> list[Problem]:
    """CSV files that no table's header names."""
    named = {
        _beside(d.folder, str(d.data.get("file")))
        for d in documents
        if d.kind == "table" and isinstance(d.data, dict)
    }
    return [
        Problem(
            Location(source.show(path), 1, 1),
            "unused-file",
            "no table names this file",
            "write its header, `<name>.table.yaml`, or delete it",
            "warning",
        )
        for path in source.files
        if path.endswith(".csv") and path not in named
    ]
