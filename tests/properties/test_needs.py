"""What an undecided rule asks for can make it pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import event, given

from engine.chain.ruling import prove_rule
from engine.chain.stratified import decide
from engine.model.claim import Claim
from engine.model.outcome import Need
from tests.naive.beside import engine_outcomes
from tests.properties.scenes import Scene, scenes
from tests.properties.settings import thorough

pytestmark = pytest.mark.unmeasured

ANSWERS: dict[str, tuple[Any, ...]] = {
    "consent": (True, False),
    "urgent": (True, False),
    "biologic": (True, False),
    "approach": ("front", "back", "side"),
    "side": ("right", "left", "bilateral"),
}


@thorough(50)
@given(scenes())
def test_favourable_answers_can_make_a_rule_pass(scene: Scene) -> None:
    decided = decide(scene.bound, scene.claim, scene.history)
    for x, bound, word, indexes in decided.outcomes:
        if word != "undecided":
            continue
        needs = prove_rule(scene.bound, bound.rule, x).needs
        if not _answerable(scene.claim, needs):
            continue
        event("asked")
        numbers = tuple(sorted(scene.claim.lines[index].number for index in indexes))
        diagnosis = x.diagnoses[0] if bound.rule.for_diagnosis else None
        key = bound.rule.id, numbers, diagnosis
        words = {_outcome(scene, claim, key) for claim in _answered(scene.claim, needs)}
        assert words & {"met", "not_applicable"}, (key, needs)


def _answerable(claim: Claim, needs: tuple[Need, ...]) -> bool:
    """Whether only facts with few answers are asked, that nothing else says anything of."""
    given = set(claim.documentation)
    for line in claim.lines:
        given |= set(line.documentation)
    return bool(needs) and all(
        need.documentation
        and need.depends_on is None
        and need.fact in ANSWERS
        and need.fact not in given
        and need.claim_id == claim.claim_id
        for need in needs
    )


def _answered(claim: Claim, needs: tuple[Need, ...]) -> Iterator[Claim]:
    for answers in product(*(ANSWERS[need.fact] for need in needs)):
        lines = {line.number: line for line in claim.lines}
        stated = dict(claim.documentation)
        for need, answer in zip(needs, answers, strict=True):
            if need.line is None:
                stated[need.fact] = answer
            else:
                line = lines[need.line]
                facts = {**line.documentation, need.fact: answer}
                lines[need.line] = replace(line, documentation=facts)
        yield replace(claim, documentation=stated, lines=tuple(lines.values()))


def _outcome(scene: Scene, claim: Claim, key: Any) -> str:
    found = engine_outcomes(decide(scene.bound, claim, scene.history))
    return found.get(key, "not_applicable")
