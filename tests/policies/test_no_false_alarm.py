"""A claim that is billed right is not held up: with its record clean, without it only asked of."""

from __future__ import annotations

import pytest

from tests.policies.careful import Careful, alarms, asked, careful, faults, judged, without_record
from tests.policies.shipped import CASES, linted

pytestmark = pytest.mark.unmeasured

CLAIMS = careful()


def named(value: object) -> str | None:
    return value.name if isinstance(value, Careful) else None


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_with_its_record_nothing_is_found_and_nothing_asked(claim: Careful) -> None:
    shown = judged(claim.data)
    assert alarms(shown, claim) == []
    assert list(asked(shown, claim)) == []
    closed = not claim.open and not claim.person
    assert shown["verdict"] == ("clean" if closed else "undecided")


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_without_a_record_nothing_is_found_and_much_asked(claim: Careful) -> None:
    shown = judged(without_record(claim.data))
    assert alarms(shown, claim) == []
    assert shown["verdict"] in ("clean", "undecided")


@pytest.mark.parametrize("file", CASES)
def test_clean_cases_are_not_at_fault_without_their_record(file: str) -> None:
    """Silence asks and never accuses, whatever the claim."""
    (document,) = [d for d in linted()[0].cases if d.file.endswith(f"policies/{file}")]
    clean = [c for c in document.data["cases"] if c["expect"].get("verdict") == "clean"]
    accused = {case["case"]: faults(judged(without_record(case), document)) for case in clean}
    assert {name: found for name, found in accused.items() if found} == {}


def test_a_question_about_all_time_names_no_day() -> None:
    """Blocks before an ablation count however long ago; nobody is asked about a century."""
    (claim,) = [c for c in CLAIMS if c.name.startswith("ablation: two joints") and " KS" in c.name]
    data = {key: value for key, value in claim.data.items() if key != "history"}
    asked_for = str(judged(data)["needs"])
    assert "from the first one on until 2026-03-10" in asked_for
    assert "from 1926" not in asked_for
