"""`policy import`: what it writes, what it reports, and that the result still lints."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.run import ROOT, run

SAMPLES = ROOT / "tests" / "documents" / "imports" / "samples"
PAIRS = str(SAMPLES / "ccipra-v324r0-f1.txt")


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """The coding layer, without what leans on payers' rules."""
    root = tmp_path / "policies"
    for name in ("coding", "vocabulary"):
        without = shutil.ignore_patterns("cases", "facet-record")
        shutil.copytree(ROOT / "policies" / name, root / name, ignore=without)
    return root


def _import(policies: Path, *words: str) -> dict[str, object]:
    done = run("policy", "import", *words, "--policies", str(policies), "--format", "json")
    assert done.exit_code == 0, done.stderr
    shown: dict[str, object] = json.loads(done.stdout)
    return shown


@pytest.mark.unmeasured
def test_pairs_over_the_table_in_place(policies: Path) -> None:
    shown = _import(policies, "pairs", PAIRS)
    assert shown["table"] == "ncci_pairs"
    assert shown["added"] == 3
    header = policies / "coding" / "code-pairs" / "ncci_pairs.table.yaml"
    assert "cites: ncci/pairs" in header.read_text(encoding="utf-8")
    rows = header.with_name("ncci_pairs.csv").read_text(encoding="utf-8")
    assert "00100" not in rows
    assert "20553,20552,practitioner,0,more_extensive,2003-07-01,,," in rows
    again = _import(policies, "pairs", PAIRS)
    assert (again["added"], again["changed"], again["ended"]) == (0, 0, 0)
    assert run("policy", "lint", str(policies)).exit_code == 0


def test_all_keeps_the_rows_of_other_fields(policies: Path) -> None:
    shown = _import(policies, "pairs", PAIRS, "--all", "--dry-run")
    assert shown["added"] == 4
    assert shown["written"] == []


def test_units_need_the_first_day_of_their_quarter(policies: Path) -> None:
    file = str(SAMPLES / "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv")
    done = run("policy", "import", "units", file, "--policies", str(policies))
    assert done.exit_code == 2
    assert "--from" in done.stderr
    shown = _import(policies, "units", file, "--from", "2026-10-01")
    assert shown["same"] == 1
    rows = (policies / "coding/unit-limits/unit_limits.csv").read_text(encoding="utf-8")
    assert "20553,practitioner,1,2,2024-07-01,2026-09-30,," in rows


def test_a_new_table_gets_a_header_and_a_source_and_loads(policies: Path) -> None:
    into = policies / "coding" / "surgery-centre"
    files = [str(SAMPLES / f"asc-addendum-{part}-oct-2026.csv") for part in ("AA", "BB")]
    shown = _import(policies, "surgery-centre", *files, "--into", str(into))
    assert shown["added"] == 4
    assert {path.name for path in into.iterdir()} == {
        "surgery_centre_codes.table.yaml",
        "surgery_centre_codes.csv",
        "sources.yaml",
    }
    assert run("policy", "lint", str(policies)).exit_code == 0


def test_a_table_that_is_nowhere_needs_a_folder(policies: Path) -> None:
    file = str(SAMPLES / "HCPC2026_OCT_ANWEB.txt")
    done = run("policy", "import", "hcpcs", file, "--policies", str(policies))
    assert (done.exit_code, "--into" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["missing.txt", "archive.zip", "old.xls"])
def test_a_file_that_cannot_be_read_is_one_sentence(name: str, policies: Path) -> None:
    file = str(policies / name)
    done = run("policy", "import", "pairs", file, "--policies", str(policies))
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert name in done.stderr
