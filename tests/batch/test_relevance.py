"""What a batch does not look at had nothing to say: no finding, no scope."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.staging.relevance import relevance
from engine.batch.staging.trigger import Relevance, Trigger
from engine.chain.bound import BoundBook
from engine.chain.decided import NO_POLICY
from engine.chain.stratified import decide
from engine.claims.record import claim_from
from engine.claims.where import Where
from engine.cli.options import source_of
from engine.compiler.shelf import Shelf
from engine.model.claim import Claim, History
from engine.report.result import summary

BOOKS = [("medicare", "palmetto"), ("medicare", "cgs"), ("aetna", None), ("texas-medicaid", None)]


@cache
def _book(which: int) -> tuple[BoundBook, Relevance]:
    bound = BoundBook(Shelf(source_of(None)).book(*BOOKS[which], None))
    return bound, relevance(bound)


@cache
def _codes() -> dict[str, list[str]]:
    """Codes that matter to some book, and others."""
    found: dict[str, set[str]] = {"procedures": {"99213", "36415"}, "diagnoses": {"I10", "E11.9"}}
    found["modifiers"] = {"59", "25", "RT", "KX"}
    for which in range(len(BOOKS)):
        lines = _book(which)[1].lines
        for kind, codes in found.items():
            codes |= getattr(lines, kind)
    return {kind: sorted(codes) for kind, codes in found.items()}


@st.composite
def claims(draw: st.DrawFn) -> dict[str, Any]:
    """A claim of the contract with codes of the field and others."""
    codes = _codes()
    plain = st.sampled_from(["99213", "36415", "80053", "J3301"])
    lines = [
        {
            "number": n + 1,
            "procedure": draw(st.one_of(plain, st.sampled_from(codes["procedures"]))),
            "modifiers": draw(st.lists(st.sampled_from(codes["modifiers"]), max_size=2)),
            "units": draw(st.sampled_from([None, 1, 2, 9])),
            "service_date": draw(st.sampled_from(["2024-03-01", "2025-06-01", "2026-03-04"])),
            "place_of_service": draw(st.sampled_from([None, "11", "24"])),
        }
        for n in range(draw(st.integers(1, 2)))
    ]
    return {
        "claim_id": "C",
        "payer": {"id": "medicare"},
        "patient": {"id": "P"},
        "form": draw(st.sampled_from([None, "professional", "institutional"])),
        "diagnoses": draw(st.lists(st.sampled_from(codes["diagnoses"]), max_size=2)),
        "lines": lines,
    }


@settings(max_examples=150, deadline=None)
@given(data=claims(), which=st.integers(0, len(BOOKS) - 1))
def test_what_is_dropped_had_nothing_to_say(data: dict[str, Any], which: int) -> None:
    claim, _ = claim_from(data, Where("a test"))
    assert claim is not None
    bound, found = _book(which)
    if matters(found.lines, claim):
        return
    shown = summary(decide(bound, claim, History()), History())
    assert not shown.findings
    assert {need["rule"] for need in shown.needs} <= {NO_POLICY}
    assert len(shown.needs) == len(claim.lines) or bound.book.outside_covered


def matters(trigger: Trigger, claim: Claim) -> bool:
    """What the database asks, asked of a claim."""
    record = claim.documentation or any(line.documentation for line in claim.lines)
    return (
        trigger.any_line
        or (trigger.recorded and bool(record))
        or any(
            line.procedure in trigger.procedures
            or not trigger.modifiers.isdisjoint(line.modifiers)
            or not trigger.diagnoses.isdisjoint(line.diagnoses)
            for line in claim.lines
        )
    )


def test_the_library_lets_a_database_pick() -> None:
    for which in range(len(BOOKS)):
        _, found = _book(which)
        assert not found.lines.any_line
        assert not found.past.any_line
        assert found.lines.procedures <= found.past.codes
