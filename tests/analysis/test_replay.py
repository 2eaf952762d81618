"""A stored result comes out again byte for byte, or replay says what has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.analysis.replay import compare, stored_results
from engine.documents.marks import Marks
from engine.documents.schema import validate
from tests.analysis.trees import SHIPPED, run

EXAMPLES = SHIPPED.parent / "examples"
CLAIMS, HISTORY = str(EXAMPLES / "first-claims.json"), str(EXAMPLES / "first-claims-history.json")


def check(*words: str) -> str:
    code, said = run("check", CLAIMS, "--history", HISTORY, "--format", "json", *words)
    assert code in (0, 1, 3)
    return said[said.index("[\n") :]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    file = tmp_path / "results.json"
    file.write_text(check(), encoding="utf-8")
    return file


def replay(file: Path, claims: str = CLAIMS, history: str = HISTORY) -> tuple[int, str]:
    return run("replay", str(file), "--claims", claims, "--history", history)


def test_the_bytes_agree(stored: Path) -> None:
    code, said = replay(stored)
    assert (code, said.splitlines()[-1]) == (0, "3 results: 3 agree byte for byte, 0 differ")


def test_results_say_what_they_were_made_of_and_fit_their_schema(stored: Path) -> None:
    for item in json.loads(stored.read_text(encoding="utf-8")):
        assert set(item["made_of"]) == {
            "engine",
            "policies",
            "book",
            "known_on",
            "claim",
            "history",
        }
        assert validate("result", {"made_of": item["made_of"]}, Marks("result"))[0] == [
            p for p in validate("result", {"made_of": item["made_of"]}, Marks("result"))[0]
            if "made_of" not in p.message
        ]  # fmt: skip


def test_lines_are_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    _, said = run("check", CLAIMS, "--history", HISTORY, "--format", "jsonl")
    file.write_text(said, encoding="utf-8")
    assert replay(file)[0] == 0


def test_another_claim_is_said(stored: Path, tmp_path: Path) -> None:
    text = Path(CLAIMS).read_text(encoding="utf-8")
    other = tmp_path / "claims.json"
    other.write_text(text.replace('"units": 4', '"units": 1'), encoding="utf-8")
    code, said = replay(stored, str(other))
    assert code == 1
    assert "FIRST-2 differs\n  another claim" in said
    assert "one-unit-a-day: no longer" in said


def test_another_history_is_said(stored: Path, tmp_path: Path) -> None:
    other = tmp_path / "history.json"
    other.write_text('{"coverage": [], "services": []}', encoding="utf-8")
    code, said = replay(stored, history=str(other))
    assert code == 1
    assert "another history of the patient" in said
    assert "rule book" not in said


@pytest.mark.unmeasured
def test_another_known_on_date_is_used_again(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(check("--known-on", "2026-01-01"), encoding="utf-8")
    assert replay(file)[0] == 0


@pytest.mark.unmeasured
def test_other_policies_are_said(stored: Path, tmp_path: Path) -> None:
    import shutil

    policies = tmp_path / "policies"
    shutil.copytree(SHIPPED, policies)
    file = policies / "medicare/national/trigger-point-injections/policy.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("units: {at_most: 1}", "units: {at_most: 9}"), encoding="utf-8")
    code, said = run(
        "replay", str(stored), "--claims", CLAIMS, "--history", HISTORY, "--policies", str(policies)
    )
    assert code == 1
    assert "another rule book of this payer, contractor and plan" in said
    assert "another claim" not in said


def test_other_documents_that_do_not_judge_the_claim_are_said(stored: Path) -> None:
    data = json.loads(stored.read_text(encoding="utf-8"))
    for item in data:
        item["made_of"]["policies"] = "0" * 16
    data[1]["verdict"] = "undecided"
    stored.write_text(json.dumps(data), encoding="utf-8")
    code, said = run(
        "replay", str(stored), "--claims", CLAIMS, "--history", HISTORY, "--policies", str(SHIPPED)
    )
    assert code == 1
    first, second, _ = said.split(" differs\n")[1:]
    assert "other policy documents, none by which this claim is judged" in first
    assert "edited" not in first
    assert "edited" in second


def test_an_edited_result_and_a_missing_claim_are_said(stored: Path) -> None:
    data = json.loads(stored.read_text(encoding="utf-8"))
    data[0]["verdict"] = "not_clean" if data[0]["verdict"] == "clean" else "clean"
    data[1]["claim_id"] = "NOBODY"
    stored.write_text(json.dumps(data), encoding="utf-8")
    code, said = replay(stored)
    assert code == 1
    assert "the stored result was edited" in said
    assert "no claim with this id" in said


def test_a_result_without_its_parts_is_compared_by_its_digest() -> None:
    old = {"claim_id": "C", "verdict": "clean", "digest": "a"}
    new = {**old, "digest": "b", "made_of": {}}
    assert compare(old, {**old, "made_of": {}}).agrees
    assert "does not say which" in compare(old, new).why[0]


@pytest.mark.parametrize("text", ["", "nonsense", "[1]", "{}", '[{"claim_id": "x"}]'])
def test_a_file_without_results_is_a_problem(text: str, tmp_path: Path) -> None:
    assert stored_results(text, "file")[1]
    file = tmp_path / "results.json"
    file.write_text(text, encoding="utf-8")
    assert replay(file)[0] == 2
