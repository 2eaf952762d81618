"""Histories by the contract: one object, lists and JSON lines of both kinds of entry."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.claims.history import history_from, read_history
from engine.claims.where import Where
from engine.model.claim import Coverage, History, Line, Provider, Service
from engine.model.problem import Problem

SAMPLE = Path(__file__).parent / "samples" / "history.json"
DATA = json.loads(SAMPLE.read_text())
COVERED, SERVICE = DATA["coverage"][0], DATA["services"][0]


def read(content: str) -> tuple[History, list[Problem]]:
    return read_history("-", io.BytesIO(content.encode()))


def test_one_object() -> None:
    history, problems = read_history(SAMPLE)
    assert problems == []
    assert history.coverage == (
        Coverage("MBI-1", date(2024, 1, 1), date(2026, 3, 3), None, False, ("facet_injections",)),
        Coverage("MBI-2", None, date(2026, 3, 3), None, True, None),
    )
    line = Line(
        2, "64493", date(2025, 10, 1), ("RT",), 1, "11", ("M47.816",),
        rendering_provider=Provider("1245319599", group="carolina-pain"),
        documentation={"relief": 80},
    )  # fmt: skip
    expected = Service("MBI-1", line, "PM-1", "medicare", "carolina-pain", "paid")
    assert history.services == (expected,)


def test_json_lines_a_list_and_yaml_are_the_same() -> None:
    expected = read_history(SAMPLE)
    entries = DATA["coverage"] + DATA["services"]
    assert read("\n".join(map(json.dumps, entries))) == expected
    assert read(json.dumps(entries)) == expected
    assert history_from(DATA, Where("-")) == expected
    listed = "coverage:\n" + "".join(f"  - {json.dumps(e)}\n" for e in DATA["coverage"])
    listed += "services:\n" + "".join(f"  - {json.dumps(e)}\n" for e in DATA["services"])
    assert read(listed) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (SERVICE | {"status": "sent"}, ("unknown-word", "service, entry 1, status")),
        (SERVICE | {"patient_id": None}, ("missing-field", "service, entry 1, patient_id")),
        (SERVICE | {"procedure": 64493}, ("needs-quotes", "service, entry 1, procedure")),
        (SERVICE | {"service_date": "x"}, ("bad-date", "service, entry 1, service_date")),
        (SERVICE | {"unit": 1}, ("unknown-field", "service, entry 1, unit")),
        (SERVICE | {"documentation": 1}, ("wrong-type", "service, entry 1, documentation")),
        (COVERED | {"providers": "some"}, ("wrong-type", "coverage, entry 1, providers")),
        (COVERED | {"complete_to": "2023-01-01"}, ("bad-period", "coverage, entry 1, complete_to")),
        (7, ("wrong-type", "service, entry 1")),
    ],
)
def test_a_bad_entry_is_left_out_and_told(entry: Any, expected: tuple[str, str]) -> None:
    history, problems = read(json.dumps([entry, SERVICE]))
    assert [(problem.id, problem.location.place) for problem in problems] == [expected]
    assert len(history.services) == 1
    assert history.coverage == ()


def test_a_wrong_npi_is_a_warning() -> None:
    history, problems = read(json.dumps([SERVICE | {"rendering_npi": "1234567890"}]))
    assert [problem.severity for problem in problems] == ["warning"]
    assert len(history.services) == 1


def test_foreign_content() -> None:
    for content in ("", "ISA*00*", "hello", '{"claims": []}', "7", "[[1]]"):
        history, problems = read(content)
        assert history == History()
        assert len(problems) == 1
    assert read_history("nothing-here.json")[1][0].id == "unreadable-file"
