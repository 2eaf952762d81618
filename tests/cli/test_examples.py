"""The examples come out as their page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.run import ROOT, run

PAGE = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {4}(cleanclaim check .*)$", PAGE, re.MULTILINE)
ROWS = dict(re.findall(r"^\| (\S+) \| .* \| ([^|]+) \|$", PAGE, re.MULTILINE))
VERDICTS = {"clean": "clean", "not clean": "not_clean", "undecided": "undecided"}


def expected(claim_id: str) -> str:
    said = ROWS[claim_id]
    return next(v for words, v in VERDICTS.items() if re.match(rf"{words}\b", said))


@pytest.mark.parametrize("command", COMMANDS)
def test_verdicts(command: str) -> None:
    done = run(*command.split()[1:], "--format", "json")
    results = json.loads(done.stdout)
    assert results
    found = {r["claim_id"]: r["verdict"] for r in results}
    assert found == {claim_id: expected(claim_id) for claim_id in found}
    assert done.exit_code == (1 if "not_clean" in found.values() else 3)


def test_the_same_morning_as_fhir_comes_out_the_same() -> None:
    x12, fhir = (run("check", f"examples/wednesday.{kind}") for kind in ("837", "fhir.json"))
    assert x12.stdout == fhir.stdout
    assert x12.exit_code == fhir.exit_code == 1


def test_without_the_record_nothing_of_that_morning_is_clean() -> None:
    done = run("check", "examples/wednesday.837", "--alone", "--format", "jsonl")
    verdicts = {json.loads(line)["verdict"] for line in done.stdout.splitlines()}
    assert "clean" not in verdicts


def test_every_row_has_its_claim() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted(Path("examples").glob("*"))
        if path.is_file()
    )
    assert all(
        text.count(claim_id) > 1 for claim_id in ROWS if "-" in claim_id and claim_id != "---"
    )
