"""What every shipped policy owes its readers: it lints, its examples hold, its rules cite."""

from __future__ import annotations

from typing import Any

import pytest

from engine.analysis.cases import Cases
from engine.analysis.examples import run_examples
from engine.compiler.lint import left_to_people
from tests.policies.opened import can_be_undecided
from tests.policies.shipped import CASES, IDS, linted, never

pytestmark = pytest.mark.unmeasured


def test_lint_has_nothing_to_say() -> None:
    assert [str(problem) for problem in linted()[1]] == []


@pytest.mark.parametrize("id", IDS)
def test_every_example_holds(id: str) -> None:
    checks = list(run_examples(linted()[0], id))
    assert {check.name: check.faults for check in checks if check.faults} == {}


@pytest.mark.parametrize("file", CASES)
def test_every_case_holds(file: str) -> None:
    library = linted()[0]
    (document,) = [d for d in library.cases if d.file.endswith(f"policies/{file}")]
    found = list(Cases(library).run(document))
    assert found
    assert {check.name: check.faults for check in found if check.faults} == {}


@pytest.mark.parametrize("id", IDS)
def test_every_policy_has_a_case(id: str) -> None:
    assert any(file.startswith(f"{id}/cases/") for file in CASES)


def rules(id: str) -> list[dict[str, Any]]:
    found = linted()[0].policies[id].data.get("rules") or ()
    return [rule for rule in found if not rule.get("ends")]


@pytest.mark.parametrize("id", IDS)
def test_every_rule_is_shown_on_both_sides_of_its_edge(id: str) -> None:
    people = set(left_to_people(linted()[0]))
    lacking = []
    for rule in rules(id):
        shown = {example["expect"] for example in rule.get("examples") or ()}
        wanted = {"violated"} if never(rule) else {"met", "violated"}
        if f"{id}#{rule['rule']}" in people:
            wanted = {"undecided"}
        lacking += [f"{rule['rule']}: {word}" for word in sorted(wanted - shown)]
    assert lacking == []


@pytest.mark.parametrize("id", IDS)
def test_a_rule_whose_facts_can_be_open_is_shown_undecided(id: str) -> None:
    library = linted()[0]
    lacking = [
        rule["rule"]
        for rule in rules(id)
        if "undecided" not in {example["expect"] for example in rule.get("examples") or ()}
        and can_be_undecided(library, id, rule)
    ]
    assert lacking == []


@pytest.mark.parametrize("id", IDS)
def test_every_rule_cites(id: str) -> None:
    assert [rule["rule"] for rule in rules(id) if not rule.get("cites")] == []
