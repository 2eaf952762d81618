"""Completes the record of a synthetic claim with answers that favour it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from engine.analysis.diff.resolve import Resolver
from engine.analysis.sample.judge import Judge, Judged
from engine.chain.ruling import prove_rule
from engine.compiler.lint_terms import parts_of
from engine.model.book import Rule, RuleBook
from engine.model.length import Length
from engine.model.outcome import Need
from engine.model.term import Constant, Stated, Test
from engine.model.vocabulary import Fact

ROUNDS = 4
_USUAL: dict[str, Any] = {"yes_no": True, "integer": 1, "percent": 80, "text": "noted"}


def complete(judge: Judge, claim: dict[str, Any], history: dict[str, Any]) -> Judged | None:
    """Answer what undecided rules ask of the record, as long as they ask."""
    judged = judge.judge(claim, history)
    for _ in range(ROUNDS):
        if judged is None:
            return None
        told = [_answer(claim, judged, rule, need) for rule, need in _asked(judged)]
        if not any(told):
            return judged
        judged = judge.judge(claim, history)
    return judged


def _asked(judged: Judged) -> Iterator[tuple[Rule, Need]]:
    for x, bound, word, _ in judged.decided.outcomes:
        if word == "undecided":
            for need in prove_rule(judged.decided.around.bound, bound.rule, x).needs:
                if need.documentation and need.depends_on is None:
                    yield bound.rule, need


def _answer(claim: dict[str, Any], judged: Judged, rule: Rule, need: Need) -> bool:
    """Write one answer down; False where it stands there already or none can be thought of."""
    book = judged.decided.around.bound.book
    fact = book.facts.get(need.fact)
    if fact is None or need.claim_id not in (None, claim["claim_id"]):
        return False
    value = _favourable(rule, fact, book, need.service_date or date.max)
    record = claim.setdefault("documentation", {})
    if fact.about == "line" and need.line is not None:
        holder = record.setdefault("lines", {}).setdefault(str(need.line), {})
    else:
        holder = record.setdefault("claim", {})
    if value is None or need.fact in holder:
        return False
    holder[need.fact] = value
    return True


def _favourable(rule: Rule, fact: Fact, book: RuleBook, day: date) -> Any:
    tests = [p.test for p in parts_of(rule) if isinstance(p, Stated) and p.fact == fact.name]
    found = next((_passing(t, book, day) for t in tests if t is not None), None)
    if found is None:
        found = fact.values[0] if fact.values else _USUAL.get(fact.type)
    if fact.type == "duration" and found is None:
        found = f"6 {(fact.unit or 'week').removesuffix('s')}s"
    return [found] if fact.list and found is not None else found


def _passing(test: Test, book: RuleBook, day: date) -> Any:
    """A value that passes a test."""
    wanted = test.includes or test.at_least or test.at_most or next(iter(test.among), None)
    value = Resolver(book, day).term(wanted) if wanted is not None else None
    if not isinstance(value, Constant):
        return None
    if isinstance(value.value, Length | date | Decimal):
        return str(value.value)
    return value.value
