"""Facts, not counts: versions, replacements, voids, re-imports and holds, in any order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
import sqlalchemy as sa

from engine.ledger.events import source_id
from engine.ledger.holds import release
from engine.ledger.schema import SERVICE, VERSION
from engine.ledger.store import Ledger
from engine.model.claim import Claim, FactValue, Patient
from engine.model.remittance import Remittance
from tests.ledger.making import TODAY, claim, day, lines, record, service, take

PAID = ("2026-01-05", "20552", "paid")
SENT = ("2026-01-05", "20552", "submitted")


def test_imported_twice_counts_once(ledger: Ledger) -> None:
    for _ in range(2):
        intake = take(ledger, claim("A", ["2026-01-05", "2026-01-05"]), claim("B", "2026-02-05"))
    assert intake.counts == {"claims known": 2}
    assert lines(ledger) == [SENT, SENT, ("2026-02-05", "20552", "submitted")]


def test_a_replacement_counts_once(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"))
    take(ledger, claim("B", "2026-01-06", replaces="A", frequency="7"))
    assert lines(ledger) == [("2026-01-06", "20552", "submitted")]


def test_a_replacement_under_the_same_id(ledger: Ledger) -> None:
    take(ledger, claim("A", ["2026-01-05", "2026-01-12"]))
    take(ledger, claim("A", "2026-01-06", frequency="7"))
    take(ledger, claim("A", ["2026-01-05", "2026-01-12"]))
    assert lines(ledger) == [("2026-01-06", "20552", "submitted")]


def test_a_void(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"))
    take(ledger, claim("B", "2026-01-05", replaces="A", frequency="8"))
    assert {status for _, _, status in lines(ledger)} == {"void"}
    with ledger.reading() as connection:
        kept = connection.execute(sa.select(SERVICE.c.status).where(SERVICE.c.claim_id == "A"))
        assert sorted(map(str, kept.scalars())) == ["submitted", "void"]


@pytest.mark.parametrize("kind", ["7", "8"])
def test_every_order_of_arrival_says_the_same(ledger: Ledger, kind: str) -> None:
    claims = [
        claim("A", "2026-01-05"),
        claim("B", "2026-01-06", replaces="A", frequency=kind),
        claim("A", "2026-01-05"),
    ]
    for number, order in enumerate(permutations(claims)):
        patient = f"P-{number}"
        take(ledger, *(_of(one, number) for one in order))
        counting = [one for one in lines(ledger, patient) if one[2] != "void"]
        assert counting == ([("2026-01-06", "20552", "submitted")] if kind == "7" else [])


def _of(one: Claim, number: int) -> Claim:
    """The same claim of another patient."""
    original = one.replaces and f"{one.replaces}-{number}"
    patient = Patient(f"P-{number}")
    return replace(one, claim_id=f"{one.claim_id}-{number}", replaces=original, patient=patient)


def test_a_chain_of_replacements(ledger: Ledger) -> None:
    take(
        ledger,
        claim("A", "2026-01-05"),
        claim("B", "2026-01-06", replaces="A", frequency="7"),
        claim("C", "2026-01-07", replaces="B", frequency="7"),
    )
    assert lines(ledger) == [("2026-01-07", "20552", "submitted")]


def test_a_replacement_moves_a_session_to_the_right_patient(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05", patient="WRONG"))
    take(ledger, claim("B", "2026-01-05", replaces="A", frequency="7"))
    assert lines(ledger, "WRONG") == []
    assert lines(ledger) == [SENT]


def test_a_claim_id_of_another_patient_is_refused(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05", patient="OTHER"))
    intake = take(ledger, claim("A", "2026-01-05"))
    assert [told.claim_id for told in intake.refused] == ["A"]
    assert lines(ledger) == []


def test_type_of_bill_tells_the_frequency(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"))
    take(ledger, claim("A", "2026-01-05", type_of_bill="138"))
    assert {status for _, _, status in lines(ledger)} == {"void"}


def test_every_event_is_whole(ledger: Ledger) -> None:
    take(ledger, claim("A", ["2026-01-05", "2026-01-06"]), claim("A", "2026-01-05", frequency="7"))
    with ledger.reading() as connection:
        for row in connection.execute(sa.select(VERSION)):
            mine = (SERVICE.c.claim_id == row.claim_id) & (SERVICE.c.version == row.version)
            query = sa.select(sa.func.count()).select_from(SERVICE).where(mine)
            assert connection.execute(query).scalar() == row.lines


def test_services_of_a_history(ledger: Ledger) -> None:
    given = [
        service("2026-01-05", claim_id="A", number=1),
        service("2026-01-12", claim_id="A", number=2, status="denied"),
        service("2026-02-01"),
        service("2026-02-01"),
        service("2026-02-01", "64493", claim_id="B"),
    ]
    take(ledger, *given)
    assert take(ledger, *given).counts == {"histories known": 4}
    assert len(lines(ledger)) == 5
    seen = record(ledger).history(TODAY).services
    assert sorted((s.claim_id or "", s.line.number) for s in seen) == [
        ("", 0), ("", 0), ("A", 1), ("A", 2), ("B", 0),
    ]  # fmt: skip


def test_a_history_tells_what_became_of_a_claim_and_nothing_else(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"))
    take(
        ledger,
        service("2026-01-05", claim_id="A", number=1),
        service("2026-01-09", claim_id="A", number=2),
    )
    assert lines(ledger) == [PAID]
    take(ledger, service("2026-01-05", claim_id="A", number=1, status="submitted"))
    assert lines(ledger) == [PAID]


def test_a_history_does_not_bring_back_what_was_replaced(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), claim("B", "2026-01-06", replaces="A", frequency="7"))
    take(ledger, service("2026-01-05", claim_id="A", number=1))
    assert lines(ledger) == [("2026-01-06", "20552", "submitted")]


def test_facts_come_back_as_they_went_in(ledger: Ledger) -> None:
    one = claim("A", "2026-01-05", modifiers=("RT", "KX"), npi="1245319599")
    facts: dict[str, FactValue] = {
        "relief": 80,
        "weeks": "6 weeks",
        "seen": True,
        "nerves": ("L4", "L5"),
        "lost": None,
        "share": Decimal("1.5"),
    }
    line = replace(one.lines[0], documentation=facts, units=Decimal("2.5"))
    take(ledger, replace(one, lines=(line,), documentation={"seen": False, "phase": "first"}))
    (found,) = record(ledger).history(TODAY).services
    assert dict(found.line.documentation) == {k: v for k, v in facts.items() if k != "seen"} | {
        "phase": "first"
    }
    assert found.line.modifiers == ("RT", "KX")
    assert found.line.units == Decimal("2.5")
    assert (found.payer, found.group, found.status) == ("medicare", "carolina-pain", "submitted")


def test_a_hold_counts_until_it_ends(ledger: Ledger) -> None:
    writer_took = take(ledger, claim("H", "2026-06-10", stage="planned"))
    assert writer_took.counts == {"claims recorded": 1}
    (service_,) = record(ledger).history(TODAY).services
    assert service_.status == "submitted"
    with ledger.writing(()) as connection:
        connection.execute(sa.update(SERVICE).values(expires_on=day("2026-07-10")))
    assert len(record(ledger).history(day("2026-07-10")).services) == 1
    assert record(ledger).history(day("2026-07-11")).services == ()


def test_a_hold_ends_when_it_is_billed(ledger: Ledger) -> None:
    take(ledger, claim("H", "2026-06-10", stage="planned"))
    billed = claim("A", "2026-06-10")
    assert record(ledger).history(TODAY, billed).services == ()
    take(ledger, billed)
    assert lines(ledger) == [("2026-06-10", "20552", "submitted")]


def test_a_hold_and_its_bill_in_one_file(ledger: Ledger) -> None:
    take(ledger, claim("H", "2026-06-10", stage="planned"), claim("A", "2026-06-10"))
    assert lines(ledger) == [("2026-06-10", "20552", "submitted")]


def test_two_replacements_of_one_claim_in_one_file(ledger: Ledger) -> None:
    take(ledger, claim("A", "2026-01-05"), Remittance("A", "paid", payer_control="ICN"))
    take(
        ledger,
        claim("B", "2026-01-06", replaces="A", frequency="7"),
        claim("C", "2026-01-07", replaces="ICN", frequency="7"),
    )
    assert ("2026-01-05", "20552", "paid") not in lines(ledger)


def test_a_hold_is_not_billed_by_another_day_or_code(ledger: Ledger) -> None:
    take(ledger, claim("H", "2026-06-10", stage="planned"))
    take(ledger, claim("A", "2026-06-11"), claim("B", "2026-06-10", "64493"))
    assert ("2026-06-10", "20552", "planned") in lines(ledger)


def test_a_released_hold_can_be_made_again(ledger: Ledger) -> None:
    source = source_id(ledger, "test")
    take(ledger, claim("H", "2026-06-10", stage="planned"))
    assert release(ledger, source, "H")
    assert not release(ledger, source, "H")
    assert lines(ledger) == []
    take(ledger, claim("H", "2026-06-10", stage="planned"))
    assert len(lines(ledger)) == 1
