"""What payers decided reaches the lines of claims, whichever arrives first, and counts once."""

from __future__ import annotations

from itertools import permutations

import pytest

from engine.ledger.intake import Item
from engine.ledger.store import Ledger
from engine.model.remittance import LineDecision, Remittance
from tests.ledger.making import claim, day, lines, take

PAID = ("2026-01-05", "20552", "paid")


def decided(claim_id: str, decision: str, on: str = "2026-02-01", **more: object) -> Remittance:
    line = LineDecision(decision, "20552")  # type: ignore[arg-type]
    given: dict[str, object] = {"decided_on": day(on), "lines": (line,), "trace": on, **more}
    return Remittance(claim_id, decision, **given)  # type: ignore[arg-type]


def test_in_any_order(ledger: Ledger) -> None:
    for n, order in enumerate(permutations(range(3))):
        patient, claim_id = f"P-{n}", f"A-{n}"
        items: list[Item] = [
            claim(claim_id, "2026-01-05", patient=patient),
            decided(claim_id, "denied", "2026-02-01"),
            decided(claim_id, "paid", "2026-03-01"),
        ]
        for at in order:
            take(ledger, items[at])
        take(ledger, *items)
        assert lines(ledger, patient) == [PAID]


def test_a_corrected_claim_waits_for_its_own_decision(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), decided("A", "denied"))
    take(ledger, claim("A", "2026-01-06", frequency="7"))
    assert lines(ledger) == [("2026-01-06", "20552", "submitted")]
    take(ledger, decided("A", "paid", "2026-03-01"))
    assert lines(ledger) == [("2026-01-06", "20552", "paid")]


def test_read_again(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), decided("A", "paid"))
    intake = take(ledger, decided("A", "paid"))
    assert intake.counts["remittances known"] == 1
    assert lines(ledger) == [PAID]


def test_waiting_for_a_claim(ledger: Ledger) -> None:
    assert take(ledger, decided("A", "paid")).counts["remittances waiting"] == 1
    take(ledger, claim("A", "2026-01-05"))
    assert lines(ledger) == [PAID]


def test_a_reversal_and_its_correction_in_one_file(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), decided("A", "paid"))
    reversal = decided("A", "denied", "2026-03-01", reversal=True, position=2)
    corrected = decided("A", "paid", "2026-03-01", position=1)
    take(ledger, corrected, reversal)
    assert lines(ledger) == [PAID]


def test_a_reversal_alone_takes_the_payment_back(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), decided("A", "paid"))
    take(ledger, decided("A", "denied", "2026-03-01", reversal=True))
    assert lines(ledger) == [("2026-01-05", "20552", "denied")]


def test_a_void_stays_void(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), claim("A", "2026-01-05", frequency="8"))
    take(
        ledger,
        decided("A", "denied", "2026-03-01", reversal=True),
        decided("A", "paid", "2026-04-01"),
    )
    assert {status for _, _, status in lines(ledger)} == {"void"}


def test_a_second_payer_does_not_undo_the_first(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), decided("A", "paid"))
    take(ledger, decided("A", "denied", "2026-03-01", secondary=True))
    assert lines(ledger) == [PAID]


@pytest.mark.parametrize("first", ["remittance", "replacement"])
def test_a_replacement_by_the_payers_number(ledger: Ledger, first: str) -> None:
    take(ledger, claim("A", "2026-01-05"))
    remittance = decided("A", "paid", payer_control="ICN-1")
    replacement = claim("B", "2026-01-06", replaces="ICN-1", frequency="7")
    take(
        ledger, *((remittance, replacement) if first == "remittance" else (replacement, remittance))
    )
    assert lines(ledger) == [("2026-01-06", "20552", "submitted")]


def test_lines_are_told_apart(ledger: Ledger) -> None:
    take(ledger, claim("A", ["2026-01-05", "2026-01-12", "2026-01-19"]))
    found = (
        LineDecision("denied", "20552", (), day("2026-01-12")),
        LineDecision("paid", "20552", (), None, 3),
        LineDecision("denied", "64493"),
    )
    intake = take(ledger, Remittance("A", "paid", found, decided_on=day("2026-02-01")))
    assert intake.counts["remittances unmatched"] == 1
    assert [status for _, _, status in lines(ledger)] == ["submitted", "denied", "paid"]


def test_a_whole_claim_without_lines(ledger: Ledger) -> None:
    take(ledger, claim("A", ["2026-01-05", "2026-01-12"]))
    take(ledger, Remittance("A", "paid", decided_on=day("2026-02-01")))
    assert [status for _, _, status in lines(ledger)] == ["paid", "paid"]
