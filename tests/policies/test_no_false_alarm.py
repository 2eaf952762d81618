"""A claim that is billed right is not held up: with its record clean, without it only asked of."""

from __future__ import annotations

from typing import Any

import pytest

from engine.documents.document import Document
from tests.policies.careful import Careful, alarms, asked, careful, faults, judged, without_record
from tests.policies.shipped import linted

CLAIMS = careful()
CLEAN = [
    (document, case)
    for document in linted()[0].cases
    for case in document.data.get("cases") or ()
    if case["expect"].get("verdict") == "clean"
]


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


def place(value: object) -> str | None:
    if isinstance(value, Document):
        return value.folder.removesuffix("/cases")
    return str(value["case"]) if isinstance(value, dict) else None


@pytest.mark.parametrize(("document", "case"), CLEAN, ids=place)
def test_a_clean_case_is_not_at_fault_without_its_record(
    document: Document, case: dict[str, Any]
) -> None:
    """Silence asks and never accuses, whatever the claim."""
    assert faults(judged(without_record(case), document)) == []


def test_a_question_about_all_time_names_no_day() -> None:
    """Blocks before an ablation count however long ago; nobody is asked about a century."""
    (claim,) = [c for c in CLAIMS if c.name.startswith("ablation: two joints") and " KS" in c.name]
    data = {key: value for key, value in claim.data.items() if key != "history"}
    asked_for = str(judged(data)["needs"])
    assert "from the first one on until 2026-03-10" in asked_for
    assert "from 1926" not in asked_for
