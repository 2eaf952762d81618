"""Desks that write at once: nobody over a limit, nothing lost, nothing half-written."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.ledger.schema import SERVICE, VERSION
from engine.ledger.store import Ledger
from tests.ledger.desks import (
    FIRST,
    Attempt,
    attempt,
    attempts,
    desk_of,
    killed_after,
    over_the_limit,
    together,
)
from tests.ledger.making import TODAY, claim, lines, record, take

PATIENTS = [f"P-{n}" for n in range(12)]


@pytest.mark.parametrize("apart", [0, 9, -9])
def test_two_desks_race_for_the_last_session(ledger: Ledger, url: str, apart: int) -> None:
    """Whether the second day is the same, later or earlier: one session was left, one is given."""
    for n in range(2):
        take(ledger, claim(f"E-{n}", (FIRST + timedelta(7 * n)).isoformat(), patient="P-1"))
    desks = [desk_of(url), desk_of(url)]
    days = [FIRST + timedelta(90), FIRST + timedelta(90 + apart)]
    wishes = [Attempt(f"NEW-{n}", "P-1", on) for n, on in enumerate(days)]
    got: list[bool] = []
    barrier = threading.Barrier(2)

    def race(number: int) -> None:
        barrier.wait()
        got.append(attempt(desks[number], wishes[number]))

    threads = [threading.Thread(target=race, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for desk in desks:
        desk.ledger.close()
    # Two claims of one day are one session, which both may have.
    assert sorted(got) == ([True, True] if apart == 0 else [False, True])
    assert len({on for on, _, _ in lines(ledger, "P-1")}) == 3


def test_four_writers(ledger: Ledger, url: str) -> None:
    wishes = attempts(160, len(PATIENTS))
    processes = together(url, wishes, 4)
    assert [process.exitcode for process in processes] == [0] * 4
    assert over_the_limit(ledger, PATIENTS) == []
    kept = sum(len(record(ledger, patient).entries) for patient in PATIENTS)
    assert kept > len(PATIENTS) * 3


def test_without_locks_the_race_would_be_lost(ledger: Ledger, url: str) -> None:
    """The test above can fail: two desks that both decide before either records."""
    for n in range(2):
        take(ledger, claim(f"E-{n}", (FIRST + timedelta(7 * n)).isoformat(), patient="P-0"))
    histories = [record(ledger, "P-0").history(TODAY) for _ in range(2)]
    assert histories[0] == histories[1]
    for n in range(2):
        take(ledger, claim(f"NEW-{n}", (FIRST + timedelta(90 + n)).isoformat(), patient="P-0"))
    assert over_the_limit(ledger, ["P-0"]) == ["P-0"]


@pytest.mark.parametrize("seed", range(2))
def test_killed_in_the_middle(ledger: Ledger, url: str, seed: int) -> None:
    """Everything acknowledged is there, and every event has all of its lines."""
    told = killed_after(url, seed, 25 + 10 * seed)
    assert len(told) >= 25
    assert_whole(ledger, told)


def assert_whole(ledger: Ledger, acknowledged: set[str]) -> None:
    """Nothing acknowledged is lost and nothing is half there."""
    lines_of = sa.select(SERVICE.c.claim_id, SERVICE.c.version, sa.func.count()).group_by(
        SERVICE.c.claim_id, SERVICE.c.version
    )
    with ledger.reading() as connection:
        have = {(c, v): n for c, v, n in connection.execute(lines_of)}
        events = connection.execute(sa.select(VERSION)).all()
    assert acknowledged <= {event.claim_id for event in events}
    assert {(e.claim_id, e.version): e.lines for e in events} == have
