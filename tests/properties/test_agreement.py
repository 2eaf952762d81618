"""The engine and the naive evaluator say the same of every rule, whatever book and claim."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, event, given
from hypothesis import strategies as st

from engine.documents.load import load_tree
from engine.model.claim import Claim, History
from tests.naive.beside import book_of, both
from tests.properties.books import trees
from tests.properties.claims import claims, histories
from tests.properties.settings import thorough


@thorough(150)
@given(
    trees(),
    claims(),
    histories(),
    st.sampled_from([None, "cgs"]),
    st.sampled_from([None, None, date(2024, 9, 15)]),
)
def test_the_evaluators_agree(
    files: dict[str, bytes],
    claim: Claim,
    history: History,
    contractor: str | None,
    known_on: date | None,
) -> None:
    documents, problems = load_tree(files)
    assert not problems
    bound, problems = book_of(documents, "medicare", contractor, known_on=known_on)
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors:
        event(problem.id)
    assume(not errors)
    found = both(documents, bound, claim, history)
    for word in set(found.naive.values()):
        event(word)
    assert found.differences() == {}
