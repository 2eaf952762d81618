"""A claim that stands in the inputs more than once is not lost, and counts once beside others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.batch.corpus import batched, lines_of, outcomes, rows, told
from tests.batch.tables import as_csv, as_parquet

ROW = {
    "claim_id": "A", "claim_line_number": "1", "person_id": "P", "payer": "medicare",
    "state": "NC", "hcpcs_code": "20552", "claim_line_start_date": "2026-03-01",
    "service_unit_quantity": "1", "charge_amount": "100.00", "billing_npi": "1234567893",
}  # fmt: skip
TWO = [ROW, ROW | {"claim_line_number": "2", "hcpcs_code": "20553", "charge_amount": "50.00"}]
LAST = ["--workers", "1", "--payer", "medicare"]


def judged(folder: Path, *tables: list[dict[str, Any]]) -> dict[str, Any]:
    """The counts of a batch of some tables, the lines and charge of its claims, what is told."""
    given = [as_csv(table, folder / f"{n}.csv") for n, table in enumerate(tables)]
    batched(*map(str, given), "-o", str(folder / "out"), *LAST, code=None if tables else 2)
    out = folder / "out"
    return {
        "claims": [(r["claim_id"], r["lines"], str(r["charge"])) for r in rows(out, "claims")],
        "counts": told(out)["claims"],
        "remarks": [entry["code"] for entry in lines_of(out / "remarks.jsonl")],
    }


def without(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The table without numbers of lines."""
    return [{k: v for k, v in row.items() if k != "claim_line_number"} for row in table]


@pytest.mark.parametrize(
    "tables",
    [
        (TWO, TWO),
        (TWO, TWO[1:]),
        (TWO + TWO,),
        (without(TWO), without(TWO)),
        (without(TWO), without(TWO[:1])),
    ],
)
def test_rows_that_repeat_others_count_once(
    tmp_path: Path, tables: tuple[list[dict[str, Any]], ...]
) -> None:
    found = judged(tmp_path, *tables)
    assert found["claims"] == [("A", 2, "150.00")]
    assert found["counts"] == {"read": 1, "untouched": 0, "judged": 1, "quarantined": 0}
    assert found["remarks"] == ["repeated-line"]


@pytest.mark.parametrize("tables", [(TWO[:1], TWO[1:]), (without(TWO[:1]), without(TWO[1:]))])
def test_lines_of_a_claim_may_stand_in_several_files(
    tmp_path: Path, tables: tuple[list[dict[str, Any]], ...]
) -> None:
    found = judged(tmp_path, *tables)
    assert (found["claims"], found["remarks"]) == ([("A", 2, "150.00")], [])


def test_equal_rows_without_a_number_in_one_file_are_two_lines(tmp_path: Path) -> None:
    found = judged(tmp_path, without([ROW, ROW]))
    assert (found["claims"], found["remarks"]) == ([("A", 2, "200.00")], [])


def test_a_line_with_two_contents_is_told(tmp_path: Path) -> None:
    one = as_csv(TWO, tmp_path / "one.csv")
    two = as_parquet([ROW | {"hcpcs_code": "20610"}], tmp_path / "two.parquet")
    out = tmp_path / "out"
    batched(str(one), str(two), "-o", str(out), *LAST, code=2)
    (entry,) = lines_of(out / "quarantine.jsonl")
    assert (entry["claim_id"], entry["code"]) == ("A", "duplicate-line")
    assert "in whichever files they stand" in entry["hint"]
    assert told(out)["claims"] == {"read": 1, "untouched": 0, "judged": 0, "quarantined": 1}


def contract(claim_id: str, day: str, **more: Any) -> dict[str, Any]:
    """A claim of the contract."""
    line = {"number": 1, "procedure": "20552", "service_date": day, "units": 1}
    payer = {"id": "medicare", "state": "NC", "contractor": "palmetto"}
    return {"claim_id": claim_id, "payer": payer, "patient": {"id": "P"}, "lines": [line], **more}


def test_each_claim_of_one_id_is_judged_and_one_counts(tmp_path: Path) -> None:
    """Three sessions a year: with what was read first counted, too, the last would be the fifth."""
    before = [contract(f"C{n}", f"2026-0{n}-01") for n in (1, 2)]
    given = [contract(f"C{n}", f"2026-0{n}-05") for n in (1, 2)]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for folder, claims in (("one", before), ("two", [*given, contract("C3", "2026-03-05")])):
        path = tmp_path / folder / "claims.jsonl"
        path.write_text("\n".join(map(json.dumps, claims)) + "\n", "utf-8")
    whole = ["--complete-from", "2024-01-01", *LAST]
    twice, once = tmp_path / "twice", tmp_path / "once"
    batched(str(tmp_path / "one"), str(tmp_path / "two"), "-o", str(twice), *whole)
    batched(str(tmp_path / "two"), "-o", str(once), *whole)
    assert outcomes(twice)["C3"] == outcomes(once)["C3"]
    assert not [r for r in rows(twice, "findings") if "session-limit" in r["rule"]]
    assert len(rows(twice, "claims")) == told(twice)["claims"]["judged"] == 5
    told_of = lines_of(twice / "remarks.jsonl")
    assert [e["claim_id"] for e in told_of if e["code"] == "repeated-claim"] == ["C1", "C2"]
    assert [i["file"] for i in told(twice)["inputs"]] == ["one/claims.jsonl", "two/claims.jsonl"]
    assert [i["claims"] for i in told(twice)["inputs"]] == [2, 3]


def test_a_correction_under_the_same_id_counts(tmp_path: Path) -> None:
    """The void was read first; the sessions that are left are two."""
    claims = [
        contract("C1", "2026-01-05", frequency="8"),
        *(contract(f"C{n}", f"2026-0{n}-05") for n in (1, 2, 3)),
        contract("C4", "2026-04-05"),
    ]
    path, out = tmp_path / "claims.jsonl", tmp_path / "out"
    path.write_text("\n".join(map(json.dumps, claims)) + "\n", "utf-8")
    batched(str(path), "-o", str(out), "--complete-from", "2024-01-01", *LAST)
    messages = [r["message"] for r in rows(out, "findings") if "session-limit" in r["rule"]]
    assert messages == []


def test_equal_services_of_a_history_file_count_each(tmp_path: Path) -> None:
    """Two lines of one day that a history does not number are two services."""
    service = {"patient_id": "P", "service_date": "2026-01-05", "procedure": "20552", "units": 1}
    history, path = tmp_path / "h.jsonl", tmp_path / "claims.jsonl"
    history.write_text(f"{json.dumps(service)}\n{json.dumps(service)}\n", "utf-8")
    path.write_text(json.dumps(contract("C1", "2026-01-05")), "utf-8")
    from engine.batch.judge import Judge

    seen: list[int] = []
    whole = Judge._decided
    with pytest.MonkeyPatch.context() as patch:

        def counted(self: Judge, claim: Any, known: Any) -> Any:
            seen.append(len(known.services))
            return whole(self, claim, known)

        patch.setattr(Judge, "_decided", counted)
        batched(str(path), "-o", str(tmp_path / "out"), "--history", str(history), *LAST)
    assert seen == [2]
