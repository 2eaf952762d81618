"""Private by default: hashed names, forgetting that is proved, exports that nobody else reads."""

from __future__ import annotations

import json
from pathlib import Path

from tests.ledger.running import COMPLETE, Runner, remittance, sent


def test_export_is_read_again(run: Runner, tmp_path: Path) -> None:
    run(
        "import",
        run.file("h.json", {"coverage": [COMPLETE], "services": []}),
        run.file("c.json", sent("A", "2025-09-01")),
    )
    out = tmp_path / "out.jsonl"
    assert run("export", "-o", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert run("export", "-o", str(out)).exit_code == 2
    other = Runner(str(tmp_path / "other.db"), tmp_path)
    assert other("import", str(out)).exit_code == 0
    assert other("export").stdout == run("export").stdout
    table = tmp_path / "out.csv"
    run("export", "--format", "csv", "-o", str(table))
    third = Runner(str(tmp_path / "third.db"), tmp_path)
    assert third("import", str(table)).exit_code == 0, third("import", str(table)).output
    assert third("export").stdout.splitlines() == run("export").stdout.splitlines()[1:]


def test_forgotten(run: Runner) -> None:
    other = sent("Z", "2025-09-01", patient={"id": "MBI-OTHER"})
    run("import", run.file("c.json", [sent("CLAIM-SECRET", "2025-09-01"), other]))
    run("import", run.file("one.835", remittance("CLP*CLAIM-SECRET*1*100*60**MB*ICN-1~")))
    gone = run("forget", "MBI-SECRET")
    assert gone.exit_code == 0, gone.output
    receipt = json.loads(gone.stdout)
    assert receipt["found"] == 0
    assert receipt["removed"]["service"] == 2
    assert "SECRET" not in gone.output
    assert json.loads(run("status", "--format", "json").stdout)["counts"]["patients"] == 1
    if "://" not in run.url:
        assert all(b"SECRET" not in file.read_bytes() for file in run.folder.glob("ledger.db*"))


def test_pseudonyms(run: Runner) -> None:
    if "://" in run.url:
        run.url += ("&" if "?" in run.url else "?") + f"key={run.folder / 'ledger.key'}"
    claims = run.file("c.json", [sent("CLAIM-SECRET", "2025-09-01"), sent("B", "2025-11-03")])
    taken = run("import", claims, "--pseudonymize")
    assert taken.exit_code == 0, taken.output
    (key,) = run.folder.glob("*.key")
    assert key.stat().st_mode & 0o777 == 0o600
    assert "SECRET" not in run("export").stdout
    assert "Rosa" not in run("export").stdout
    found = run("sessions", "MBI-SECRET", "--payer", "plan", "--on", "2026-03-01")
    assert "counted before 2026-03-01: 2" in found.stdout
    assert "2 claims known" in run("import", claims).output
    broken = run.file("bad.json", [sent("CLAIM-SECRET", "2025-19-01")])
    assert "SECRET" not in run("import", broken).output
    fourth = run.file("d.json", [sent("D", "2026-01-05"), sent("E", "2026-01-20")])
    assert "Session 4 of 3" in run("check", fourth, "--commit", "--commit-undecided").stdout
    key.chmod(0o644)
    assert "others may read the key" in run("status").stderr
    key.unlink()
    refused = run("status")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_a_plain_ledger_stays_plain(run: Runner) -> None:
    run("import", run.file("c.json", sent("A", "2025-09-01")))
    refused = run("import", run.file("d.json", sent("B", "2025-09-02")), "--pseudonymize")
    assert refused.exit_code == 2
    assert "begun with plain identifiers" in refused.stderr
