"""The canonical form of a document: same data, same comments, one layout."""

from __future__ import annotations

from collections import Counter

from engine.analysis.format.comments import comments_of
from engine.analysis.format.emit import Emitter
from engine.analysis.format.parser import parsed
from engine.documents.yaml_reader import decode, read_yaml
from engine.model.problem import Location, Problem

__all__ = ["formatted"]


def formatted(data: bytes, file: str) -> tuple[bytes, list[Problem]]:
    """The bytes of a YAML document in canonical form.

    Where the document cannot be read, or its form could not be changed without changing what it
    says, the bytes come back as they were, with the problem.
    """
    text, problems = decode(data, file)
    if problems:
        return data, problems
    before, _, problems = read_yaml(text, file)
    if problems:
        return data, problems
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    made = _emitted(plain)
    if made == plain:  # in form already: what follows would compare a text with itself
        return made.encode(), []
    again = _emitted(made)
    after, _, faults = read_yaml(made, file)
    if faults or after != before or again != made or _comments(made) != _comments(plain):
        message = "the form of this document cannot be changed without changing what it says"
        hint = "write its long texts and comments on lines of their own"
        return data, [Problem(Location(file), "cannot-format", message, hint)]
    return made.encode(), []


def _emitted(text: str) -> str:
    root, loader = parsed(text)
    return Emitter(text, comments_of(text, loader)).document(root)


def _comments(text: str) -> Counter[str]:
    return Counter(comment.text for comment in comments_of(text, parsed(text)[1]))
