"""How a rule comes out on a service, on the history that a ledger gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from engine.chain.bound import BoundBook
from engine.chain.stratified import decide
from engine.compiler.shelf import Shelf
from engine.documents.source import from_folder
from engine.ledger.store import Ledger
from engine.model.claim import Claim, FactValue, Payer
from tests.ledger.making import TODAY, book, record

OWN = Path(__file__).parent / "policies"


@lru_cache(maxsize=1)
def plan() -> BoundBook:
    """The book of the plan whose windows these tests know."""
    shelf = Shelf(from_folder(OWN))
    return BoundBook(shelf.book("plan", None, None))


def bound_of(payer: Payer) -> BoundBook:
    """The book that decides claims to a payer."""
    return plan() if payer.id == "plan" else book(payer.id or "", payer.contractor)


def word(ledger: Ledger, rule: str, claim: Claim, today: date = TODAY) -> str:
    """The outcome of a rule on the claim's first line; not applicable if it has none."""
    history = record(ledger, claim.patient.id).history(today, claim, ledger.names)
    decided = decide(bound_of(claim.payer), claim, history)
    for x, bound, found, _ in decided.outcomes:
        if bound.rule.id == rule and x.line.number == 1:
            return found
    return "not_applicable"


def documented(claim: Claim, **facts: FactValue) -> Claim:
    """The claim with the same facts stated on every line."""
    lines = tuple(replace(line, documentation=facts) for line in claim.lines)
    return replace(claim, lines=lines)
