"""compare, code, checklist and the evidence list: what they print, and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.run import TREE, claim, run, transcript, write

HERE = Path(__file__).parent / "transcripts"
NOW = ("--on", "2025-03-04", "--policies", TREE)
PALMETTO = ("--payer", "medicare", "--contractor", "palmetto")
COMMANDS = {
    "code": ("code", "64490", *NOW),
    "code-unknown": ("code", "99999", *NOW),
    "checklist": ("checklist", "64490", *PALMETTO, *NOW),
    "checklist-nobody": ("checklist", "64490", "--payer", "nobody", *NOW),
    "checklist-which": ("checklist", "64490", "--payer", "medicare", *NOW),
    "evidence": ("policy", "list", "--evidence", "--policies", TREE),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_transcript(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / f"{name}.txt", transcript(*COMMANDS[name]))


def test_compare(golden: Callable[[Path, str], None]) -> None:
    shown = transcript("compare", "-", "--policies", TREE, given=json.dumps(claim()))
    golden(HERE / "compare.txt", shown)


def test_compare_for_programs_names_the_clause_that_differs(tmp_path: Path) -> None:
    file = write(tmp_path / "claim.json", claim())
    done = run("compare", file, "--policies", TREE, "--format", "json")
    (shown,) = json.loads(done.stdout)
    assert {payer["payer"] for payer in shown["payers"]} >= {
        "medicare / cgs",
        "medicare / palmetto",
    }
    for difference in shown["differences"]:
        assert len({(s["outcome"], s["says"]) for s in difference["sides"]}) > 1
        assert all(s["cites"] for s in difference["sides"] if s["outcome"] == "violated")


def test_compare_of_a_claim_that_is_not_there(tmp_path: Path) -> None:
    file = write(tmp_path / "claim.json", claim())
    done = run("compare", file, "--claim", "X", "--policies", TREE)
    assert done.exit_code == 2
    assert "has no claim `X`" in done.stderr


def test_code_for_programs() -> None:
    shown = json.loads(run("code", "64490", *NOW, "--format", "json").stdout)
    assert shown["code"] == "64490"
    assert shown["sets"]
    assert shown["policies"]


def test_checklist_for_programs_names_rule_and_source() -> None:
    done = run("checklist", "64490", *PALMETTO, *NOW, "--format", "json")
    shown = json.loads(done.stdout)
    items = [item for items in shown["note"].values() for item in items]
    assert items
    assert all(rule["cites"] for item in items for rule in item["rules"])


def test_evidence_for_programs_has_a_grade_and_a_day_for_every_rule() -> None:
    done = run("policy", "list", "--evidence", "--format", "json", "--policies", TREE)
    shown = json.loads(done.stdout)
    assert shown["rules"]
    for rule in shown["rules"]:
        grades = ("primary", "secondary", "contested", "unverified", "interpretation")
        assert rule["grade"] in grades
