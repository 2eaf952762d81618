"""Clause A32: what is added to the record or to the covered history changes no decided outcome."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.chain.stratified import decide
from engine.model.claim import Claim, Coverage, History
from tests.naive.beside import engine_outcomes
from tests.naive.evaluator import Judged
from tests.naive.outcomes import Word
from tests.properties.claims import facts
from tests.properties.scenes import Scene, scenes
from tests.properties.settings import thorough

pytestmark = pytest.mark.unmeasured


@thorough(60)
@given(scenes(), facts(), facts())
def test_a_further_fact(scene: Scene, of_claim: dict[str, Any], of_line: dict[str, Any]) -> None:
    _unchanged(scene, scene.with_claim(_documented(scene.claim, of_claim, of_line)))


@thorough(30)
@given(
    scenes(),
    st.sampled_from(["11", "22"]),
    st.sampled_from([1, 3]),
    st.sampled_from([date(1955, 3, 1), date(1990, 1, 1)]),
)
def test_a_field_that_was_not_given(scene: Scene, place: str, units: int, birth_date: date) -> None:
    claim = scene.claim
    lines = tuple(
        replace(
            line,
            place_of_service=line.place_of_service or place,
            units=units if line.units is None else line.units,
        )
        for line in claim.lines
    )
    patient = claim.patient
    born = replace(patient, birth_date=patient.birth_date or birth_date, sex=patient.sex or "F")
    _unchanged(scene, scene.with_claim(replace(claim, lines=lines, patient=born)))


@thorough(40)
@given(scenes(), st.integers(0, 1), st.booleans())
def test_a_longer_history(scene: Scene, which: int, from_the_first: bool) -> None:
    coverage = list(scene.history.coverage) or [Coverage("p", date(2024, 9, 1), date(2025, 1, 1))]
    entry = coverage[which % len(coverage)]
    first = None if from_the_first else _earlier(entry.complete_from)
    coverage[which % len(coverage)] = replace(entry, complete_from=first, complete_to=None)
    history = History(scene.history.services, tuple(coverage))
    _unchanged(scene, scene.with_claim(scene.claim, history))


def _earlier(day: date | None) -> date | None:
    return None if day is None else min(day, date(2023, 1, 1))


def _documented(claim: Claim, of_claim: dict[str, Any], of_line: dict[str, Any]) -> Claim:
    """The claim with further facts, but none that another statement contradicts."""
    given_somewhere = set(claim.documentation)
    for line in claim.lines:
        given_somewhere |= set(line.documentation)
    added = {name: value for name, value in of_claim.items() if name not in given_somewhere}
    taken = {**claim.documentation, **added}
    lines = []
    for line in claim.lines:
        own = {n: v for n, v in of_line.items() if n not in taken and n not in line.documentation}
        lines.append(replace(line, documentation={**line.documentation, **own}))
    return replace(claim, documentation=taken, lines=tuple(lines))


def _unchanged(before: Scene, after: Scene) -> None:
    silent = _rules_with_when_stated(before)
    one, two = _outcomes(before), _outcomes(after)
    for key, word in one.items():
        if word != "undecided" and key[0] not in silent:
            assert _passed(two.get(key, "not_applicable")) == _passed(word), key
    for key, word in two.items():
        if key not in one and key[0] not in silent:
            assert word == "met", key


def _outcomes(scene: Scene) -> dict[Judged, Word]:
    return engine_outcomes(decide(scene.bound, scene.claim, scene.history))


def _passed(word: str) -> str:
    return "passed" if word in ("met", "not_applicable") else word


def _rules_with_when_stated(scene: Scene) -> set[str]:
    """Rules that may begin to apply, and those that wait for the outcome of another."""
    found = set()
    for path, data in scene.files.items():
        if not path.endswith("policy.yaml"):
            continue
        for rule in json.loads(data).get("rules", []):
            if "when_stated" in rule:
                found |= {rule["rule"], "waiting"}
    return {rule.id for rule in scene.bound.book.rules if rule.name in found}
