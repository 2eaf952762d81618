"""The naive evaluator agrees with the engine on the examples of the policies themselves."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from engine.chain.bound import BoundBook
from engine.compiler.library import Library
from engine.documents.load import Document, Documents
from tests.naive.beside import book_of, both
from tests.patterns.examples import scene
from tests.policies.shipped import IDS, linted

pytestmark = pytest.mark.unmeasured


@cache
def documents() -> Documents:
    """Every document of the shipped policies."""
    return Documents(library().documents)


def library() -> Library:
    """The documents as the compiler finds them."""
    return linted()[0]


@cache
def book(payer: str, contractor: str | None, known_on: date | None) -> BoundBook:
    """The book of a payer."""
    return book_of(documents(), payer, contractor, known_on=known_on)[0]


@pytest.mark.parametrize("id", IDS)
def test_examples(id: str) -> None:
    policy = library().policies[id]
    payer, contractor = _judged_by(policy)
    for entry in policy.data.get("rules") or ():
        begins = date.fromisoformat(entry.get("from", policy.data["from"]))
        for example in entry.get("examples", []):
            known_on = example.get("known_on")
            day = None if known_on is None else date.fromisoformat(known_on)
            bound = book(payer, contractor, day)
            shown = scene(example, begins, payer, library().facts)
            found = both(documents(), bound, shown.claim, shown.history, shown.given)
            assert found.differences() == {}, (entry["rule"], example["name"])


def _judged_by(policy: Document) -> tuple[str, str | None]:
    """A payer, and a contractor of it, under which a policy holds."""
    parts = policy.folder.split("/")
    payer = parts[0] if parts[0] in library().payers else "medicare"
    if "contractors" in parts:
        return payer, parts[parts.index("contractors") + 1]
    contractors = library().payers[payer].data.get("contractors") or {}
    return payer, next(iter(contractors), None)
