"""Every example of the twenty worked patterns, on the engine and on the naive evaluator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from engine.compiler.lint import lint
from engine.documents.load import Document
from engine.documents.source import from_folder
from tests.naive.beside import both
from tests.patterns.examples import scene
from tests.patterns.tree import FOLDER, documents, library, the_book

NATIONAL = "medicare/national/worked-patterns"


def examples() -> Iterator[Any]:
    """Each rule entry with each of its examples."""
    for policy in documents().of("policy"):
        for entry in policy.data.get("rules", []):
            for example in entry["examples"]:
                name = f"{entry['rule']}: {example['name']}"
                yield pytest.param(policy, entry, example, id=name)


def test_the_tree_has_no_problems() -> None:
    # The patterns are kept word for word: some show one side only, or deny on a record.
    problems = lint(from_folder(FOLDER))[1]
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert {problem.id for problem in problems} <= {"one-sided-examples", "record-denies"}


def test_all_twenty_patterns_are_there() -> None:
    policy = library().policies[NATIONAL]
    # Pattern 11 is one rule in two entries; pattern 16 two rules.
    assert len(policy.data["rules"]) == 22
    assert sum(1 for _ in examples()) == 35


@pytest.mark.parametrize(("policy", "entry", "example"), list(examples()))
def test_example(policy: Document, entry: dict[str, Any], example: dict[str, Any]) -> None:
    begins = date.fromisoformat(entry.get("from", policy.data["from"]))
    shown = scene(example, begins, "medicare", library().facts)
    found = both(documents(), the_book(), shown.claim, shown.history, shown.given)
    key = (f"{policy.folder}#{entry['rule']}", (1,), None)
    words = found.engine.get(key, "not_applicable"), found.naive.get(key, "not_applicable")
    assert words == (example["expect"], example["expect"])
    assert found.differences() == {}
