"""What examples and cases reach, on both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.analysis.coverage.measure import Coverage, measure
from tests.analysis.trees import folder, run
from tests.compiler.trees import library


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    return measure(library())


def gaps(coverage: Coverage, rule: str) -> set[tuple[str, str, str | None]]:
    return {(c.part, c.words, c.gap) for c in coverage.clauses if c.rule.endswith(rule) and c.gap}


def test_rules_on_both_sides(coverage: Coverage) -> None:
    found = {rule.id.split("#")[1]: rule.gap for rule in coverage.rules}
    assert found["session-limit"] is None
    assert found["no-biologics"] == "never met"


def test_clauses_seen_true_and_false(coverage: Coverage) -> None:
    words = "the record states biologic yes"
    assert gaps(coverage, "#no-biologics") == {("when stated", words, "never false")}
    assert ("when", "the patient's age is at least 18", "never false") in gaps(
        coverage, "#care-first"
    )
    assert gaps(coverage, "#two-weeks-apart") == set()


def test_exceptions_and_rows(coverage: Coverage) -> None:
    assert [(name, times) for _, name, times in coverage.exceptions] == [("stopped", 0)]
    rows = {table.name: (table.reached, table.rows) for table in coverage.tables}
    assert rows["medicare/national/epidurals:epidural_code"][0] == 2
    assert rows["coding/pairs:code_pairs"][0] == 1


def test_the_command(tmp_path: Path) -> None:
    tree = str(folder(tmp_path))
    code, shown = run("policy", "coverage", "medicare/national", "--policies", tree)
    assert code == 0
    assert "never used: exception stopped of medicare/national/blocks#imaging-stated" in shown
    assert "rules reached" in shown.splitlines()[-1]
    code, _ = run("policy", "coverage", "--policies", tree, "--fail-under", "100")
    assert code == 1
