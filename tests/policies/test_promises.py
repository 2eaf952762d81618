"""What an analyst is promised: a change of data alone changes verdicts."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import ROOT, run, write
from tests.policies.shipped import SHIPPED

pytestmark = pytest.mark.unmeasured

TRIGGER_POINTS = "medicare/national/trigger-point-injections/policy.yaml"


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "policies"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def claim(**more: Any) -> dict[str, Any]:
    return {
        "claim_id": "T-1",
        "form": "professional",
        "payer": {"id": "medicare", "contractor": "palmetto"},
        "patient": {"id": "P-1", "birth_date": "1955-03-01", "sex": "F"},
        "diagnoses": ["M79.18"],
        "lines": [
            {
                "number": 1, "procedure": "20552", "units": 1, "service_date": "2025-06-10",
                "place_of_service": "11",
            }
        ],
        **more,
    }  # fmt: skip


def history(*days: str, patient: str = "P-1") -> dict[str, Any]:
    return {
        "coverage": [{"patient_id": patient, "complete_to": "2026-12-31", "providers": "all"}],
        "services": [
            {
                "patient_id": patient, "service_date": day, "procedure": "20552", "units": 1,
                "payer": "medicare", "claim_id": f"E-{n}", "line": 1, "status": "paid",
            }
            for n, day in enumerate(days)
        ],
    }  # fmt: skip


def judged(policies: Path, data: Any, past: Any = None) -> dict[str, Any]:
    """The result of one claim by these policies, which must be in order."""
    file = write(policies.parent / "claim.json", data)
    before = write(policies.parent / "past.json", past or history())
    done = run("check", file, "--policies", str(policies), "--history", before, "--format", "jsonl")
    assert "error:" not in done.stderr, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def findings(result: dict[str, Any]) -> set[str]:
    return {finding["rule"].split("#")[1] for finding in result["findings"]}


RELIEF = {"prior_relief_percent": 80, "prior_relief_weeks": 12, "prior_functional_gain_percent": 60}


def test_three_becomes_four(policies: Path) -> None:
    """The fourth session of a year, on a claim that is clean otherwise."""
    text = (ROOT / "examples" / "first-claims.json").read_text(encoding="utf-8")
    data = next(c for c in json.loads(text) if c["claim_id"] == "FIRST-1")
    data["documentation"]["claim"].update(RELIEF)
    past = history("2025-05-10", "2025-08-10", "2025-12-10", patient=data["patient"]["id"])
    before = judged(policies, data, past)
    assert before["verdict"] == "not_clean"
    assert findings(before) == {"session-limit", "notice-when-denial-is-expected"}
    file = policies / TRIGGER_POINTS
    (line,) = re.findall(r"tpi_sessions_a_year:\n.*\n.*\n.*value: 3,.*", file.read_text())
    change(file, line, line.replace("value: 3,", "value: 4,"))
    after = judged(policies, data, past)
    assert (after["verdict"], findings(after)) == ("clean", set())
    assert before["digest"] != after["digest"]


def test_a_code_joins_a_set(policies: Path) -> None:
    data = claim(diagnoses=["M62.838"])
    before = judged(policies, data)
    assert "supporting-diagnosis" in findings(before)
    change(policies / TRIGGER_POINTS, "      - M79.18\n", "      - M79.18\n      - M62.838\n")
    assert "supporting-diagnosis" not in findings(judged(policies, data))


def test_a_new_payer_is_a_new_folder(policies: Path) -> None:
    data = claim(payer={"id": "acme"})
    before = judged(policies, data)
    assert (before["verdict"], before["checked"]["no_policy"]) == ("undecided", 1)
    folder = policies / "acme" / "trigger-points"
    folder.mkdir(parents=True)
    (folder.parent / "payer.yaml").write_text(
        "payer: acme\ntitle: Acme\nnames: [ACME HEALTH]\nids: []\nsources: sources.yaml\n"
        "layers:\n  - {from: 2020-01-01, coding: [coding], payer: [acme]}\n"
    )
    (folder.parent / "sources.yaml").write_text(
        "sources:\n  manual:\n    title: Manual\n    publisher: Acme\n    evidence: primary\n"
        "    sentences:\n      units: {says: One unit a day.}\n"
    )
    (folder / "policy.yaml").write_text(
        "policy: trigger-points\ntitle: Trigger points\nfrom: 2020-01-01\n"
        "sources: ../sources.yaml\nscope: {procedure: trigger_point_injections}\nrules:\n"
        "  - rule: one-unit\n    says: One unit a day.\n    cites: manual/units\n"
        "    applies_to: {procedure: trigger_point_injections}\n"
        "    requires: {units: {at_most: 1}}\n    otherwise: {finding: deny}\n"
        "    examples:\n"
        '      - {name: one, line: {procedure: "20552", units: 1}, expect: met}\n'
        '      - {name: two, line: {procedure: "20552", units: 2}, expect: violated}\n'
    )
    assert run("policy", "test", "acme/trigger-points", "--policies", str(policies)).exit_code == 0
    after = judged(policies, data)
    assert after["checked"]["no_policy"] == 0
    two = {**data, "lines": [{**data["lines"][0], "units": 2}]}
    assert "one-unit" in findings(judged(policies, two))
    by_name = judged(policies, {**data, "payer": {"id": "Acme Health"}})
    assert by_name["findings"] == after["findings"]


@pytest.mark.parametrize(
    "payer",
    [{"id": "nobody"}, {"id": "medicaid", "state": "NC"}, {"id": "palmetto"}],
    ids=lambda payer: payer["id"],
)
def test_a_payer_without_policy_is_never_clean(payer: dict[str, str]) -> None:
    assert judged_here(claim(payer=payer))["verdict"] == "undecided"


@pytest.mark.parametrize("code", ["99213", "00100", "G9999", "77777"])
def test_a_code_without_policy_is_never_clean(code: str) -> None:
    line = {"number": 1, "procedure": code, "service_date": "2025-06-10", "units": 1}
    assert judged_here(claim(lines=[line]))["verdict"] != "clean"


def test_a_day_before_all_policies_is_never_clean() -> None:
    line = {"number": 1, "procedure": "20552", "service_date": "1999-06-10", "units": 1}
    assert judged_here(claim(lines=[line]))["verdict"] != "clean"


def judged_here(data: Any) -> dict[str, Any]:
    done = run("check", "-", "--format", "jsonl", given=json.dumps(data))
    result: dict[str, Any] = json.loads(done.stdout)
    return result
