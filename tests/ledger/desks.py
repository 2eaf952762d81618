"""Desks in processes of their own, which race for the same sessions."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from typing import Any

from engine.analysis.frequency import words
from engine.chain.decided import Decided
from engine.cli.ledger_desk import LedgerDesk
from engine.ledger.history import records
from engine.ledger.store import Ledger, open_ledger
from engine.model.claim import NOTHING, Claim, Coverage, History
from tests.ledger.making import MEDICARE, TODAY, book, claim

RULE = "medicare/national/trigger-point-injections#session-limit"
FIRST = date(2025, 1, 6)
SPAN = 700


@dataclass(frozen=True)
class Attempt:
    """One desk's wish: a session of a patient on a day."""

    claim_id: str
    patient: str
    day: date


def attempts(count: int, patients: int, seed: int = 1) -> list[Attempt]:
    """Wishes of a seed: days in any order, so that some lie before what is recorded."""
    random_ = random.Random(seed)
    return [
        Attempt(
            f"C-{n}", f"P-{random_.randrange(patients)}", FIRST + timedelta(random_.randrange(SPAN))
        )
        for n in range(count)
    ]


def desk_of(url: str, judge: Callable[[Decided, History], Any] | None = None) -> LedgerDesk:
    """A desk that records what breaks no rule; the notes are not part of the race."""
    return LedgerDesk(open_ledger(url), TODAY, commit=True, undecided=True, judge=judge)


def attempt(desk: LedgerDesk, wish: Attempt) -> bool:
    """Check and record one wish with the whole rule book; whether it was recorded."""
    from engine.chain.stratified import decide

    wanted = claim(wish.claim_id, wish.day.isoformat(), patient=wish.patient)
    before = desk.recorded
    files = History((), (Coverage(wish.patient),))
    desk.decided(wanted, book("medicare", "palmetto"), files, decide)
    return desk.recorded > before


def work(url: str, wishes: Sequence[Attempt], *, tell: bool = False) -> int:
    """Check and record wishes; with `tell` every claim id is printed once it is recorded."""
    desk = desk_of(url)
    for wish in wishes:
        if attempt(desk, wish) and tell:
            print(wish.claim_id, flush=True)
    desk.ledger.close()
    return desk.recorded


def killed_after(url: str, seed: int, count: int) -> set[str]:
    """What a process had acknowledged that was killed after `count` records."""
    command = [sys.executable, "-m", "tests.ledger.desks", url, str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(count)]
        process.kill()
        told += process.stdout.read().split("\n")[:-1]
    return set(told)


def together(url: str, wishes: Sequence[Attempt], writers: int) -> list[Any]:
    """The wishes dealt out to processes; returns them, finished."""
    context = get_context("spawn")
    processes = [
        context.Process(target=work, args=(url, wishes[n::writers])) for n in range(writers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return processes


def over_the_limit(ledger: Ledger, patients: Sequence[str]) -> list[str]:
    """Patients of whom some session breaks the limit, judged on its own day with all the others."""
    found = []
    bound = book("medicare", "palmetto")
    with ledger.reading() as connection:
        known = records(connection, ledger.names, patients)
    for patient, record in known.items():
        history = History(record.history(TODAY).services, (Coverage(patient),))
        if any(word == "violated" for word in _each(bound, patient, history)):
            found.append(patient)
    return found


def _each(bound: Any, patient: str, history: History) -> Iterator[str]:
    for service in history.services:
        one = Claim(
            service.claim_id or "",
            MEDICARE,
            _patient(patient),
            (service.line,),
            documentation=NOTHING,
        )
        yield words(bound, one, history).get((RULE, service.line.number), "")


def _patient(patient: str) -> Any:
    from engine.model.claim import Patient

    return Patient(patient)


if __name__ == "__main__":
    work(sys.argv[1], attempts(100_000, 3000, int(sys.argv[2])), tell=True)
