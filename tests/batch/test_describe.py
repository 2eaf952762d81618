"""What is said of inputs before anything runs, and of a mapping that names what is not there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.batch.corpus import batched, rows

HEAD = "CLM;LN;WHO;DAY;HCPCS;MOD1;MOD2\n1;1;P;2026-03-02;20552;;\n"
MAPPING = {
    "CLM": "claim_id", "LN": "number", "WHO": "patient", "DAY": "service_date",
    "HCPCS": "procedure", "MOD1": "modifiers", "MOD2": "modifiers",
}  # fmt: skip


def mapped(folder: Path, **changed: str) -> list[str]:
    """A table and its mapping file."""
    (folder / "lines.csv").write_text(HEAD)
    columns = {changed.get(name, name): field for name, field in MAPPING.items()}
    said = {"columns": columns, "constants": {"payer": "aetna"}}
    (folder / "ours.yaml").write_text(json.dumps(said))
    return [str(folder / "lines.csv"), "--mapping", str(folder / "ours.yaml")]


def test_a_column_that_no_table_has(tmp_path: Path) -> None:
    """Without the modifiers the outcomes would be others, and nobody would know."""
    words = mapped(tmp_path, MOD2="MODIFIER_2")
    for more in (["--describe"], ["-o", str(tmp_path / "out")]):
        shown = batched(*words, *more, code=2)
        assert "`MODIFIER_2` is no column of a table given here" in shown
    assert not (tmp_path / "out").exists()
    near = batched(*mapped(tmp_path, HCPCS="HCPC"), "--describe", code=2)
    assert "did you mean `HCPCS`?" in near
    assert "is no column" not in batched(*mapped(tmp_path), "--describe", code=0)


def test_lines_fit_a_terminal(tmp_path: Path) -> None:
    shown = batched(*mapped(tmp_path), "--describe", code=0).splitlines()
    assert max(len(line) for line in shown[1:]) <= 100
    assert "  MOD1, MOD2: modifiers" in shown


def test_files_of_claims_by_what_they_hold(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes on this extract\n")
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "claims.jsonl").write_bytes(corpus.read_bytes())
    (tmp_path / "empty.json").write_bytes(b"")
    shown = batched(str(tmp_path), "--describe", code=0)
    assert "claims.jsonl: claims (JSON lines), read as `cleanclaim check` reads them" in shown
    assert "notes.txt: this is no kind of claim file known here; it would stand in" in shown
    assert "sheet.xlsx: this is a ZIP archive, which is not read; it would stand in" in shown
    assert "empty.json: the file is empty" in shown


def test_what_a_run_says_at_its_end(tmp_path: Path) -> None:
    words = [*mapped(tmp_path), "-o", str(tmp_path / "out"), "--workers", "1"]
    (tmp_path / "lines.csv").write_text(HEAD + "2;1;P;03/05/2026;20552;;\n")
    shown = batched(*words, "--payer", "aetna", code=2)
    assert "not judged (1 bad-date), with reasons: " in shown
    assert "sums it up" in shown


def test_who_is_asked_to_pay(tmp_path: Path) -> None:
    """By a column, by a constant that names it otherwise, or by the command; else by nobody."""
    words = [*mapped(tmp_path), "--workers", "1"]
    (tmp_path / "ours.yaml").write_text(json.dumps({"columns": MAPPING}))
    refused = batched(*words, "-o", str(tmp_path / "none"), code=2)
    assert "known to hold: payer" in refused
    assert "--payer names the payer of all claims" in refused
    batched(*words, "-o", str(tmp_path / "named"), "--payer", "medicare")
    constants = {"payer_name": "Medicare Part B"}
    (tmp_path / "ours.yaml").write_text(json.dumps({"columns": MAPPING, "constants": constants}))
    batched(*words, "-o", str(tmp_path / "constant"))
    for name in ("named", "constant"):
        (row,) = rows(tmp_path / name, "claims")
        assert row["payer"] == "medicare"


def test_the_folder_of_the_outputs_is_no_input(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "claims.jsonl").write_bytes(corpus.read_bytes())
    words = [str(tmp_path / "in"), "--alone", "--workers", "1", "--payer", "aetna"]
    batched(*words, "-o", str(tmp_path / "in" / "out"))
    said = batched(*words, "-o", str(tmp_path / "in" / "no" / ".." / "out"), "--resume", code=2)
    assert "is complete" in said
