"""A few flips in full: what was billed, and the proof of each rule that moved, on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.analysis.impact.flips import Flip
from engine.analysis.impact.nameless import nameless
from engine.chain.bound import BoundBook
from engine.chain.facts import LineFacts
from engine.chain.ruling import prove_rule
from engine.chain.stratified import Decided, decide
from engine.model.book import Rule
from engine.model.claim import Claim, History
from engine.report.explanation import explained

_WEIGHT = ("reject", "deny", "recode", "review", "warn", "info", "revenue")


@dataclass(frozen=True)
class Sample:
    """One flip with both proofs; `billed` says what the claim holds, without ids."""

    number: int
    flip: Flip
    rule: str
    billed: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


def sample(number: int, flip: Flip, base: Decided, head: Decided, history: History) -> Sample:
    """The flip's first rule, proved on a claim without ids."""
    rule = _weightiest(flip, [*base.around.bound.book.rules, *head.around.bound.book.rules])
    claim, past = nameless(base.around.claim, history, number)
    other, _ = nameless(head.around.claim, history, number)
    numbers = [line.number for line in flip.lines if any(m.rule == rule for m in line.rules)]
    return Sample(
        number,
        flip,
        rule,
        tuple(_billed(claim, past)),
        tuple(_proofs(base.around.bound, claim, past, rule, numbers)),
        tuple(_proofs(head.around.bound, other, past, rule, numbers)),
    )


def _weightiest(flip: Flip, rules: list[Rule]) -> str:
    """Of the rules that moved the one whose finding weighs most: the others follow from it."""
    findings = {rule.id: rule.consequence.finding for rule in rules}
    return min(flip.rules(), key=lambda id: _WEIGHT.index(findings.get(id, "info")), default="")


def _billed(claim: Claim, history: History) -> Iterator[str]:
    for line in claim.lines:
        more = [f"modifiers {' '.join(line.modifiers)}"] if line.modifiers else []
        more += [f"place {line.place_of_service}"] if line.place_of_service else []
        more += [f"diagnoses {' '.join(line.diagnoses)}"] if line.diagnoses else []
        units = f" x {line.units}" if line.units is not None else ""
        yield f"line {line.number}: " + ", ".join(
            [f"{line.procedure}{units} on {line.service_date}", *more]
        )
    for service in sorted(history.services, key=lambda s: s.line.service_date):
        yield f"before: {service.line.procedure} on {service.line.service_date}, {service.status}"


def _proofs(
    bound: BoundBook, claim: Claim, history: History, rule: str, numbers: list[int]
) -> Iterator[str]:
    decided = decide(bound, claim, history)
    shown = False
    for x in _judged(decided, rule, numbers):
        for entry in bound.book.rules:
            if entry.id == rule and entry.begin <= x.date and (not entry.end or x.date < entry.end):
                shown = True
                yield from explained(prove_rule(bound, entry, x), x)
    if not shown:
        yield f"{rule} is not in force on this claim"


def _judged(decided: Decided, rule: str, numbers: list[int]) -> list[LineFacts]:
    """The lines, or the diagnoses of lines, on which the rule stands."""
    found = [x for x, b, _, _ in decided.outcomes if b.rule.id == rule and b.rule.for_diagnosis]
    return found or [x for x in decided.around.lines if x.line.number in numbers]
