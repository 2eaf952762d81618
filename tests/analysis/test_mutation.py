"""Every kind of change to a policy: noticed by the example at its edge, else named as untested."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.analysis.mutation.mutant import Mutant
from engine.analysis.mutation.patched import Patched
from engine.analysis.mutation.run import Bench, try_all
from engine.analysis.mutation.score import score
from engine.analysis.mutation.touched import chosen, touched
from engine.analysis.mutation.values import shifted
from engine.chain.bound import BoundBook
from engine.model.length import Length
from tests.analysis.trees import folder, run
from tests.compiler.trees import BLOCKS, EPIDURALS, edited, library

THIRD = """      - name: the third
        line: {procedure: "64490", service_date: 2025-04-01}
        history:
          - {procedure: "64490", service_date: 2025-01-01}
          - {procedure: "64490", service_date: 2025-02-01}
        expect: met
"""
FIRST = """      - name: the first
        line: {procedure: "64490"}
        expect: met
"""
REASONS = """untested:
  - of: care-first
    changes: ["without `when` `the patient's age is at least 18`"]
    reason: Nobody under 18 is in this tree.
  - of: care-first
    changes: [nothing of the kind]
    reason: Long gone.
"""


@pytest.fixture(scope="module")
def bench() -> Bench:
    """The mutants of the small tree."""
    return Bench(library())


def named(bench: Bench, owner: str) -> dict[str, Mutant]:
    """The mutants of one rule or definition by their change."""
    return {m.change: m for m in bench.mutants if m.owner == owner}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, [4, 2]),
        (0, [1]),
        (True, [False]),
        (Length(6, "week"), [Length(7, "week"), Length(5, "week")]),
        (date(2025, 1, 1), [date(2025, 1, 2), date(2024, 12, 31)]),
        ("ct", []),
    ],
)
def test_values_are_shifted_by_one(value: object, expected: list[object]) -> None:
    assert list(shifted(value)) == expected


def test_every_written_thing_is_changed(bench: Bench) -> None:
    national = "medicare/national"
    assert set(named(bench, f"{national}/blocks:block_sessions")) == {"3 read as 4", "3 read as 2"}
    limit = named(bench, f"{national}/blocks#session-limit")
    assert "applies to: without `the line's purpose is therapeutic` in `all of`" in limit
    assert any(change.startswith("requires: without `same region`") for change in limit)
    imaging = named(bench, f"{national}/blocks#imaging-stated")
    assert "without the exception `stopped`" in imaging
    assert "requires: without `ct` in `the record states imaging fluoroscopy or ct`" in imaging
    assert "without `64491`" in named(bench, "coding:blocks")
    assert "without row 1 (`62323`)" in named(bench, f"{national}/epidurals:epidural_code")
    assert "2021-01-01 read as 2021-01-02" in named(bench, f"{national}/epidurals:from")
    assert "12 months read as 13 months" in named(bench, "medicare:rolling_year")
    apart = named(bench, f"{national}/epidurals#two-weeks-apart")
    assert any(change.startswith("requires: 2 weeks read as 3 weeks") for change in apart)
    too_often = named(bench, f"{national}/blocks#too-often")
    assert any("violated instead of passed" in c for c in too_often)


def test_a_layer_does_not_test_again_what_its_base_says(bench: Bench) -> None:
    own = {m.of for m in bench.mutants if m.policy == "medicare/contractors/palmetto/blocks"}
    assert own == {"one-unit", "from"}
    own = {m.of for m in bench.mutants if m.policy == "medicare/contractors/cgs/blocks"}
    assert own == {"block_sessions", "from"}


def test_the_example_at_the_edge_notices(bench: Bench) -> None:
    limit = named(bench, "medicare/national/blocks:block_sessions")
    assert (bench.try_one(limit["3 read as 4"]).noticed_by or "").endswith(
        "session-limit: the fourth"
    )
    assert bench.try_one(limit["3 read as 2"]).noticed_by is None
    better = Bench(library(edited([(BLOCKS, FIRST, FIRST + THIRD)])))
    limit = named(better, "medicare/national/blocks:block_sessions")
    assert (better.try_one(limit["3 read as 2"]).noticed_by or "").endswith("the third")


def test_a_patched_book_decides_as_a_whole_one(bench: Bench) -> None:
    for mutant in bench.mutants:
        for test in bench.tests:
            base = bench.trials.books[test.key]
            changed = mutant.apply(base.book)
            if changed is not None and test.touched_by(mutant):
                patched = Patched(changed, base, mutant.rules)
                assert test.holds(patched) == test.holds(BoundBook(changed)), (mutant, test.name)


def test_tests_that_a_mutant_cannot_touch_hold(bench: Bench) -> None:
    for mutant in bench.mutants:
        for test in (t for t in bench.tests if not t.touched_by(mutant)):
            changed = mutant.apply(bench.trials.books[test.key].book)
            assert changed is None or test.holds(BoundBook(changed)), (mutant, test.name)


def test_several_processes_say_the_same(bench: Bench) -> None:
    assert try_all(bench, bench.mutants, 2) == try_all(bench, bench.mutants, 1)


def test_what_does_not_hold_is_set_aside() -> None:
    wrong = edited(
        [(EPIDURALS, "documentation: {care_weeks: 5}", "documentation: {care_weeks: 7}")]
    )
    found = score(library(wrong), lambda m: m[:1], 1)
    assert found.failing == ("medicare/national/epidurals#care-first: five weeks",)


def test_only_what_a_change_touches() -> None:
    base = library()
    head = library(edited([(BLOCKS, "value: 3, cites", "value: 2, cites")]))
    owners = touched(base, head)
    assert owners == {"medicare/national/blocks:block_sessions"}
    tried = {m.owner for m in chosen(Bench(head).mutants, owners)}
    limit = "medicare/national/blocks#session-limit"
    assert tried == {"medicare/national/blocks:block_sessions", limit}
    assert touched(base, base) == frozenset()
    head = library(edited([("coding/codes.yaml", '["64491", "64494"]', '["64491"]')]))
    assert touched(base, head) == {"coding:further_blocks:64494"}


def test_reasons(tmp_path: Path) -> None:
    more = {"medicare/national/epidurals/untested.yaml": REASONS}
    found = score(library(edited([], more)), processes=1)
    reasoned = [s for s in found.survivors if s.reason]
    assert [s.mutant.of for s in reasoned] == ["care-first"]
    assert [p.id for p in found.stale] == ["stale-reason"]
    assert "nothing of the kind" in found.stale[0].message
    code, shown = run(
        "policy",
        "mutate",
        "medicare/national/epidurals#care-first",
        "--policies",
        str(folder(tmp_path, more=more)),
    )
    assert "because: Nobody under 18 is in this tree." in shown
    assert code in (0, 1)


def test_the_command(tmp_path: Path) -> None:
    tree = str(folder(tmp_path))
    code, shown = run(
        "policy", "mutate", "medicare/national/blocks#session-limit", "--policies", tree
    )
    assert code == 1
    assert "says: No more than 3 sessions of a region in a year." in shown
    assert "  untested: 3 read as 2  [" in shown
    code, shown = run("policy", "mutate", "nowhere", "--policies", tree)
    assert (code, "there is no policy `nowhere`" in shown) == (2, True)
    code, shown = run("policy", "mutate", "medicare/national/blocks#none", "--policies", tree)
    assert (code, "writes no rule `none`" in shown) == (2, True)
    code, shown = run("policy", "mutate", "--policies", tree, "--changed", tree)
    assert (code, shown.splitlines()[-1][:9]) == (0, "0 changes")
