"""The result as a whole: verdict, counts, policies, lines without policy, digest."""

from __future__ import annotations

from typing import Any

import pytest

from engine.chain.bound import BoundBook
from engine.chain.stratified import decide
from engine.claims.record import claim_from
from engine.claims.where import Where
from engine.model.book import empty_book
from engine.model.claim import History
from engine.report.result import result
from tests.report.world import claim, judged, policy

RULE = """\
  - rule: the-rule
    says: Said.
    cites: article/units
    applies_to: {procedure: epidurals}
    requires: {units: {at_most: 1}}
    otherwise: {finding: %s}
"""


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        ("reject", "not_clean"),
        ("deny", "not_clean"),
        ("recode", "not_clean"),
        ("review", "not_clean"),
        ("warn", "clean"),
        ("info", "clean"),
        ("revenue", "clean"),
    ],
)
def test_only_weighty_findings_weigh(finding: str, verdict: str) -> None:
    shown = judged(claim({"units": 2}), policy(RULE % finding))
    assert (shown["findings"][0]["finding"], shown["verdict"]) == (finding, verdict)


def test_a_finding_outweighs_a_question() -> None:
    shown = judged(claim({"units": 2}, {"units": None}), policy(RULE % "deny"))
    assert (shown["verdict"], len(shown["needs"])) == ("not_clean", 1)


def test_outcomes_are_counted() -> None:
    """Each line meets the rule about code pairs, too."""
    shown = judged(claim({"units": 2}, {"units": 1}, {"units": None}), policy(RULE % "deny"))
    counts = {k: shown["checked"][k] for k in ("met", "violated", "undecided", "no_policy")}
    assert counts == {"met": 4, "violated": 1, "undecided": 1, "no_policy": 0}


def test_the_policies_are_those_that_decided() -> None:
    shown = judged(claim(), policy(RULE % "deny"))
    ids = [p["id"] for p in shown["policies"]]
    assert ids == ["coding/pairs", "medicare/national/epidurals"]
    assert all(len(p["digest"]) == 16 for p in shown["policies"])


def test_a_line_of_which_no_policy_speaks_is_undecided() -> None:
    """P23: an empty rule book calls no claim clean."""
    shown = judged(claim({"procedure": "99213"}))
    assert (shown["verdict"], shown["checked"]["no_policy"]) == ("undecided", 1)
    (need,) = shown["needs"]
    assert (need["rule"], need["lines"]) == ("no-policy", [1])
    assert need["facts"][0]["question"] == (
        "Which policy of Medicare speaks of 99213 on 2025-03-04? None here does."
    )


def test_a_line_before_its_policy_is_undecided() -> None:
    shown = judged(claim({"service_date": "2020-12-31"}))
    assert shown["verdict"] == "undecided"


def test_where_the_contractor_is_not_known_the_state_is_asked() -> None:
    shown = judged(claim({"procedure": "64490"}, payer={"id": "medicare"}))
    (need,) = shown["needs"]
    assert [f["fact"] for f in need["facts"]] == ["state"]
    assert shown["verdict"] == "undecided"


def test_outside_scope_may_be_covered_by_declaration() -> None:
    edits = [("medicare/payer.yaml", "windows:\n", "outside_scope: covered\nwindows:\n")]
    assert judged(claim({"procedure": "99213"}), edits=edits)["verdict"] == "clean"


def test_a_payer_without_policies_is_never_clean() -> None:
    made, _ = claim_from(claim(payer={"id": "acme"}), Where("claim"))
    assert made is not None
    shown = result(decide(BoundBook(empty_book()), made, History()), History())
    assert (shown["verdict"], shown["checked"]["no_policy"]) == ("undecided", 1)


def test_the_digest_changes_with_the_claim_and_the_book() -> None:
    found: dict[str, Any] = {
        "one": judged(claim(), policy(RULE % "deny")),
        "again": judged(claim(), policy(RULE % "deny")),
        "other claim": judged(claim({"units": 2}), policy(RULE % "deny")),
        "other book": judged(claim(), policy(RULE % "warn")),
    }
    digests = {name: shown["digest"] for name, shown in found.items()}
    assert digests["one"] == digests["again"]
    assert len(set(digests.values())) == 3


def test_the_order_of_lines_changes_nothing_but_the_digest() -> None:
    lines = [{"number": n, "units": n, "procedure": c} for n, c in ((1, "62323"), (2, "64490"))]
    one, two = (judged(claim(*order)) for order in (lines, lines[::-1]))
    assert {**one, "digest": ""} == {**two, "digest": ""}
