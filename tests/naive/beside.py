"""Runs the engine and the naive evaluator on the same inputs, in words that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.chain.bound import BoundBook
from engine.chain.decided import Decided
from engine.chain.stratified import decide
from engine.compiler.book import compile_book
from engine.compiler.library import Library
from engine.documents.load import Documents
from engine.model.claim import Claim, History
from engine.model.problem import Problem
from tests.naive.evaluator import NO_POLICY, Judged, naive_outcomes
from tests.naive.outcomes import Word


@dataclass(frozen=True)
class Both:
    """What the two evaluators say; rules that do not apply are left out of both."""

    engine: dict[Judged, Word]
    naive: dict[Judged, Word]
    decided: Decided

    def differences(self) -> dict[Judged, tuple[str, str]]:
        """Where they differ: what the engine says, and what the naive evaluator says."""
        missing = "not_applicable"
        return {
            key: (self.engine.get(key, missing), self.naive.get(key, missing))
            for key in {**self.engine, **self.naive}
            if self.engine.get(key) != self.naive.get(key)
        }


def book_of(
    documents: Documents,
    payer: str,
    contractor: str | None = None,
    plan: str | None = None,
    known_on: date | None = None,
) -> tuple[BoundBook, list[Problem]]:
    """The engine's book, and everything wrong with the documents."""
    problems: list[Problem] = []
    library = Library(documents, problems)
    book, found = compile_book(library, payer, contractor, plan, known_on)
    return BoundBook(book), [*problems, *found]


def both(
    documents: Documents,
    bound: BoundBook,
    claim: Claim,
    history: History,
    given: Mapping[int, bool] | None = None,
) -> Both:
    """Judge a claim twice."""
    decided = decide(bound, claim, history, given=given)
    book = bound.book
    found = naive_outcomes(
        documents,
        book.payer,
        book.contractor,
        book.plan,
        claim,
        history,
        book.known_on,
        given,
    )
    return Both(engine_outcomes(decided), applying(found), decided)


def engine_outcomes(decided: Decided) -> dict[Judged, Word]:
    """The outcomes of a chain by rule, line numbers and diagnosis."""
    numbers = [x.line.number for x in decided.around.lines]
    found: dict[Judged, Word] = {}
    for x, bound, word, indexes in decided.outcomes:
        lines = tuple(sorted(numbers[index] for index in indexes))
        diagnosis = x.diagnoses[0] if bound.rule.for_diagnosis else None
        found[bound.rule.id, lines, diagnosis] = word
    unscoped = [numbers[index] for index in decided.no_policy]
    unscoped += [x.line.number for x in decided.scope_open]
    found |= {(NO_POLICY, (number,), None): "undecided" for number in unscoped}
    return applying(found)


def applying(found: Mapping[Judged, Word]) -> dict[Judged, Word]:
    """The outcomes without those that do not apply."""
    return {key: word for key, word in found.items() if word != "not_applicable"}
