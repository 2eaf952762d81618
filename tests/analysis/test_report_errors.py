"""`cleanclaim report` on folders that are no batch, or a broken one; and where it writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from tests.analysis.batches import Batch, claim, put
from tests.analysis.test_summary import story
from tests.analysis.trees import run


def _no_run(out: Path) -> None:
    (out / "run.json").unlink()
    for file in (out / "claims").iterdir():
        file.unlink()


def _no_json(out: Path) -> None:
    (out / "run.json").write_text("{")


def _no_counts(out: Path) -> None:
    (out / "run.json").write_text(json.dumps({"complete": True}))


def _not_utf8(out: Path) -> None:
    (out / "run.json").write_bytes(b"\xff\xfe{}")


def _no_parts(out: Path) -> None:
    for file in (out / "findings").iterdir():
        file.unlink()


def _one_part_less(out: Path) -> None:
    (out / "claims" / "part-00001.parquet").unlink()


def _one_part_more(out: Path) -> None:
    put(out / "needs" / "part-00009.parquet", "needs", [{"claim_id": "X", "rule": "r"}])


def _cut(out: Path) -> None:
    file = out / "findings" / "part-00000.parquet"
    file.write_bytes(file.read_bytes()[:-200])


def _flipped(out: Path) -> None:
    file = out / "findings" / "part-00000.parquet"
    data = bytearray(file.read_bytes())
    data[8:400] = b"\xff" * 392
    file.write_bytes(bytes(data))


def _empty_file(out: Path) -> None:
    (out / "claims" / "part-00000.parquet").write_bytes(b"")


def _no_column(out: Path) -> None:
    put(out / "claims" / "part-00001.parquet", "claims", story().claims[1::2], verdict=None)


def _other_type(out: Path) -> None:
    put(out / "findings" / "part-00001.parquet", "findings", [], lines=pa.string())


def _bad_quarantine(out: Path) -> None:
    (out / "quarantine.jsonl").write_text("{}\nnot json\n")


def _no_quarantine(out: Path) -> None:
    (out / "quarantine.jsonl").unlink()


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "no run.json": (_no_run, "holds no run.json"),
    "no JSON": (_no_json, "run-damaged"),
    "no counts": (_no_counts, "`claims` does not count the read"),
    "not UTF-8": (_not_utf8, "run-damaged"),
    "no parts": (_no_parts, "run.json counts 3 findings"),
    "a part less": (_one_part_less, "a part is missing"),
    "a part more": (_one_part_more, "a part of another run"),
    "a part cut short": (_cut, "findings/part-00000.parquet: error: cannot be read as Parquet"),
    "a part with other bytes": (_flipped, "cannot be read"),
    "an empty part": (_empty_file, "part-00000.parquet: error: cannot be read as Parquet"),
    "a column less": (_no_column, "the claims have no column `verdict`"),
    "another type": (_other_type, "the column `lines` is of type varchar"),
    "bad quarantine": (_bad_quarantine, "quarantine.jsonl:2: error: is no JSON object"),
    "no quarantine": (_no_quarantine, "run.json counts 1 quarantined"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_folder_is_a_message(tmp_path: Path, name: str) -> None:
    spoil, message = SPOILT[name]
    out = story().write(tmp_path / "out")
    spoil(out)
    code, said = run("report", str(out))
    assert (code, message in said) == (2, True), said
    assert "fault of the program" not in said
    assert not (out / "report.html").exists()


def test_no_folder(tmp_path: Path) -> None:
    code, said = run("report", str(tmp_path / "nothing"))
    assert code == 2
    assert "there is no folder" in said


def test_an_interrupted_run_may_have_fewer_rows(tmp_path: Path) -> None:
    out = story().write(tmp_path / "out", complete=False)
    _one_part_less(out)
    (out / "quarantine.jsonl").write_text('{"code": "x"}\n{"code": ')
    code, said = run("report", str(out))
    assert code == 0
    assert "NOTE: This run did not come to its end" in said


def test_a_run_that_left_no_account_is_told_from_its_parts(tmp_path: Path) -> None:
    out = story().write(tmp_path / "out")
    (out / "run.json").unlink()
    code, said = run("report", str(out))
    assert code == 0
    assert said.startswith("9 claims judged so far, services of 2026-03-04.\nNOTE: This run did")
    assert "not touched  " not in said


def test_an_empty_run_is_a_report(tmp_path: Path) -> None:
    out = Batch().write(tmp_path / "out", parts=0)
    code, said = run("report", str(out))
    assert code == 0
    assert "No claim was judged in this run" in said
    assert (out / "report.html").is_file()


def test_where_it_writes(tmp_path: Path) -> None:
    out = story().write(tmp_path / "out")
    file = tmp_path / "x.html"
    code, said = run("report", str(out), "-o", str(file))
    assert (code, said.endswith(f"wrote {file}\n")) == (0, True)
    assert run("report", str(out), "--format", "html") == (0, file.read_text(encoding="utf-8"))
    text = run("report", str(out), "--format", "text")[1]
    assert said.startswith(text)
    assert not (out / "report.html").exists()
    code, said = run("report", str(out), "-o", str(tmp_path / "no" / "x.html"))
    assert (code, "cannot write" in said) == (2, True)


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    out = Batch(claims=[claim("A")]).write(tmp_path / "it's [a] *run?")
    code, said = run("report", str(out), "--format", "text")
    assert (code, "Of 1 judged claim" in said) == (0, True)


def test_without_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    code, said = run("report", str(story().write(tmp_path)))
    assert code == 2
    assert "pip install 'cleanclaim[batch]'" in said
