"""What undecided rules ask, and what nobody was asked (clauses A25, A5, A30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.chain.bound_rule import BoundRule
from engine.chain.stratified import NO_POLICY, Decided
from engine.model.book import WEIGHTY, RuleBook
from engine.model.claim import Line
from engine.model.outcome import Need

STATED_LATER = ("at_service", "after_service")


@dataclass
class Question:
    """What one undecided rule asks on some lines.

    `now` are the needs that can be asked; `later` are facts that the note of a planned service
    is yet to state.
    """

    rule: str
    lines: list[int]
    weighs: bool
    now: tuple[Need, ...]
    later: tuple[Need, ...] = ()

    @property
    def only_record(self) -> bool:
        """Whether documentation alone could settle it."""
        needs = (*self.now, *self.later)
        return bool(needs) and all(need.documentation for need in needs)

    def public(self, needs: tuple[Need, ...]) -> dict[str, Any]:
        """The question about some of its needs, as a result shows it."""
        facts = [need for need in needs if need.depends_on is None]
        others = [need.depends_on for need in needs if need.depends_on is not None]
        return {
            "rule": self.rule,
            "lines": sorted(self.lines),
            "depends_on": others[0] if others and not facts else None,
            "facts": [_fact(need) for need in facts],
        }


def questions(decided: Decided) -> list[Question]:
    """What each undecided rule asks; lines that ask the same stand together."""
    asked: dict[Any, Question] = {}
    for x, bound, word, lines in decided.outcomes:
        if word == "undecided":
            needs = decided.around.bound.alike.needs(bound.position, x)
            entry = asked.setdefault((bound.rule.id, needs), _question(decided, bound, needs))
            numbers = [decided.around.claim.lines[n].number for n in lines]
            entry.lines = sorted({*entry.lines, *numbers})
    found = list(asked.values())
    book, claim_id = decided.around.bound.book, decided.around.claim.claim_id
    around = [decided.around.lines[n] for n in decided.no_policy]
    found += [no_policy(book, claim_id, x.line) for x in (*around, *decided.scope_open)]
    return sorted(found, key=lambda q: (q.lines, q.rule))


def not_asked(decided: Decided) -> list[dict[str, Any]]:
    """Facts on whose silence a rule did not apply (clause A5)."""
    found: dict[Any, dict[str, Any]] = {}
    for x, bound in decided.silent:
        needs = decided.around.bound.alike.silent(bound.position, x)
        entry = found.setdefault(
            (bound.rule.id, needs),
            {"rule": bound.rule.id, "lines": [], "facts": [_fact(n) for n in needs]},
        )
        entry["lines"] = sorted({*entry["lines"], x.line.number})
    return sorted(found.values(), key=lambda e: (e["lines"], e["rule"]))


def _question(decided: Decided, bound: BoundRule, needs: tuple[Need, ...]) -> Question:
    later = tuple(need for need in needs if _stated_later(decided, need))
    now = tuple(need for need in needs if need not in later)
    return Question(bound.rule.id, [], bound.rule.consequence.finding in WEIGHTY, now, later)


def _stated_later(decided: Decided, need: Need) -> bool:
    """Whether a planned service itself will bring the fact; earlier services have theirs."""
    claim, facts = decided.around.claim, decided.around.bound.book.facts
    if claim.stage != "planned" or not need.documentation or need.claim_id != claim.claim_id:
        return False
    declared = facts.get(need.fact)
    return declared is not None and declared.stated in STATED_LATER


def no_policy(book: RuleBook, claim_id: str, line: Line) -> Question:
    """The built-in undecided outcome of a line of which no policy speaks (clause A23)."""
    day = line.service_date
    if book.by_contractor and book.contractor is None:
        question = "In which state was the service? The contractor that decides follows from it."
        need = Need("state", question, claim_id, None, day, False)
    else:
        question = (
            f"Which policy of {book.title} speaks of {line.procedure} on {day}? None here does."
        )
        need = Need("policy", question, claim_id, line.number, day, False)
    return Question(NO_POLICY, [line.number], True, (need,))


def _fact(need: Need) -> dict[str, Any]:
    return {
        "fact": need.fact,
        "question": need.question,
        "of": {
            "claim_id": need.claim_id,
            "line": need.line,
            "service_date": need.service_date.isoformat() if need.service_date else None,
        },
    }
