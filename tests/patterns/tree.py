"""The tree of the worked patterns, read once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from engine.chain.bound import BoundBook
from engine.compiler.library import Library
from engine.documents.load import Documents, load_tree
from tests.naive.beside import book_of

FOLDER = Path(__file__).parent / "policies"


@lru_cache(maxsize=1)
def documents() -> Documents:
    """Every document of the tree."""
    found, problems = load_tree(FOLDER)
    assert not problems
    return found


@lru_cache(maxsize=1)
def library() -> Library:
    """The documents as the compiler finds them."""
    return Library(documents(), [])


@lru_cache(maxsize=8)
def the_book(contractor: str | None = None, known_on: date | None = None) -> BoundBook:
    """The engine's book of the tree."""
    bound, problems = book_of(documents(), "medicare", contractor, known_on=known_on)
    assert not problems
    return bound
