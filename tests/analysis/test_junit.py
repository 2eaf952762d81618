"""`policy test`: what a failure shows, the JUnit report, and running again after a change."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.cli.watching import watched
from tests.analysis.trees import folder, run
from tests.compiler.trees import EPIDURALS, Edit

WRONG: Edit = (EPIDURALS, "documentation: {care_weeks: 5}", "documentation: {care_weeks: 7}")


def test_a_failure_shows_claim_expectation_and_proof(tmp_path: Path) -> None:
    code, shown = run("policy", "test", "--policies", str(folder(tmp_path, WRONG)))
    assert code == 1
    failure = shown.split("FAILS ")[1]
    assert failure.startswith("medicare/national/epidurals#care-first: five weeks\n  at ")
    assert "  claim: 62323 on 2021-01-01\n  expected violated, came out met\n" in failure
    assert "the record states care weeks at least 6 weeks" in failure


def test_the_junit_report(tmp_path: Path) -> None:
    report = tmp_path / "tests.xml"
    tree = folder(tmp_path / "policies", WRONG)
    code, _ = run("policy", "test", "--policies", str(tree), "--junit", str(report))
    assert code == 1
    root = ElementTree.fromstring(report.read_text(encoding="utf-8"))
    cases = root.findall(".//testcase")
    assert root.get("tests") == str(len(cases))
    assert root.get("failures") == "1"
    (failed,) = [case for case in cases if case.find("failure") is not None]
    assert failed.get("name") == "five weeks"
    assert failed.get("classname") == "medicare/national/epidurals#care-first"
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected violated, came out met"


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    words = ("--policies", str(folder(tmp_path)), "--junit", str(tmp_path / "no" / "where.xml"))
    code, shown = run("policy", "test", *words)
    assert code == 2
    assert "cannot write `" in shown


def test_a_folder_of_policies(tmp_path: Path) -> None:
    root = str(folder(tmp_path))
    counts = [
        int(run("policy", "test", *which, "--policies", root)[1].split(" ")[0])
        for which in ((), ("coding",), ("medicare",), ("medicare/national",))
    ]
    assert counts[0] == counts[1] + counts[2]
    assert 0 < counts[3] <= counts[2]
    assert run("policy", "test", "medic", "--policies", root)[0] == 2


def test_a_rule_that_is_not_there(tmp_path: Path) -> None:
    which = "medicare/national/epidurals#none"
    code, shown = run("policy", "test", which, "--policies", str(folder(tmp_path)))
    assert code == 2
    assert "writes no rule `none`; it writes: code-choice" in shown


def test_watching(tmp_path: Path) -> None:
    tree = folder(tmp_path)
    runs: list[int] = []

    def pause(_: float) -> None:
        if len(runs) == 2:
            raise KeyboardInterrupt
        (tree / "more.yaml").write_text(f"sets: {{}}  # {len(runs)}\n", encoding="utf-8")

    watched(str(tree), lambda: runs.append(1) or 0, pause)  # type: ignore[func-returns-value]
    assert len(runs) == 2


def test_only_a_folder_can_be_watched() -> None:
    import click

    with pytest.raises(click.UsageError, match="only a folder can be watched"):
        watched("no-such-folder", lambda: 0)
