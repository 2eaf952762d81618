"""The proof of a whole rule on a line, and what it asks when it is undecided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.chain.binding import Binding
from engine.chain.facts import LineFacts
from engine.chain.needs import fewest
from engine.chain.prove import prove
from engine.chain.settle import least
from engine.model.book import Rule
from engine.model.outcome import Need, Proof, Word

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook


@dataclass(frozen=True)
class Ruling:
    """Why a rule came out so on a line: its left side, its requirement and its exceptions."""

    rule: Rule
    word: Word
    applies: Proof
    stated: Proof | None
    requires: Proof
    exemptions: tuple[tuple[str, Proof], ...]

    @property
    def exception(self) -> str | None:
        """The exception through which alone the rule is met."""
        if self.word != "met" or self.requires.value is True:
            return None
        return next((label for label, proof in self.exemptions if proof.value is True), None)

    @property
    def needs(self) -> tuple[Need, ...]:
        """The smallest set of facts whose favourable answers make the rule met; where none
        can, those that make it not applicable (clause A25)."""
        met = _to_be_met([self.requires, *(proof for _, proof in self.exemptions)])
        return met or least(self.applies, False) or ()

    @property
    def silent(self) -> tuple[Need, ...]:
        """What nobody stated, and what therefore kept the rule from applying."""
        return least(self.stated, True) or () if self.stated is not None else ()

    def reports(self) -> dict[str, object]:
        """What the forms report, by ``label.name``, for messages."""
        found: dict[str, object] = {}
        for proof in (self.applies, self.requires, *(p for _, p in self.exemptions)):
            _collect(proof, found)
        return found


def needs_of(bound: BoundBook, rule: Rule, x: LineFacts) -> tuple[Need, ...]:
    """What an undecided rule asks about a line: `Ruling.needs`, and no more is proved than that
    takes."""
    binding = _binding(bound, rule, x)
    ways = [rule.requires, *(e.when for e in rule.exemptions)]
    return _to_be_met([prove(binding, way, x) for way in ways]) or prove_rule(bound, rule, x).needs


def silent_of(bound: BoundBook, rule: Rule, x: LineFacts) -> tuple[Need, ...]:
    """What nobody stated of a line: `Ruling.silent`, without the rest of the proof."""
    if rule.when_stated is None:
        return ()
    return least(prove(_binding(bound, rule, x), rule.when_stated, x), True) or ()


def _to_be_met(proofs: list[Proof]) -> tuple[Need, ...] | None:
    return fewest([needs for proof in proofs if (needs := least(proof, True)) is not None])


def _binding(bound: BoundBook, rule: Rule, x: LineFacts) -> Binding:
    return Binding(bound, x.date, None if rule.for_diagnosis else x.procedure)


def prove_rule(bound: BoundBook, rule: Rule, x: LineFacts) -> Ruling:
    """Prove every part of a rule about a line."""
    binding = _binding(bound, rule, x)
    left = [prove(binding, t, x) for t in (rule.applies_to, rule.when) if t is not None]
    value = False if any(p.value is False for p in left) else None
    if value is None and all(p.value is True for p in left):
        value = True
    applies = Proof(value, "applies", how="all", parts=tuple(left))
    stated = prove(binding, rule.when_stated, x) if rule.when_stated is not None else None
    requires = prove(binding, rule.requires, x)
    exemptions = tuple((e.label, prove(binding, e.when, x)) for e in rule.exemptions)
    word = _word(applies, stated, requires, [p.value for _, p in exemptions])
    return Ruling(rule, word, applies, stated, requires, exemptions)


def _word(
    applies: Proof, stated: Proof | None, requires: Proof, exemptions: list[bool | None]
) -> Word:
    if applies.value is False or (stated is not None and stated.value is not True):
        return "not_applicable"
    if requires.value is True or True in exemptions:
        return "met"
    if applies.value is True and requires.value is False and None not in exemptions:
        return "violated"
    return "undecided"


def _collect(proof: Proof, found: dict[str, object]) -> None:
    if proof.label:
        for name, value in proof.report.items():
            found.setdefault(f"{proof.label}.{name}", value)
    for part in proof.parts:
        _collect(part, found)
