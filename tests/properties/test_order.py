"""No order ever changes a result, and the same inputs give the same bytes."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.chain.bound import BoundBook
from engine.chain.stratified import decide
from engine.documents.load import Documents
from engine.model.claim import Claim, History
from engine.report.result import result
from tests.naive.beside import book_of, engine_outcomes
from tests.naive.evaluator import Judged
from tests.naive.outcomes import Word
from tests.properties.ground import file
from tests.properties.scenes import Scene, loaded, scenes
from tests.properties.settings import thorough

pytestmark = pytest.mark.unmeasured

T = TypeVar("T")
_seeds = st.integers(0, 2**16)


def outcomes(scene: Scene, bound: BoundBook | None = None) -> dict[Judged, Word]:
    """What the engine says."""
    return engine_outcomes(decide(bound or scene.bound, scene.claim, scene.history))


@thorough(20)
@given(scenes(), _seeds)
def test_the_order_of_rules_and_documents(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)
    mixed = {path: _mixed_rules(path, data, chance) for path, data in scene.files.items()}
    documents = Documents(_mixed(tuple(loaded(mixed)), chance))
    bound, _ = book_of(documents, "medicare", scene.contractor, known_on=scene.known_on)
    assert outcomes(scene, bound) == outcomes(scene)


@thorough(20)
@given(scenes(), _seeds)
def test_the_order_of_lines_facts_and_history(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)
    claim, past = scene.claim, scene.history
    lines = _mixed(
        tuple(replace(line, documentation=_mixed_facts(line, chance)) for line in claim.lines),
        chance,
    )
    mixed = replace(claim, lines=lines, documentation=_mixed_facts(claim, chance))
    history = History(_mixed(past.services, chance), _mixed(past.coverage, chance))
    assert outcomes(scene.with_claim(mixed, history)) == outcomes(scene)


@thorough(20)
@given(scenes())
def test_the_numbers_of_lines(scene: Scene) -> None:
    numbers = {line.number: 10 * (5 - line.number) for line in scene.claim.lines}
    lines = tuple(replace(line, number=numbers[line.number]) for line in scene.claim.lines)
    expected = {
        (rule, tuple(sorted(numbers[number] for number in lines)), diagnosis): word
        for (rule, lines, diagnosis), word in outcomes(scene).items()
    }
    assert outcomes(scene.with_claim(replace(scene.claim, lines=lines))) == expected


@thorough(8)
@given(scenes())
def test_the_same_inputs_give_the_same_bytes(scene: Scene) -> None:
    again = loaded(scene.files)
    bound, _ = book_of(again, "medicare", scene.contractor, known_on=scene.known_on)
    assert bound.book.digest == scene.bound.book.digest
    assert _bytes(scene, bound) == _bytes(scene, scene.bound)


@thorough(8)
@given(scenes(), _seeds)
def test_the_bytes_do_not_depend_on_the_order_of_documents(scene: Scene, seed: int) -> None:
    documents = Documents(_mixed(tuple(scene.documents), random.Random(seed)))
    bound, _ = book_of(documents, "medicare", scene.contractor, known_on=scene.known_on)
    assert bound.book.digest == scene.bound.book.digest
    assert _bytes(scene, bound) == _bytes(scene, scene.bound)


def _bytes(scene: Scene, bound: BoundBook) -> bytes:
    shown = result(decide(bound, scene.claim, scene.history), scene.history)
    return json.dumps(shown, default=str).encode()


def _mixed_rules(path: str, data: bytes, chance: random.Random) -> bytes:
    if not path.endswith("policy.yaml"):
        return data
    document = json.loads(data)
    for key in ("rules", "derives", "changes", "drops"):
        if key in document:
            document[key] = list(_mixed(tuple(document[key]), chance))
    return file(document)


def _mixed(items: tuple[T, ...], chance: random.Random) -> tuple[T, ...]:
    return tuple(chance.sample(items, len(items)))


def _mixed_facts(owner: Claim | Any, chance: random.Random) -> dict[str, Any]:
    return dict(_mixed(tuple(owner.documentation.items()), chance))
