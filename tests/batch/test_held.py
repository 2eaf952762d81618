"""Random patients come out of judging together as each claim comes out by itself."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.batch.judge.together import Together
from engine.batch.settings import Settings
from engine.chain.bound import BoundBook
from engine.claims.addressed import BookKey
from engine.cli.options import source_of
from engine.compiler.shelf import Shelf
from engine.documents.source import Source
from engine.model.claim import Payer, Provider
from engine.model.directory import Directory
from tests.batch.crowds import Crowd, Topic, topics
from tests.batch.held import Held
from tests.naive.beside import book_of
from tests.properties import ground
from tests.properties.books import trees
from tests.properties.scenes import loaded
from tests.properties.settings import thorough

PAYERS = (Payer("medicare", "palmetto", None, "NC"), Payer("medicare", "cgs"), Payer("aetna"))
ROUNDS, PATIENTS, MORE = 3, 2, 8
COVERED: list[dict[str, Any]] = [
    {},
    {"complete_from": date(1900, 1, 1)},
    {"complete_from": date(2023, 12, 31)},
    {"complete_from": date(2024, 6, 30), "complete_to": date(2025, 6, 1)},
    {"complete_from": date(1900, 1, 1), "complete_to": date(2025, 2, 27)},
]
TWO = (Payer("medicare", "cgs", None, "OH"), Payer("medicare", None, None, "NC"))
RANDOM = Topic(ground.CODES, ground.DIAGNOSES, [date.fromisoformat(day) for day in ground.DAYS])
WORDS: dict[str, tuple[Any, ...]] = {
    "modifiers": ground.MODIFIERS,
    "rendering_provider": (
        None, Provider(), Provider("1111111112", group="one"), Provider("2222222228"),
    ),
    "billing_provider": (None, Provider(group="one"), Provider("2222222228", group="two")),
}  # fmt: skip
"""What the rules of random books ask for."""


@cache
def _shelf() -> Shelf:
    return Shelf(source_of(None))


@cache
def _book(key: BookKey, _which: int) -> BoundBook:
    return BoundBook(_shelf().book(*key))


@cache
def _topics() -> list[Topic]:
    found: dict[str, Topic] = {}
    for payer in PAYERS:
        found |= topics(_book((payer.id or "", payer.contractor, None), 0).book)
    return list(found.values())


@pytest.mark.parametrize("covered", COVERED)
def test_patients_by_the_shipped_policies(covered: dict[str, Any]) -> None:
    """What was said of one crowd is used for the next, which has other codes and days."""
    directory = _shelf().directory
    together = Together(Settings(Source({}), **covered), directory, lambda key: _book(key, 0))
    held = Held(together, directory, lambda key: _book(key, 1))
    for seed in range(ROUNDS):
        crowd = Crowd(Random(seed), _topics(), PAYERS)
        for _ in range(PATIENTS):
            assert held.differences(crowd.family(MORE)) == []
    assert held.judged > held.quick > held.judged / 2
    assert held.rows["findings"]


@pytest.mark.unmeasured
@thorough(8)
@given(trees(), st.integers(0, 1000))
def test_patients_by_random_books(files: dict[str, bytes], seed: int) -> None:
    """Two books of one payer share what was said by either."""
    documents, books = loaded(files), dict[BookKey, tuple[BoundBook, BoundBook]]()
    for payer in TWO:
        bound, problems = book_of(documents, "medicare", payer.contractor)
        assume(not [problem for problem in problems if problem.severity == "error"])
        books["medicare", payer.contractor, None] = bound, BoundBook(bound.book)
    nobody = Directory({}, {})
    settings = Settings(Source({}), **COVERED[seed % len(COVERED)])
    together = Together(settings, nobody, lambda key: books[key][0])
    held = Held(together, nobody, lambda key: books[key][1])
    crowd = Crowd(Random(seed), [RANDOM], TWO, WORDS)
    for _ in range(PATIENTS):
        assert held.differences(crowd.family(MORE)) == []
