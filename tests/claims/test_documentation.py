"""Documentation: checked against the vocabulary, read from files, joined to claims."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.claims.documentation import attach, check_claim, check_facts, read_documentation, unused
from engine.claims.read import read_claims
from engine.documents.marks import Marks
from engine.documents.schema import validate
from engine.model.claim import Claim, FactValue
from engine.model.problem import Location, Problem
from engine.model.vocabulary import Fact

SAMPLE = Path(__file__).parent / "samples" / "claims.json"
HERE = Location("a.json", place="claim PM-7")
FACTS = {
    fact.name: fact
    for fact in (
        Fact("yes", type="yes_no"),
        Fact("count", type="integer"),
        Fact("relief", type="percent"),
        Fact("reliefs", type="percent", list=True),
        Fact("weeks", type="duration", unit="weeks"),
        Fact("minutes", type="duration", unit="minutes"),
        Fact("length", type="duration"),
        Fact("day", type="date"),
        Fact("imaging", type="choice", values=("ct", "none")),
        Fact("levels", type="words"),
        Fact("sides", type="words", values=("left", "right")),
        Fact("reason", type="text"),
    )
}


def read(data: Any) -> tuple[Any, list[Problem]]:
    return read_documentation("-", io.BytesIO(json.dumps(data).encode()))


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("yes", False, False),
        ("yes", None, None),
        ("count", 3, 3),
        ("relief", 100, 100),
        ("reliefs", (80, 0), (80, 0)),
        ("reliefs", (), ()),
        ("reliefs", None, None),
        ("weeks", 6, "6 weeks"),
        ("weeks", 1, "1 week"),
        ("weeks", "2 months", "2 months"),
        ("weeks", "6", "6 weeks"),
        ("length", "3 years", "3 years"),
        ("minutes", 30, "30 minutes"),
        ("minutes", "1 minute", "1 minute"),
        ("day", "2026-03-04", date(2026, 3, 4)),
        ("imaging", " ct ", "ct"),
        ("levels", ("L4-L5",), ("L4-L5",)),
        ("levels", "L4-L5", ("L4-L5",)),
        ("sides", ("left", "right"), ("left", "right")),
        ("reason", " because ", "because"),
    ],
)
def test_a_value_that_fits(name: str, given: FactValue, expected: FactValue) -> None:
    assert check_facts({name: given}, FACTS, HERE) == ({name: expected}, [])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("yes", "yes"),
        ("yes", 1),
        ("count", True),
        ("count", "3"),
        ("count", Decimal("1.5")),
        ("relief", 101),
        ("relief", -1),
        ("relief", "80%"),
        ("relief", True),
        ("reliefs", 80),
        ("reliefs", (80, "x")),
        ("weeks", -6),
        ("weeks", "six weeks"),
        ("weeks", Decimal("1.5")),
        ("weeks", True),
        ("minutes", "2 weeks"),
        ("length", 6),
        ("day", "2026-13-01"),
        ("day", 20260304),
        ("imaging", "xray"),
        ("imaging", ("ct",)),
        ("levels", (1,)),
        ("levels", ("",)),
        ("sides", ("up",)),
        ("reason", ""),
        ("reason", 5),
    ],
)
def test_a_value_that_does_not_fit_stays_unknown(name: str, given: FactValue) -> None:
    found, problems = check_facts({name: given}, FACTS, HERE)
    assert found == {}
    assert [(problem.id, problem.severity) for problem in problems] == [("wrong-fact", "error")]
    assert problems[0].location.place == f"claim PM-7, {name}"


def test_an_unknown_fact_has_a_suggestion() -> None:
    found, problems = check_facts({"imagin": "ct"}, FACTS, HERE)
    assert found == {}
    assert [(p.id, p.help) for p in problems] == [("unknown-fact", "did you mean `imaging`?")]


def first_claim() -> Claim:
    found = next(iter(read_claims(SAMPLE)))
    assert isinstance(found, Claim)
    return found


def test_a_claim_keeps_only_the_facts_that_fit() -> None:
    declared = {
        "relief_percent": Fact("relief_percent", type="percent"),
        "imaging": Fact("imaging", type="choice", values=("ct",)),
        "levels": Fact("levels", type="words"),
    }
    claim, problems = check_claim(first_claim(), declared, "a.json")
    assert claim.documentation == {"relief_percent": 80}
    assert claim.lines[0].documentation == {"levels": ("L4-L5", "L5-S1")}
    assert [str(problem.location) for problem in problems] == [
        "a.json (claim PM-7, pain_scale)",
        "a.json (claim PM-7, line 1, imaging)",
    ]


def test_the_three_shapes_of_a_file() -> None:
    record = {"claim": {"relief": 80}, "lines": {"1": {"contrast": True}}}
    entry = {"claim_id": "PM-7", "documentation": record}
    other = {"claim_id": "PM-9", "documentation": {}}
    stream = io.BytesIO("\n".join(map(json.dumps, (entry, other))).encode())
    shapes = (
        read({"PM-7": record, "PM-9": {}}),
        read([entry, other]),
        read_documentation("-", stream),
    )
    for documentation, problems in shapes:
        assert problems == []
        assert list(documentation) == ["PM-7", "PM-9"]
        assert documentation["PM-7"].claim == {"relief": 80}
        assert documentation["PM-7"].lines == {1: {"contrast": True}}
    single, problems = read(entry)
    assert (list(single), problems) == (["PM-7"], [])


RECORD = {"claim": {"relief": 80}, "lines": {"1": {"contrast": None}}}


@pytest.mark.parametrize(
    ("data", "good"),
    [
        ({"PM-7": RECORD, "PM-9": {}}, True),
        ({"claim_id": "PM-7", "documentation": RECORD}, True),
        ({}, True),
        (RECORD, False),
        ({"claim_id": "PM-7", **RECORD}, False),
        ({"claim_id": "PM-7"}, False),
        ({"PM-7": 3}, False),
        ({"PM-7": {"facts": {}}}, False),
        ({"PM-7": {"lines": {"one": {}}}}, False),
        ("text", False),
    ],
)
def test_the_schema_takes_what_the_reader_takes(data: Any, good: bool) -> None:
    assert (validate("documentation", data, Marks("f"))[0] == []) is good
    assert (read(data)[1] == []) is good


def test_attached_to_its_claim() -> None:
    record = {"claim": {"relief": 80}, "lines": {"1": {"contrast": True}, "2": {"needles": 3}}}
    documentation, _ = read({"PM-7": record})
    claim, problems = attach(first_claim(), documentation)
    assert problems == []
    assert claim.documentation == {"relief_percent": 80, "pain_scale": None, "relief": 80}
    assert claim.lines[0].documentation["contrast"] is True
    assert claim.lines[0].documentation["imaging"] == "fluoroscopy"
    assert claim.lines[1].documentation == {"needles": 3}


def test_contradictions_are_told_and_neither_is_believed() -> None:
    record = {
        "claim": {"relief_percent": 50, "pain_scale": None},
        "lines": {"1": {"imaging": "ct"}},
    }
    documentation, _ = read({"PM-7": record})
    claim, problems = attach(first_claim(), documentation)
    assert claim.documentation == {"pain_scale": None}
    assert "imaging" not in claim.lines[0].documentation
    assert [(p.id, p.location.place) for p in problems] == [
        ("contradictory-fact", "claim PM-7, relief_percent"),
        ("contradictory-fact", "claim PM-7, line 1, imaging"),
    ]


def test_lines_and_claims_that_are_not_there() -> None:
    documentation, _ = read({"PM-7": {"lines": {"5": {"imaging": "ct"}}}, "PM-99": {}})
    claim, problems = attach(first_claim(), documentation)
    assert claim == first_claim()
    assert [problem.id for problem in problems] == ["unknown-line"]
    left = unused(documentation, {"PM-7"})
    assert [(p.id, p.severity, p.location.place) for p in left] == [
        ("unused-documentation", "warning", "claim PM-99")
    ]
    assert attach(first_claim(), {}) == (first_claim(), [])


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ([1], "wrong-type"),
        ({"PM-7": 1}, "wrong-type"),
        ({"PM-7": {"claims": {}}}, "unknown-field"),
        ({"PM-7": {"lines": {"x": {}}}}, "unknown-line"),
        ({"PM-7": {"lines": {"1": {}, "01": {}}}}, "duplicate-line"),
        ({"PM-7": {"claim": []}}, "wrong-type"),
        ([{"claim_id": "PM-7"}], "missing-field"),
        ([{"claim_id": "A", "documentation": {}}] * 2, "repeated-claim"),
    ],
)
def test_mistakes_of_a_file(data: Any, fault: str) -> None:
    assert [problem.id for problem in read(data)[1]] == [fault]
