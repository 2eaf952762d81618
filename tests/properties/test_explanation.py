"""The explanation is the evaluation: a proof never says another word than the chain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given

from engine.chain.facts import LineFacts
from engine.chain.ruling import prove_rule
from engine.chain.stratified import decide
from engine.model.book import Rule
from tests.properties.scenes import Scene, scenes
from tests.properties.settings import thorough

pytestmark = pytest.mark.unmeasured


@thorough(35)
@given(scenes())
def test_every_outcome_is_what_its_proof_says(scene: Scene) -> None:
    decided = decide(scene.bound, scene.claim, scene.history)
    for x, bound, word, _ in decided.outcomes:
        assert prove_rule(scene.bound, bound.rule, x).word == word, bound.rule.id


@thorough(35)
@given(scenes())
def test_what_has_no_outcome_does_not_apply(scene: Scene) -> None:
    decided = decide(scene.bound, scene.claim, scene.history)
    decided_pairs = {(x.index, bound.rule.id) for x, bound, _, _ in decided.outcomes}
    for x in decided.around.lines:
        for rule in _judged(scene, x):
            if (x.index, rule.id) not in decided_pairs:
                word = prove_rule(scene.bound, rule, x).word
                assert word == "not_applicable", rule.id


def _judged(scene: Scene, x: LineFacts) -> Iterator[Rule]:
    """The rules about lines that are in force, but those about which a table is silent."""
    silent = {bound.rule.id for bound in scene.bound.plan(x.procedure, x.date).unjudged}
    for rule in scene.bound.book.rules:
        begun = rule.begin <= x.date and (rule.end is None or x.date < rule.end)
        if begun and not rule.for_diagnosis and rule.id not in silent:
            yield rule
