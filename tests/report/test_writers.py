"""Writers: text for people, JSON and JSON lines for programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.report.formats import WRITERS
from engine.report.result import result
from tests.report.world import WHOLE, claim, earlier, judge, policy

HERE = Path(__file__).parent
SHORT = {"coverage": [{**WHOLE["coverage"][0], "complete_to": "2025-01-31"}]}
FULL: dict[str, Any] = {
    "findings": {
        "data": claim({"units": 3}, {"procedure": "64493", "units": 3}),
        "history": earlier("2025-03-01"),
    },
    "questions": {"data": claim({}, {"procedure": "64491"}, patient={"id": "P-1"})},
    "planned": {"data": claim(stage="planned"), "history": SHORT},
    "no-policy": {"data": claim({"procedure": "99213"})},
    "no-state": {"data": claim({"procedure": "64490"}, payer={"id": "medicare"})},
    "clean": {
        "data": claim(
            {"procedure": "62321"},
            documentation={"claim": {"care_weeks": 8}, "lines": {"1": {"biologic": False}}},
        )
    },
}


def written(format_: str, *names: str, without_record: bool = False) -> str:
    """Some claims in a format."""
    out = io.StringIO()
    writer: Any = WRITERS[format_](out)
    verdicts: dict[str, int] = {}
    for name in names:
        decided, past = judge(**FULL[name])
        shown = result(decided, past, without_record=without_record)
        writer.write(shown, decided)
        verdicts[shown["verdict"]] = verdicts.get(shown["verdict"], 0) + 1
    writer.close(verdicts)
    return out.getvalue()


@pytest.mark.parametrize("name", FULL)
def test_text(name: str, golden: Callable[[Path, str], None]) -> None:
    shown = written("text", name)
    golden(HERE / "texts" / f"{name}.txt", shown)
    assert all(len(line) <= 100 for line in shown.splitlines())
    assert all(line == line.rstrip() for line in shown.splitlines())


def test_text_without_record(golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "texts" / "without-record.txt", written("text", "questions", without_record=True))


def test_a_fact_is_asked_once_with_all_rules_that_ask_it() -> None:
    shown = written("text", "questions")
    assert shown.count("Which imaging guided the needle?") == 2
    assert shown.count("[care_weeks]") == 1


def test_text_counts_the_verdicts() -> None:
    assert written("text", "clean", "findings", "planned").splitlines()[-1] == (
        "3 claims: 1 clean, 1 not clean, 1 undecided"
    )
    assert written("text") == "0 claims: none read\n"


def test_json_is_one_array() -> None:
    assert [r["claim_id"] for r in json.loads(written("json", "clean", "findings"))] == ["C-1"] * 2
    assert json.loads(written("json", "clean"))[0]["verdict"] == "clean"
    assert json.loads(written("json")) == []


def test_json_lines_are_a_line_each() -> None:
    lines = written("jsonl", "clean", "findings").splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == ["clean", "not_clean"]
    assert written("jsonl") == ""


def test_both_hold_the_same() -> None:
    array = json.loads(written("json", "findings", "planned"))
    assert array == [
        json.loads(line) for line in written("jsonl", "findings", "planned").splitlines()
    ]


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_json_keeps_letters_that_the_stream_does_not_know(format_: str) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="latin-1")
    decided, past = judge(claim(claim_id="Łódź-1"))
    writer: Any = WRITERS[format_](out)
    writer.write(result(decided, past), decided)
    writer.close({})
    out.flush()
    shown = json.loads(raw.getvalue().decode("latin-1"))
    assert (shown[0] if format_ == "json" else shown)["claim_id"] == "Łódź-1"


def test_an_adopted_sentence_names_the_base_and_the_adoption() -> None:
    assert "one-unit: article units, adopted by article (secondary)" in written("text", "findings")


def test_a_rule_of_the_payer_s_own_names_its_sentence() -> None:
    assert "two-weeks-apart: article sessions (secondary)" in written("text", "findings")


def test_a_question_without_facts_is_said_to_have_none() -> None:
    rule = """\
  - rule: the-rule
    says: Said.
    cites: article/units
    applies_to: {procedure: epidurals}
    requires: {sessions: {of: epidurals, within: rolling_year, at_least: 2}}
    otherwise: {finding: review}
"""
    decided, past = judge(claim(), policy(rule), history={"coverage": []})
    out = io.StringIO()
    writer: Any = WRITERS["text"](out)
    writer.write(result(decided, past), decided)
    assert "about earlier services" in out.getvalue()
