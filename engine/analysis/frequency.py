"""Finds the rules of a book that count sessions or measure distances, and judges lines by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TypeAlias
from weakref import WeakKeyDictionary

from engine.chain.bound import BoundBook, Plan
from engine.chain.bound_rule import BoundRule
from engine.chain.facts import LineFacts, Surroundings
from engine.model.book import WEIGHTY, Rule
from engine.model.claim import Claim, History, Line, Patient, Payer, Provider
from engine.model.outcome import Word
from engine.model.term import All, CountOf, Not, Sessions, Some, Spacing, Term

Counts: TypeAlias = Sessions | Spacing
# Asked for every claim that is recorded, so found once for a book and a plan.
_COUNTING: WeakKeyDictionary[BoundBook, dict[Plan, tuple[BoundRule, ...]]] = WeakKeyDictionary()


@lru_cache(maxsize=4096)
def counts_in(term: Term) -> tuple[Counts, ...]:
    """The counts and distances inside a term, in order."""
    if isinstance(term, Sessions | Spacing):
        return (term,)
    if isinstance(term, Not):
        return counts_in(term.term)
    if isinstance(term, All | Some | CountOf):
        return tuple(found for part in term.terms for found in counts_in(part))
    return ()


def limits(rule: Rule) -> tuple[Counts, ...]:
    """The counts and distances that a rule requires; none if its finding does not weigh."""
    return counts_in(rule.requires) if rule.consequence.finding in WEIGHTY else ()


def counting_rules(bound: BoundBook, code: str, day: date) -> Sequence[BoundRule]:
    """The rules in force for a code on a day that limit how often or how soon it is done."""
    plan = bound.plan(code, day)
    known = _COUNTING.setdefault(bound, {})
    found = known.get(plan)
    if found is None:
        rules = (rule for stratum in plan.strata for rule in stratum)
        found = known[plan] = tuple(rule for rule in rules if limits(rule.rule))
    return found


def words(bound: BoundBook, claim: Claim, history: History) -> dict[tuple[str, int], Word]:
    """How the counting rules come out on each line: by rule and line number."""
    around = Surroundings(bound, claim, history)
    return {
        (rule.rule.id, x.line.number): rule.decide(x)
        for x in around.lines
        for rule in counting_rules(bound, x.procedure, x.date)
    }


def planned(
    payer: Payer, patient: str, line: Line, group: str | None = None, claim_id: str = ""
) -> Claim:
    """A claim for one service that is only thought of."""
    provider = Provider(group=group) if group else None
    return Claim(
        claim_id,
        payer,
        Patient(patient),
        (replace(line, number=1),),
        stage="planned",
        billing_provider=provider,
    )


def only_line(bound: BoundBook, claim: Claim, history: History) -> LineFacts:
    """The line of a claim that has one."""
    return Surroundings(bound, claim, history).lines[0]
