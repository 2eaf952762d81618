"""durable_rules comes to the same outcomes as the chain that decides, and keeps nothing."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from bench.claims import Case, cases
from engine.chain.bound import BoundBook
from engine.chain.decided import Decided
from engine.chain.stratified import decide
from engine.compiler.book import compile_book
from engine.model.claim import Claim, FactValue, History
from tests.chain.worlds import DAY, book, claim, history, line, rule, words
from tests.policies.shipped import linted

pytest.importorskip(
    "durable_rules_engine", reason="durable_rules is not installed: it is built from source"
)

from engine.chain import durable, durable_network  # only where it is installed
from engine.chain.durable import decide_durable

BOOKS = [("medicare", "palmetto"), ("medicare", "cgs"), ("medicare", None), ("aetna", None)]
CLAIMS = 1000
MANY = 2000


@cache
def shipped(payer: str, contractor: str | None) -> BoundBook:
    return BoundBook(compile_book(linted()[0], payer, contractor)[0])


def told(decided: Decided) -> tuple[Any, ...]:
    """All that a chain says, with the lines that it found not payable."""
    around = decided.around
    return (
        [(b.rule.id, lines, word, x.diagnoses) for x, b, word, lines in decided.outcomes],
        [(x.index, b.rule.id) for x, b in decided.silent],
        (decided.no_policy, [x.index for x in decided.scope_open]),
        (decided.not_applicable, decided.not_judged),
        (sorted(around.barred), sorted(around.unsure)),
    )


def agree(bound: BoundBook, one: Claim, before: History, **more: Any) -> tuple[Any, ...]:
    first, second = (chain(bound, one, before, **more) for chain in (decide, decide_durable))
    assert told(first) == told(second)
    return told(first)


def some_cases(bound: BoundBook, count: int, seed: int) -> Iterator[Case]:
    half = count // 2
    yield from cases(bound.book, half, seed, record=0.9)
    yield from cases(bound.book, count - half, seed + 1, record=0.3)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("payer", "contractor"), BOOKS, ids=lambda name: name or "any")
def test_the_same_outcomes_on_random_claims(payer: str, contractor: str | None) -> None:
    bound, seen = shipped(payer, contractor), dict.fromkeys(("met", "violated", "undecided"), 0)
    for case in some_cases(bound, CLAIMS // len(BOOKS), seed=len(payer)):
        for _, _, word, _ in agree(bound, case.claim, case.history)[0]:
            seen[word] += 1
    assert min(seen.values()) > 100, "the claims do not show every outcome"


@pytest.mark.unmeasured
def test_nothing_is_kept_of_a_claim() -> None:
    bound = book(*CHAINED)
    record: dict[str, FactValue] = {"biologic": True, "relief": 60, "imaging": "ct"}
    first = [line(1, units=2, diagnoses=("M54.16",)), line(2, "64490"), line(3, "J0001")]

    def some(count: int) -> None:
        for number in range(count):
            decide_durable(bound, claim(*first[: 1 + number % 3], record=record), history())

    some(MANY)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    some(MANY)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4 * 1024, f"{grown} kB more after {MANY} claims"


BESIDE = {"companion": {"procedure": "points", "same": ["claim"], "outcome": "payable"}}
CHAINED = [
    rule("one-unit", ["20552"], {"units": {"at_most": 1}}),
    rule("no-pain", None, {"never": "covered"}, for_each="diagnosis")
    | {"applies_to": {"diagnosis": ["M54.16"]}},
    rule(
        "whole",
        ["blocks"],
        {"units": {"at_most": 1}},
        otherwise={"finding": "reject", "falls_on": "claim"},
    ),
    rule("needs-points", ["J0001"], BESIDE),
    rule("after", ["J0001"], {"outcome": {"rule": "needs-points", "is": "passed"}}),
    rule(
        "biologic",
        ["points"],
        {"never": "covered"},
        when_stated={"documented": {"fact": "biologic", "is": True}},
    ),
    rule(
        "either",
        ["points"],
        {"documented": {"fact": "imaging", "is": "ct"}},
        when={"documented": {"fact": "relief", "at_least": 50}},
    ),
]


@pytest.mark.parametrize("units", [1, 2, None])
@pytest.mark.parametrize("diagnosis", ["M54.16", "Z00.00"])
@pytest.mark.parametrize("block_units", [1, 2, None])
def test_outcomes_are_chained(units: int | None, diagnosis: str, block_units: int | None) -> None:
    bound = book(*CHAINED)
    for record in ({}, {"biologic": True}, {"biologic": False}, {"relief": 60}, {"relief": None}):
        one = claim(
            line(1, "20552", units=units, diagnoses=(diagnosis,)),
            line(2, "64490", units=block_units),
            line(3, "J0001"),
            record=record,
        )
        agree(bound, one, history())
        agree(bound, one, history(), null=None)
        agree(bound, one, history(), given={1: False})


def test_the_next_stratum_reads_what_durable_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = book(*CHAINED)
    monkeypatch.setattr(durable._Sitting, "_line_barred", lambda _self, _fact: [])
    one = claim(line(1, units=2), line(2, "J0001"), record={"imaging": "ct"})
    decided = decide_durable(bound, one, history())
    assert words(decided)[("one-unit", (1,))] == "violated"
    assert words(decided)[("needs-points", (2,))] == "met"


def test_a_large_policy_is_split_into_rulesets(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    check = durable_network._check

    def counted(rules: dict[str, durable_network.Conditions]) -> None:
        sizes.append(len(rules))
        check(rules)

    monkeypatch.setattr(durable_network, "_check", counted)
    rules = [rule(f"r{n}", ["points"], {"units": {"at_most": n}}) for n in range(40)]
    bound = book(*rules)
    for units in (1, 20, None):
        agree(bound, claim(line(units=units)), history())
    assert len(sizes) == 3
    assert max(sizes) <= durable_network.MOST_RULES


def test_too_much_is_refused_before_the_engine_sees_it() -> None:
    many = {f"r{n}": [{"kind": n}] for n in range(durable_network.MOST_RULES + 1)}
    with pytest.raises(durable_network.DurableError, match="rules on 2 properties"):
        durable_network.Network(many)
    wide = {"r": [{f"p{n}": 1} for n in range(durable_network.MOST_PROPERTIES + 1)]}
    with pytest.raises(durable_network.DurableError, match="properties"):
        durable_network.Network(wide)


def test_a_fact_that_no_rule_takes_is_an_error() -> None:
    network = durable_network.Network(durable_network.rules_of(10, with_stated=False))
    with pytest.raises(durable_network.DurableError, match="refused"):
        network.run(['{"kind":11,"number":1}'], lambda _name, _fact: [])
    with pytest.raises(durable_network.DurableError, match="empty"):
        network.run([], lambda _name, _fact: [])


def test_after_a_failure_the_networks_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    bound, one = book(*CHAINED), claim(line(1, units=2, day=DAY))
    agree(bound, one, history())
    with monkeypatch.context() as broken:
        broken.setattr(durable._Sitting, "_outcome", lambda _self, _word, _number: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            decide_durable(bound, one, history())
    agree(bound, one, history())
