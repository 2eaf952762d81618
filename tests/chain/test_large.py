"""Large tables decide as small ones do: the same book with its rows in memory and in a file."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from engine.chain.bound import BoundBook
from engine.chain.stratified import decide
from engine.compiler.book import compile_book
from engine.compiler.library import Library
from engine.documents import storing
from engine.documents.load import load_tree
from engine.model.book import RuleBook
from engine.model.claim import Claim, History, Line, Patient, Payer
from tests.policies.shipped import SHIPPED, linted

CODES = ("20552", "20553", "20610", "62323", "64483", "64484", "64493", "64494", "77003", "64999")
DAYS = (date(2024, 6, 30), date(2024, 7, 1), date(2026, 3, 4))


@pytest.fixture(scope="module")
def stored() -> Library:
    """The shipped policies with every table stored, however small it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storing, "LARGE", -1)
        documents, problems = load_tree(SHIPPED)
    assert problems == []
    return Library(documents, problems)


@pytest.fixture(params=[None, date(2024, 8, 1)], ids=["now", "known-on"])
def books(request: pytest.FixtureRequest, stored: Library) -> tuple[RuleBook, RuleBook]:
    return _book(linted()[0], request.param), _book(stored, request.param)


def _book(library: Library, known_on: date | None) -> RuleBook:
    book, problems = compile_book(library, "medicare", "cgs", None, known_on)
    assert [p for p in problems if p.severity == "error"] == []
    return book


@pytest.mark.unmeasured
def test_every_table_is_stored_and_its_codes_stay_out_of_the_index(
    books: tuple[RuleBook, RuleBook],
) -> None:
    small, large = books
    assert all(t.stored is None for t in small.tables.values())
    assert all(t.stored is not None and not t.rows for t in large.tables.values())
    named = {large.rules[n].name for n in large.by_table}
    assert {"never-together", "together-when-distinct"} <= named
    assert "add-on-needs-its-primary" not in named
    assert len(large.index) < len(small.index)
    assert small.by_table == ()


@pytest.mark.unmeasured
def test_claims_come_out_the_same(books: tuple[RuleBook, RuleBook]) -> None:
    small, large = (BoundBook(book) for book in books)
    for one, two, day in product(CODES, CODES, DAYS):
        claim = _claim(one, two, day)
        assert _words(small, claim) == _words(large, claim), (one, two, day)


def _claim(one: str, two: str, day: date) -> Claim:
    lines = (Line(1, one, day, units=1, diagnoses=("M54.5",)), Line(2, two, day, units=9))
    payer = Payer(id="medicare", contractor="cgs")
    return Claim("L-1", payer, Patient("P-1"), lines, form="professional")


def _words(bound: BoundBook, claim: Claim) -> tuple[set[tuple[str, tuple[int, ...], str]], int]:
    decided = decide(bound, claim, History())
    words = {(b.rule.id, lines, str(word)) for _, b, word, lines in decided.outcomes}
    return words, decided.not_judged
