"""The same claim the day before a change and on its day: each row gives the two right answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from engine.analysis.cases import Cases
from engine.chain.stratified import decide
from engine.documents.document import Document
from engine.report.result import result
from tests.policies.shipped import linted

pytestmark = pytest.mark.unmeasured

CGS = "medicare/contractors/cgs"
PRIOR = "medicare/national/prior-authorization"


class Change(NamedTuple):
    """A change, its first day, the case that gives the claim, and both answers.

    An answer is the verdict and what was found or left open: finding, rule, lines, and the
    document that is cited first.
    """

    change: str
    day: str
    claim: tuple[str, str]
    before: str
    after: str


CHANGES = [
    Change(
        "a therapeutic medial branch block counts (FJ-12)",
        "2024-07-07",
        (
            f"{CGS}/facet-joint-interventions",
            "therapeutic medial branch block, the first day of the new text",
        ),
        "not_clean: review therapeutic-technique 1 by L38773",
        "clean",
    ),
    Change(
        "an ablation at the junction of chest and low back (FJ-20)",
        "2025-01-01",
        (f"{CGS}/add-ons", "ablation at the junction, the first day of the exception"),
        "not_clean: deny add-on-needs-its-primary 2 by ncci",
        "clean",
    ),
    Change(
        "a junction session counts for the low back (FJ-20)",
        "2025-01-01",
        (
            f"{CGS}/facet-joint-interventions",
            "the same at the junction, which counts for the low back from this day",
        ),
        "not_clean: deny diagnostic-session-limit 1 by L38773; "
        "deny add-on-needs-its-primary 2 by ncci",
        "clean",
    ),
    Change(
        "facet procedures in the hospital need authorization",
        "2023-07-01",
        (PRIOR, "hospital claim without a number on the first day"),
        "clean",
        "not_clean: deny hospital-claim-is-authorized 1 by cfr-419-83",
    ),
    Change(
        "the third level leaves the list",
        "2024-08-05",
        (PRIOR, "64492 in the hospital, the first day off the list"),
        "not_clean: deny third-level-not-covered 3 by L38765; "
        "deny hospital-claim-is-authorized 3 by cfr-419-83",
        "not_clean: deny third-level-not-covered 3 by L38765",
    ),
    Change(
        "the uniform text on trigger points",
        "2024-04-01",
        (f"{CGS}/trigger-point-injections", "the first day of the uniform policy"),
        "undecided: no-policy 1",
        "clean",
    ),
    Change(
        "M54.5 becomes a heading",
        "2021-10-01",
        (
            "coding/validity",
            "low back pain without a fifth character, the first day as a heading",
        ),
        "clean",
        "not_clean: reject diagnosis-is-no-heading 1 by icd-releases",
    ),
    Change(
        "M54.50 is born",
        "2021-10-01",
        ("coding/validity", "low back pain with a fifth character, its first day"),
        "not_clean: reject diagnosis-code-is-active 1 by icd-releases",
        "clean",
    ),
    Change(
        "M51.36 becomes a heading",
        "2024-10-01",
        (
            "coding/validity",
            "disc degeneration without a sixth character, the first day as a heading",
        ),
        "clean",
        "not_clean: reject diagnosis-is-no-heading 1 by icd-releases",
    ),
    Change(
        "M51.360 is born",
        "2024-10-01",
        ("coding/validity", "disc degeneration with a sixth character, its first day"),
        "not_clean: reject diagnosis-code-is-active 1 by icd-releases",
        "clean",
    ),
    Change(
        "J1030 ends",
        "2024-04-01",
        ("medicare/national/drugs", "the old steroid code a day later"),
        "clean",
        "not_clean: reject drug-code-is-active 2 by hcpcs",
    ),
    Change(
        "J1010 is born",
        "2024-04-01",
        ("coding/drug-codes", "the new steroid code on its first day"),
        "not_clean: reject drug-code-is-active 2 by hcpcs",
        "clean",
    ),
    Change(
        "JZ on single-dose vials",
        "2023-07-01",
        ("medicare/national/drugs", "single-dose vial without JZ, the first day of the rule"),
        "undecided: no-policy 2",
        "not_clean: deny jw-or-jz 2 by jw-jz",
    ),
    Change(
        "Arizona comes under the documents of jurisdiction E",
        "2026-04-16",
        (
            "medicare/contractors/noridian-je/facet-joint-interventions",
            "a facet line without a side in Arizona, "
            "the first day of the documents of jurisdiction E",
        ),
        "not_clean: deny side-stated 1 by L38803",
        "not_clean: deny side-stated 1 by L38801",
    ),
    Change(
        "dry needling for chronic low back pain is covered",
        "2020-01-21",
        (
            "medicare/national/dry-needling-status",
            "needling for chronic low back pain, the first day of coverage",
        ),
        "not_clean: deny not-covered-before-the-determination 1 by fee-schedule-2020",
        "clean",
    ),
]


@pytest.mark.parametrize("change", CHANGES, ids=[change.change for change in CHANGES])
def test_the_day_before_and_the_day_itself(change: Change) -> None:
    document, data = found(*change.claim)
    assert data["claim"]["lines"][0]["service_date"] == change.day
    assert answer(document, earlier(data)) == change.before
    assert answer(document, data) == change.after


THIRD_LEVEL = [
    ("64492 in the hospital in June 2023", "third-level-not-covered"),
    ("64492 in the hospital in July 2023", "hospital-claim-is-authorized, third-level-not-covered"),
    ("64492 in the hospital in September 2024", "third-level-not-covered"),
    ("64492 in the office", "third-level-not-covered"),
]


@pytest.mark.parametrize(("claim", "expected"), THIRD_LEVEL, ids=[row[0] for row in THIRD_LEVEL])
def test_the_third_level_in_four_settings(claim: str, expected: str) -> None:
    document, data = found(PRIOR, claim)
    shown = decided(document, data)
    denied = [named(f) for f in shown["findings"] if f["finding"] == "deny"]
    assert ", ".join(sorted(denied)) == expected
    assert all(f["lines"] == [3] for f in shown["findings"])


def found(policy: str, name: str) -> tuple[Document, dict[str, Any]]:
    """A case of a policy as it is written, and its document."""
    for document in linted()[0].cases:
        for data in document.data["cases"] if document.folder == f"{policy}/cases" else ():
            if data["case"] == name:
                return document, data
    raise LookupError(f"{policy} has no case `{name}`")


def earlier(data: Any) -> Any:
    """The same case with every date of its claim and its history one day earlier."""
    if isinstance(data, dict):
        return {key: earlier(value) for key, value in data.items()}
    if isinstance(data, list):
        return [earlier(value) for value in data]
    try:
        return (date.fromisoformat(data) - timedelta(days=1)).isoformat()
    except (TypeError, ValueError):
        return data


def decided(document: Document, data: dict[str, Any]) -> dict[str, Any]:
    """The result of a case."""
    cases = Cases(linted()[0])
    (case,) = cases.read(replace(document, data={"cases": [data]}))
    assert case.faults == ()
    assert case.claim is not None
    assert case.key is not None
    return result(decide(cases.book(case.key), case.claim, case.history), case.history)


def answer(document: Document, data: dict[str, Any]) -> str:
    """A result in words, without its warnings."""
    shown = decided(document, data)
    said = [
        f"{f['finding']} {named(f)} {_lines(f)} by {f['cites']['source']}"
        for f in shown["findings"]
        if f["finding"] != "warn"
    ]
    said += [f"{named(need)} {_lines(need)}" for need in shown["needs"]]
    return f"{shown['verdict']}: {'; '.join(said)}" if said else str(shown["verdict"])


def named(entry: Mapping[str, Any]) -> str:
    """The name of a rule without its policy."""
    return str(entry["rule"]).rpartition("#")[2]


def _lines(entry: Mapping[str, Any]) -> str:
    return ", ".join(map(str, entry["lines"]))
