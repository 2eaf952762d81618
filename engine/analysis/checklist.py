"""What a note must state for a planned service: computed by the rules that will judge the claim.

A planned line is evaluated with everything unknown; what the rules then ask is the checklist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from engine.chain.facts import LineFacts
from engine.chain.ruling import Ruling, prove_rule
from engine.chain.stratified import Decided
from engine.model.book import FindingKind, Rule
from engine.model.outcome import Need, Proof
from engine.model.term import Attribute, Fixed, Sessions, Spacing, Term, Units
from engine.model.vocabulary import Fact
from engine.report.cited import cited
from engine.report.sentence import filled

Role: TypeAlias = Literal["must", "if_it_applies", "instead", "condition", "if_it_happened"]
STATED = ("before_service", "at_service", "after_service")


@dataclass(frozen=True)
class Reason:
    """A rule that asks, in words, with its source and what a violation is called."""

    rule: str
    says: str
    cites: tuple[Mapping[str, str], ...]
    finding: FindingKind
    role: Role = "must"


@dataclass
class Item:
    """A fact that the note states, and the rules that ask for it."""

    fact: Fact
    reasons: list[Reason] = field(default_factory=list)

    @property
    def required(self) -> bool:
        """Whether some rule needs it in any case."""
        return any(reason.role == "must" for reason in self.reasons)


@dataclass
class Checklist:
    """Everything asked of one planned line; `note` is by when a fact is stated."""

    note: dict[str, list[Item]] = field(default_factory=lambda: {s: [] for s in STATED})
    claim: list[Reason] = field(default_factory=list)
    limits: list[Reason] = field(default_factory=list)
    authorization: list[Reason] = field(default_factory=list)
    person: list[Reason] = field(default_factory=list)
    never: list[Reason] = field(default_factory=list)
    covered_by_policy: bool = True


def checklist(decided: Decided) -> Checklist:
    """What the rules ask of the first line of a planned claim."""
    found = Checklist(covered_by_policy=not (decided.no_policy or decided.scope_open))
    items: dict[str, Item] = {}
    book = decided.around.bound.book
    for x, bound, word, _ in decided.outcomes:
        if word in ("undecided", "violated"):
            ruling = prove_rule(decided.around.bound, bound.rule, x)
            reason = _reason(bound.rule, x, ruling)
            asked = list(_asked(ruling)) if word == "undecided" else []
            _collect(items, book.facts, asked, reason)
            _place(found, ruling, reason, asked_of_note=bool(asked))
    for x, bound in decided.silent:
        ruling = prove_rule(decided.around.bound, bound.rule, x)
        silent: list[tuple[Need, Role]] = [(need, "if_it_happened") for need in ruling.silent]
        _collect(items, book.facts, silent, _reason(bound.rule, x, ruling))
    for item in sorted(items.values(), key=lambda i: (not i.required, i.fact.name)):
        found.note[item.fact.stated].append(item)
    return found


def _reason(rule: Rule, x: LineFacts, ruling: Ruling) -> Reason:
    says = filled(rule.says, rule, x, ruling.reports())
    return Reason(rule.id, says, tuple(cited(rule)), rule.consequence.finding)


def _asked(ruling: Ruling) -> Iterator[tuple[Need, Role]]:
    """The facts that a rule asks: those that meet it, others that may, and when it applies."""
    needed = {need for need in ruling.needs if need.documentation}
    applies: Role = "if_it_applies" if ruling.applies.value is None else "must"
    yield from ((need, applies) for need in ruling.needs if need in needed)
    for need in _open(ruling.applies):
        yield need, "condition"
    for proof in (ruling.requires, *(proof for _, proof in ruling.exemptions)):
        for need in _open(proof):
            if need not in needed:
                yield need, "instead"


def _open(proof: Proof) -> Iterator[Need]:
    """Every fact of the record that a proof wants to know."""
    if proof.value is not None:
        return
    for need in proof.if_true or proof.if_false or ():
        if need.documentation and need.depends_on is None:
            yield need
    for part in proof.parts:
        yield from _open(part)


def _collect(
    items: dict[str, Item],
    facts: Mapping[str, Fact],
    asked: list[tuple[Need, Role]],
    reason: Reason,
) -> None:
    seen: set[str] = set()
    for need, role in asked:
        if need.fact in facts and need.fact not in seen:
            seen.add(need.fact)
            item = items.setdefault(need.fact, Item(facts[need.fact]))
            item.reasons.append(_with(reason, role))


def _with(reason: Reason, role: Role) -> Reason:
    return Reason(reason.rule, reason.says, reason.cites, reason.finding, role)


def _place(found: Checklist, ruling: Ruling, reason: Reason, *, asked_of_note: bool) -> None:
    """Sort a rule by what it wants beside the note."""
    terms = list(_terms(ruling.rule.requires))
    if any(isinstance(t, Sessions | Spacing | Units) for t in terms):
        found.limits.append(reason)
    elif any(isinstance(t, Attribute) and t.path == "prior_authorization" for t in terms):
        found.authorization.append(reason)
    elif any(isinstance(t, Fixed) and t.value is None for t in terms):
        found.person.append(reason)
    elif ruling.word == "violated" and any(isinstance(t, Fixed) for t in terms):
        found.never.append(reason)
    elif not asked_of_note:
        found.claim.append(reason)


def _terms(term: Term) -> Iterator[Term]:
    yield term
    for part in getattr(term, "terms", ()):
        yield from _terms(part)
    if hasattr(term, "term"):
        yield from _terms(term.term)


def plain(found: Checklist) -> dict[str, Any]:
    """A checklist as JSON knows it."""
    return {
        "covered_by_policy": found.covered_by_policy,
        "note": {stated: [_item(i) for i in items] for stated, items in found.note.items()},
        **{
            name: [_public(reason) for reason in getattr(found, name)]
            for name in ("claim", "limits", "authorization", "person", "never")
        },
    }


def _item(item: Item) -> dict[str, Any]:
    fact = item.fact
    return {
        "fact": fact.name,
        "question": fact.question,
        "type": fact.type,
        "values": list(fact.values),
        "required": item.required,
        "rules": [_public(reason) for reason in item.reasons],
    }


def _public(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "says": reason.says,
        "cites": [dict(cite) for cite in reason.cites],
        "finding": reason.finding,
        "role": reason.role,
    }
