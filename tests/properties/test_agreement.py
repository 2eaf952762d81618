"""All evaluators say the same of every rule, whatever book and claim."""

from __future__ import annotations

import pytest
from hypothesis import event, given

from engine.chain.stratified import decide
from engine.documents.load import load_tree
from tests.naive.beside import both, engine_outcomes
from tests.properties.ground import shared_files
from tests.properties.scenes import Scene, scenes
from tests.properties.settings import thorough


def test_the_shared_ground_is_in_order() -> None:
    assert load_tree(shared_files())[1] == []


@pytest.mark.unmeasured
@thorough(130)
@given(scenes())
def test_the_engine_and_the_naive_evaluator_agree(scene: Scene) -> None:
    found = both(scene.documents, scene.bound, scene.claim, scene.history)
    for word in set(found.naive.values()):
        event(word)
    assert found.differences() == {}


@pytest.mark.unmeasured
@thorough(30)
@given(scenes())
def test_the_durable_engine_agrees(scene: Scene) -> None:
    pytest.importorskip("durable_rules_engine", reason="durable_rules is not installed")
    durable = pytest.importorskip("engine.chain.durable")
    one = decide(scene.bound, scene.claim, scene.history)
    two = durable.decide_durable(scene.bound, scene.claim, scene.history)
    assert engine_outcomes(two) == engine_outcomes(one)
    assert sorted(two.no_policy) == sorted(one.no_policy)
    assert (two.not_applicable, two.not_judged) == (one.not_applicable, one.not_judged)
