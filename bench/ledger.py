"""Measures the ledger: check-and-record with 1, 2 and 4 writers, kills, and histories for a batch.

Run ``python -m bench.ledger [--runs N] [--lines N] [--kills N]``. Each attempt is what a desk does:
read the patient's history, decide the claim with the whole Medicare rule book, see that no
recorded session loses its place, record the claim, all in one transaction. Rates count from the
moment all writers are ready until the last is done. PostgreSQL is the server that the tests bring.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.chain.garbage import look_seldom
from engine.ledger.events import source_id
from engine.ledger.history import records
from engine.ledger.schema import COVERAGE, SERVICE
from engine.ledger.store import Ledger, open_ledger
from tests.ledger.desks import Attempt, attempt, attempts, desk_of, killed_after, over_the_limit
from tests.ledger.making import TODAY
from tests.ledger.servers import LACKING, new_database, server_of
from tests.ledger.test_races import assert_whole

ATTEMPTS, PATIENTS = 8000, 2000
LINES_A_PATIENT = 20
WANTED = 10_000


def main() -> None:
    """Measure, and print one line of JSON for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often rates are measured")
    parser.add_argument("--attempts", type=int, default=ATTEMPTS)
    parser.add_argument("--lines", type=int, default=2_000_000, help="lines of history")
    parser.add_argument("--kills", type=int, default=20)
    given = parser.parse_args()
    tell("none", "machine", {"cores": os.cpu_count(), "load": os.getloadavg()})
    with tempfile.TemporaryDirectory() as folder:
        for name, fresh in databases(Path(folder)):
            for writers in (1, 2, 4):
                runs = [race(fresh(), writers, given.attempts) for _ in range(given.runs)]
                tell(name, "check and record", {"writers": writers, **summed(runs)})
            tell(name, "killed", kill(fresh(), given.kills))
            tell(name, "history", history(fresh(), given.lines, given.runs))


def databases(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """Each database with what gives the address of an empty one."""
    numbers = iter(range(1000))
    yield "SQLite", lambda: str(folder / f"{next(numbers)}.db")
    server = server_of(f"bench-{folder.name}")
    if server is None:
        print(LACKING)
        return
    yield "PostgreSQL", lambda: new_database(server)


def tell(database: str, what: str, figures: dict[str, Any]) -> None:
    """One line of figures."""
    print(json.dumps({"database": database, "what": what, **figures}), flush=True)


def summed(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The median rate of some runs, and the sum of everything that must be nought."""
    rates = [run["rate"] for run in runs]
    return {
        "a_second": round(statistics.median(rates)),
        "of_runs": [round(rate) for rate in rates],
        "microseconds_of_a_core": round(1e6 * statistics.median(run["core"] for run in runs)),
        "recorded": runs[0]["recorded"],
        "over_the_limit": sum(run["over"] for run in runs),
        "errors": sum(run["errors"] for run in runs),
    }


def race(url: str, writers: int, count: int) -> dict[str, Any]:
    """So many attempts, dealt out to writers; every patient is judged afterwards."""
    ledger = open_ledger(url, make=True)
    wishes = attempts(count, PATIENTS)
    context = get_context("spawn")
    barrier, used = context.Barrier(writers + 1), context.Value("d", 0.0)
    processes = [
        context.Process(target=write, args=(url, wishes[n::writers], barrier, used))
        for n in range(writers)
    ]
    for process in processes:
        process.start()
    barrier.wait()
    begun = time.perf_counter()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - begun
    patients = [f"P-{n}" for n in range(PATIENTS)]
    over = len(over_the_limit(ledger, patients))
    with ledger.reading() as connection:
        recorded = connection.execute(sa.select(sa.func.count()).select_from(SERVICE)).scalar_one()
    ledger.close()
    errors = sum(process.exitcode != 0 for process in processes)
    core = used.value / count
    found = {"rate": count / seconds, "recorded": recorded, "over": over, "errors": errors}
    return {**found, "core": core}


def write(url: str, wishes: list[Attempt], barrier: Barrier, used: Any) -> None:
    """One writer: warm up (book, connection), wait for the others, then work. `used` adds up the
    seconds of a core that the writers take, whatever else the machine does."""
    look_seldom()  # as every process of the command line does
    desk = desk_of(url)
    warm = Attempt(f"W-{wishes[0].claim_id}", f"W-{wishes[0].patient}", wishes[0].day)
    attempt(desk, warm)
    barrier.wait()
    begun = time.process_time()
    for wish in wishes:
        attempt(desk, wish)
    with used.get_lock():
        used.value += time.process_time() - begun
    desk.ledger.close()


def kill(url: str, times: int) -> dict[str, Any]:
    """Kill a writer in the middle, again and again; what it acknowledged must be there, whole."""
    ledger = open_ledger(url, make=True)
    told: set[str] = set()
    for n in range(times):
        told |= killed_after(url, n, 40 + 7 * n)
        assert_whole(ledger, told)
    ledger.close()
    return {"kills": times, "acknowledged": len(told), "lost": 0, "half_written": 0}


def history(url: str, lines: int, runs: int) -> dict[str, Any]:
    """Fetch the history of 10,000 patients out of very many, in one query, as values."""
    ledger = open_ledger(url, make=True)
    patients = max(lines // LINES_A_PATIENT, 1)
    _fill(ledger, patients)
    wanted = [f"P-{n * patients // WANTED}" for n in range(min(WANTED, patients))]
    wall, core, found = [], [], 0
    for _ in range(runs):
        with ledger.reading() as connection:
            begun, used = time.perf_counter(), time.process_time()
            known = records(connection, ledger.names, wanted)
            found = sum(len(r.history(TODAY).services) for r in known.values())
            wall.append(time.perf_counter() - begun)
            core.append(time.process_time() - used)
    ledger.close()
    return {
        "lines": patients * LINES_A_PATIENT,
        "patients": len(wanted),
        "services": found,
        "seconds": round(statistics.median(wall), 2),
        "of_one_core": round(statistics.median(core), 2),
    }


def _fill(ledger: Ledger, patients: int) -> None:
    source = source_id(ledger, "bench")
    first = date(2021, 1, 4)
    for start in range(0, patients, 2000):
        rows = [
            _row(f"P-{n}", number, first + timedelta(number * 90 + n % 90))
            for n in range(start, min(start + 2000, patients))
            for number in range(LINES_A_PATIENT)
        ]
        spans = [
            {"patient": f"P-{n}", "own_group": False, "source": source}
            for n in range(start, min(start + 2000, patients))
        ]
        with ledger.writing(()) as connection:
            connection.execute(sa.insert(SERVICE), rows)
            connection.execute(sa.insert(COVERAGE), spans)


def _row(patient: str, number: int, day: date) -> dict[str, Any]:
    codes = ("20552", "20553", "64493", "62323", "64483")
    return {
        "claim_id": f"{patient}-{number}",
        "line": 1,
        "version": 1,
        "current": True,
        "patient": patient,
        "service_date": day,
        "procedure": codes[number % len(codes)],
        "modifiers": "RT KX" if number % 2 else "",
        "units": "1",
        "side": "R" if number % 2 else None,
        "place_of_service": "11",
        "diagnoses": "M79.18 M54.16",
        "rendering_npi": "1245319599",
        "provider_group": "carolina-pain",
        "payer": "medicare",
        "status": "paid",
    }


if __name__ == "__main__":
    main()
