"""Files that are broken, foreign or empty end in a message; nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from engine.batch.work import judging
from tests.batch.broken import broken, samples
from tests.batch.corpus import lines_of, told
from tests.batch.tables import as_nested
from tests.cli.run import run

FILES = 25


@pytest.mark.unmeasured
def test_broken_files_end_in_a_message(corpus: Path, tmp_path: Path) -> None:
    good, chance = samples(corpus, tmp_path), Random(8)
    (tmp_path / "bad").mkdir()
    for number in range(FILES):
        fault = outcome_of(broken(chance, good, tmp_path / "bad", number), tmp_path / "out")
        assert fault is None, f"file {number}: {fault}"


def outcome_of(path: Path, out: Path) -> str | None:
    """What is wrong with how a batch ends on a file; None if nothing is."""
    shutil.rmtree(out, ignore_errors=True)
    # One payer has one book: it is the files that are tried here.
    words = ["--workers", "1", "--alone", "--payer", "aetna"]
    done = run("batch", str(path), "-o", str(out), *words)
    if done.exit_code not in (0, 1, 2, 3):
        return f"exit code {done.exit_code}: {done.exception!r}"
    if "Traceback" in done.output or "fault of the program" in done.output:
        return done.output
    if done.exit_code == 2 and not done.output.strip():
        return "no message"
    if not (out / "run.json").exists():
        return None if done.exit_code == 2 else "no output"
    counts, entries = told(out)["claims"], lines_of(out / "quarantine.jsonl")
    if counts["read"] != counts["untouched"] + counts["judged"] + counts["quarantined"]:
        return f"the counts do not agree: {counts}"
    if len(entries) != counts["quarantined"]:
        return f"{counts['quarantined']} in quarantine, {len(entries)} told"
    if any(entry["code"] == "fault" for entry in entries):
        return f"a fault: {entries}"
    return None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header.csv", b"claim_id,procedure,patient,service_date\n"),
        ("empty.jsonl", b""),
        ("spaces.txt", b"  \n \n"),
        ("page.html", b"<html></html>"),
        ("archive.zip", b"PK\x03\x04rest"),
        ("other.csv", b"colour,weight,length\nred,1,2\n"),
        ("twice.csv", b"claim_id,claim_id,procedure,patient,service_date\n1,1,2,3,4\n"),
        ("list.json", b"[]"),
    ],
)
def test_files_without_claims(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("batch", str(tmp_path / name), "-o", str(tmp_path / "out"), "--workers", "1")
    assert done.exit_code == 2
    assert done.output.strip()


def test_what_is_not_there(tmp_path: Path) -> None:
    for words in ([str(tmp_path / "no.csv")], [str(tmp_path)]):
        done = run("batch", *words, "-o", str(tmp_path / "out"))
        assert done.exit_code == 2
    assert "no such file" in run("batch", str(tmp_path / "no.csv"), "-o", "x").output


def test_a_row_of_a_table_costs_its_claim(tmp_path: Path) -> None:
    given = tmp_path / "lines.csv"
    given.write_text(
        "claim_id,claim_line_number,person_id,payer,hcpcs_code,claim_line_start_date,units\n"
        "A,1,P1,medicare,20552,2026-02-30,1\n"
        "B,1,P2,medicare,20552,2026-03-01,1\n"
        "C,1,P3,medicare,20552,2026-03-01,many\n"
        "D,1,P4,medicare,36415,not a day,1\n"
        ",1,P5,medicare,20552,2026-03-01,1\n"
        "F,1,P6,medicare,20552,2026-03-01,1\n"
        "F,2,P7,medicare,20552,2026-03-01,1\n"
        "G,1,,medicare,20552,2026-03-01,1\n"
    )
    out = tmp_path / "out"
    done = run("batch", str(given), "-o", str(out), "--workers", "1")
    assert done.exit_code == 2
    told_of = {(e["claim_id"], e["code"]) for e in lines_of(out / "quarantine.jsonl")}
    assert told_of == {
        ("A", "bad-date"), ("C", "wrong-type"), (None, "missing-field"), ("F", "two-patients"),
        ("G", "missing-field"),
    }  # fmt: skip
    assert told(out)["claims"] == {"read": 7, "untouched": 1, "judged": 1, "quarantined": 5}
    assert told(out)["untouched"] == {"medicare": 1}


def test_counts_that_do_not_agree_are_told(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "parts_of", lambda _work, _count: [])
    done = run("batch", str(few), "-o", str(tmp_path / "out"), "--workers", "1")
    assert done.exit_code == 2
    assert "the counts do not agree" in done.output


def test_a_damaged_file_of_whole_claims_costs_what_it_does_not_give(
    corpus: Path, tmp_path: Path
) -> None:
    given = as_nested(corpus, tmp_path / "nested.parquet")
    data = bytearray(given.read_bytes())
    data[4:60] = b"\xff" * 56  # the head of the first page
    given.write_bytes(data)
    out = tmp_path / "out"
    done = run("batch", str(given), "-o", str(out), "--workers", "1")
    assert done.exit_code == 2
    (entry,) = lines_of(out / "quarantine.jsonl")
    assert (entry["file"], entry["code"]) == ("nested.parquet", "bad-table")
    assert told(out)["claims"]["quarantined"] == 1
