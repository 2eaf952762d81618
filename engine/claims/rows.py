"""Reads JSON, JSON lines and YAML as a stream of rows, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.claims import json_text
from engine.claims.source import Kind, Source, decoded
from engine.claims.where import Where
from engine.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a file: the whole of it (`alone`), a member of its list, or one of its lines."""

    data: Any
    where: Where
    ordinal: int
    alone: bool = False


def is_resource(row: Row) -> bool:
    """Whether a row is a FHIR resource."""
    return isinstance(row.data, dict) and "resourceType" in row.data


def rows(source: Source, kind: Kind) -> Iterator[Row | Problem]:
    """The rows of a source in file order; one that cannot be read is a problem instead."""
    if kind == "json-lines":
        yield from _lines(source)
        return
    text = source.text()
    if isinstance(text, Problem):
        yield text
    elif kind == "yaml":
        yield from _yaml(text, source.file)
    elif text.lstrip()[:1] == "[":
        yield from _members(text, source.file)
    else:
        data, problems = json_text.whole(text, source.file)
        yield from problems
        if not problems:
            yield Row(data, Where(source.file, 1), 1, alone=True)


def _lines(source: Source) -> Iterator[Row | Problem]:
    ordinal = 0
    for number, line in enumerate(source.lines(), 1):
        if not line.strip():
            continue
        ordinal += 1
        text = decoded(line, source.file, number)
        if isinstance(text, Problem):
            yield text
            continue
        data, problems = json_text.whole(text, source.file, number)
        yield from problems
        if not problems:
            yield Row(data, Where(source.file, number), ordinal)


def _members(text: str, file: str) -> Iterator[Row | Problem]:
    for ordinal, (data, line, problems) in enumerate(json_text.elements(text, file), 1):
        yield from problems
        if not problems:
            yield Row(data, Where(file, line), ordinal)


def _yaml(text: str, file: str) -> Iterator[Row | Problem]:
    # Imported here: the YAML parser costs time that JSON and X12 need not spend.
    from engine.documents.yaml_reader import read_yaml

    data, marks, problems = read_yaml(text, file)
    yield from problems
    if any(problem.severity == "error" for problem in problems):
        return
    if isinstance(data, list):
        for position, member in enumerate(data):
            yield Row(member, Where(file, marks=marks, path=(position,)), position + 1)
    else:
        yield Row(data, Where(file, marks=marks), 1, alone=True)
