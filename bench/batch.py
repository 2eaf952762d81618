"""Measures `cleanclaim batch` against the time that reading alone takes, and against other ways.

Run ``python -m bench.batch [--claims N] [--relevant N] [--workers N] [--spark] [--to DIR]``.
Two corpora: `--claims` of which 2 in 100 are relevant, and `--relevant` that all are. Ten rules of
one line and one day, which everybody can express, are also run as SQL by hand, by zen-engine and
by a pandas script, on the second corpus; the three must find the same lines.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import psutil

from bench.batch_rules import Found, in_pandas, in_sql, in_zen
from bench.corpus import FIRST, generate

COLUMNS = (
    "claim_id, claim_line_number, claim_type, person_id, payer, state, claim_line_start_date, "
    "hcpcs_code, hcpcs_modifier_1, hcpcs_modifier_2, service_unit_quantity, "
    "place_of_service_code, charge_amount, rendering_npi, rendering_specialty, billing_npi, "
    '"group", '
    "diagnosis_code_1, diagnosis_code_2, diagnosis_code_3"
)


def main() -> None:
    """Generate, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000_000)
    parser.add_argument("--relevant", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--to", type=Path, default=Path("bench-batch"))
    given = parser.parse_args()
    mixed = _corpus(given.to, given.claims, 0.02)
    pain = _corpus(given.to, given.relevant, 1.0)
    print("| what | seconds | claims a second | peak memory of all processes |")
    print("|---|---:|---:|---:|")
    for path, claims in ((mixed, given.claims), (pain, given.relevant)):
        read = _row(f"reading, {path.name}", claims, partial(_read, path, given.workers))
        took = _row(f"batch, {path.name}", claims, partial(_batch, path, given))
        print(f"| times the reading | {took / read:.1f} | | |")
    if given.spark:
        spark = _row(
            "batch on local Spark", given.relevant, partial(_batch, pain, given, "--spark")
        )
        print(f"| Spark over processes | {spark / took:.1f} | | |")
    _others(pain, given.relevant)


def _corpus(folder: Path, claims: int, relevant: float) -> Path:
    path = folder / f"claims-{claims}-{relevant}.parquet"
    return path if path.exists() else generate(path, claims, relevant)


def _row(name: str, claims: int, work: Callable[[], object]) -> float:
    """Time one piece of work, and print its row."""
    memory = Memory()
    begin = time.perf_counter()
    with memory:
        work()
    took = time.perf_counter() - begin
    print(
        f"| {name} | {took:.1f} | {claims / took:,.0f} | {memory.peak / 2**20:,.0f} MB |",
        flush=True,
    )
    return took


class Memory:
    """The largest sum of what this process and those below it hold, looked at ten times a second;
    pages that they share are counted once."""

    def __init__(self) -> None:
        self.peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        own = psutil.Process()
        while not self._stop.wait(0.1):
            total = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)


def _read(path: Path, threads: int) -> None:
    """What any reader of these columns must do: every value is looked at."""
    looked = ", ".join(f"max({c.strip()})" for c in COLUMNS.split(","))
    with duckdb.connect(config={"threads": threads}) as database:
        database.execute(f"SELECT {looked} FROM read_parquet('{path}')").fetchall()


def _batch(path: Path, given: Any, *more: str) -> dict[str, Any]:
    out = given.to / f"out-{time.time_ns()}"
    words = [sys.executable, "-m", "engine.cli.main", "batch", str(path), "-o", str(out)]
    words += ["--complete-from", FIRST, "--workers", str(given.workers)]
    words += ["--spark", f"local[{given.workers}]"] if more else []
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(done.stdout + done.stderr)
    told: dict[str, Any] = json.loads((out / "run.json").read_text("utf-8"))
    if not told["complete"]:
        raise SystemExit(f"the counts do not agree: {told['claims']}")
    return told


def _others(path: Path, claims: int) -> None:
    """Ten rules by other means, on the same claims."""
    found: dict[str, Found] = {}

    def noted(name: str, run: Callable[[Path], Found]) -> None:
        found[name] = run(path)

    for name, run in (("SQL by hand", in_sql), ("pandas", in_pandas), ("zen-engine", in_zen)):
        _row(f"ten rules, {name}", claims, partial(noted, name, run))
    if len({frozenset(lines) for lines in found.values()}) != 1:
        counts = {name: len(lines) for name, lines in found.items()}
        raise SystemExit(f"they differ: {counts}")


if __name__ == "__main__":
    main()
