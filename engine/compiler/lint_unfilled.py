"""Texts that `policy new` wrote and that nobody has filled in yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.compiler.library import Library
from engine.documents.marks import Path
from engine.model.problem import Problem

FILL = "fill in"
"""How such a text begins."""


def unfilled(library: Library) -> Iterator[Problem]:
    """A warning for each document with its first text that is still to be written."""
    for document in library.documents:
        path = next(_texts(document.data, ()), None)
        if path is not None:
            yield Problem(
                document.marks.at_value(path),
                "to-fill-in",
                "a text here is still to be filled in",
                "write what the source says; examples need values on both sides of the edge",
                "warning",
            )


def _texts(data: Any, path: Path) -> Iterator[Path]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for n, item in enumerate(data):
            yield from _texts(item, (*path, n))
    elif isinstance(data, str) and data.lower().startswith(FILL):
        yield path
