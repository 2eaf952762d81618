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


def _fourth_session(folder: Path) -> tuple[str, str]:
    """A claim of one line, and three sessions before it: CGS allows four, Palmetto three."""
    service = {"patient_id": "P-1", "procedure": "64490", "status": "paid", "payer": "medicare"}
    days = ("2024-09-01", "2024-11-01", "2025-01-01")
    services = [{**service, "service_date": day, "claim_id": day, "line": 1} for day in days]
    coverage = {"patient_id": "P-1", "complete_from": None, "complete_to": "2025-03-03"}
    history = {"coverage": [{**coverage, "providers": "all"}], "services": services}
    line = {"number": 1, "procedure": "64490", "service_date": "2025-03-04", "units": 1}
    billed = claim(lines=[line], documentation={"lines": {"1": {"imaging": "ct"}}})
    return write(folder / "claim.json", billed), write(folder / "before.json", history)


def test_compare_names_the_clause_that_differs(tmp_path: Path) -> None:
    file, before = _fourth_session(tmp_path)
    words = ("compare", file, "--history", before, "--policies", TREE)
    (shown,) = json.loads(run(*words, "--format", "json").stdout)
    verdicts = {payer["payer"]: payer["verdict"] for payer in shown["payers"]}
    assert verdicts["medicare / palmetto"] == "not_clean"
    (difference,) = [d for d in shown["differences"] if d["rule"].endswith("#session-limit")]
    sides = {side["outcome"]: side for side in difference["sides"]}
    assert sides["violated"]["payers"] == ["medicare / palmetto"]
    assert sides["violated"]["says"] == "No more than 3 sessions of a region in a year."
    assert sides["met"]["says"] == "No more than 4 sessions of a region in a year."
    assert all(side["cites"] for side in sides.values())
    text = run(*words).stdout
    assert "where they differ" in text
    assert "met: medicare / cgs" in text


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
