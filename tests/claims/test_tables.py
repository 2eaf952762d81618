"""Tables of services: CSV and Parquet say what JSON says."""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import pytest

from engine.claims import tables
from engine.claims.entries import read_entries
from engine.model.claim import Claim, Coverage, Service
from engine.model.problem import Problem

ROW = {
    "patient_id": "P-1",
    "service_date": "2025-10-01",
    "procedure": "64493",
    "modifiers": ["RT", "KX"],
    "units": 2,
    "place_of_service": "11",
    "diagnoses": ["M47.816", "M54.16"],
    "rendering_npi": "1245319599",
    "group": "carolina-pain",
    "payer": "medicare",
    "claim_id": "A",
    "line": 3,
    "status": "paid",
    "documentation": {"relief": 80},
}
CSV = (
    "patient_id,service_date,procedure,modifiers,units,place_of_service,diagnoses,rendering_npi,"
    "group,payer,claim_id,line,status,documentation\n"
    'P-1,2025-10-01,64493,RT KX,2,11,"M47.816;M54.16",1245319599,carolina-pain,medicare,A,3,paid,'
    '"{""relief"": 80}"\n'
)


def read(content: str | bytes, name: str = "-") -> list[Any]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_entries(name, io.BytesIO(data)))


def expected() -> Service:
    (found,) = read(json.dumps([ROW]))
    assert isinstance(found, Service)
    return found


def test_csv_is_json() -> None:
    assert read(CSV) == [expected()]
    assert read("\ufeff" + CSV.replace("\n", "\r\n")) == [expected()]


def test_tabs() -> None:
    assert read("patient_id\tservice_date\tprocedure\nP-1\t2025-10-01\t20552\n")[0].line.number == 0


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("patient_id,service_date,procedures\nP,2025-10-01,20552\n", "unknown-field", None),
        ("patient_id,service_date,procedure\nP,2025-13-01,20552\n", "bad-date", 2),
        ("patient_id,service_date,procedure\n\nP,2025-10-01,20552,1\n", "bad-row", 3),
        ("patient_id,service_date,procedure\nP,2025-10-01,2055\n", "bad-code", 2),
        ('patient_id,service_date,procedure\n"P"x,2025-10-01,20552\n', "bad-table", None),
        ("patient_id,units,service_date,procedure\nP,two,2025-10-01,20552\n", "wrong-type", 2),
    ],
)
def test_wrong_tables(text: str, fault: str, line: int | None) -> None:
    (problem,) = read(text)
    assert isinstance(problem, Problem)
    assert (problem.id, problem.location.line) == (fault, line)


def test_not_text() -> None:
    (problem,) = read(b"patient_id,procedure\nP,\xff\n")
    assert problem.id == "not-utf8"


def test_mixed_json_lines() -> None:
    claim = {
        "claim_id": "A", "payer": {"id": "medicare"}, "patient": {"id": "P-1"},
        "lines": [{"number": 1, "procedure": "20552", "service_date": "2025-10-01"}],
    }  # fmt: skip
    span = {"patient_id": "P-1", "complete_from": "2024-01-01"}
    found = read("\n".join(map(json.dumps, (claim, ROW, span))))
    assert [type(one) for one in found] == [Claim, Service, Coverage]


@pytest.mark.parametrize("reader", ["pyarrow", "duckdb"])
def test_parquet(tmp_path: Path, reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not all(importlib.util.find_spec(name) for name in ("pyarrow", reader)):
        pytest.skip(f"{reader} is not installed here")
    import pyarrow
    from pyarrow import parquet

    row = {**ROW, "documentation": json.dumps(ROW["documentation"])}
    file = tmp_path / "services.parquet"
    parquet.write_table(pyarrow.Table.from_pylist([row]), file)
    if reader == "duckdb":
        monkeypatch.setattr(tables, "_arrow", lambda *_: None)
    assert list(read_entries(file)) == [expected()]


def test_parquet_without_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_arrow", "_duckdb"):
        monkeypatch.setattr(tables, name, lambda *_: None)
    file = tmp_path / "services.parquet"
    file.write_bytes(b"PAR1 and so on")
    (problem,) = read_entries(file)
    assert isinstance(problem, Problem)
    assert "pyarrow or duckdb" in problem.message
