"""Claims on which the program fails, or that end the process in which it works, for tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pyarrow.compute as pc

from engine.batch.judge import Judge, quick, together
from engine.batch.judge.people import People
from engine.batch.judge.plain import Plain
from engine.batch.work import worker

Act = Callable[[str, str], None]


def poisoned(act: Act, patch: Callable[[Any, str, Any], None] = setattr) -> None:
    """From now on `act` hears where the program is and at which claim: it reads a table by
    ``columns``, or judges it ``together`` with others or ``alone``."""
    plain, outcome, one = Plain.__call__, quick.outcome, Judge._one

    def columns(self: Plain, lines: Any, *more: Any) -> Any:
        for claim_id in pc.unique(lines["claim_id"]).to_pylist():
            act("columns", claim_id)
        return plain(self, lines, *more)

    def beside(said: Any, people: People, c: int) -> Any:
        act("together", people.claims[c].claim_id)
        return outcome(said, people, c)

    def alone(self: Judge, record: Any, *more: Any) -> None:
        act("alone", record["claim_id"])
        one(self, record, *more)

    patch(Plain, "__call__", columns)
    patch(together, "outcome", beside)
    patch(Judge, "_one", alone)


def serve_poisoned(*given: Any) -> None:
    """A worker process that ends at one claim, in the places that the environment names."""
    poison, *places = os.environ["CLEANCLAIM_TEST_POISON"].split(",")

    def deadly(where: str, claim_id: str) -> None:
        if claim_id == poison and where in places:
            os.kill(os.getpid(), signal.SIGKILL)

    poisoned(deadly)
    worker.serve(*given)
