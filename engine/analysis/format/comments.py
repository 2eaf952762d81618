"""The comments of a document, which parsers pass over: where each stands and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_COMMENT = re.compile(r"(?:(?<=[\s,\[\]{}])|^)#[^\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Comment:
    """One comment; `alone` says that nothing else stands on its line."""

    index: int
    line: int
    column: int
    text: str
    alone: bool


def comments_of(text: str, loader: Any) -> list[Comment]:
    """Every comment in order, by one of the two parsers. A sign within a text is none."""
    found = []
    for begin, end in _gaps(text, loader):
        for match in _COMMENT.finditer(text, begin, end):
            start = text.rfind("\n", 0, match.start()) + 1
            before = text[start : match.start()]
            line = text.count("\n", 0, start)
            alone = not before.strip()
            said = match.group().rstrip()
            found.append(Comment(match.start(), line, len(before), said, alone))
    return found


def _gaps(text: str, loader: Any) -> Iterator[tuple[int, int]]:
    """The stretches between scalars: structure, blanks and comments."""
    last = 0
    for token in yaml.scan(text, Loader=loader):
        if isinstance(token, yaml.ScalarToken):
            yield last, token.start_mark.index
            last = token.end_mark.index
            if token.style in ("|", ">"):
                header = text.find("\n", token.start_mark.index)
                yield token.start_mark.index, header if header >= 0 else last
    yield last, len(text)
