"""Kills a batch at random moments and goes on: ``python -m bench.kills [--claims N] [--kills N]``.

Each round kills with SIGKILL, by turns, the whole process group, one worker, or the parent alone,
and starts the batch again with ``--resume``. At the end the outputs are compared with those of an
undisturbed run, row for row. Exit code 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import psutil

from bench.corpus import FIRST, generate
from engine.batch.account import read_run
from engine.batch.lock import WORK
from engine.batch.told import DONE

TABLES = ("claims", "findings", "needs")
KINDS = ("group", "worker", "parent")
_CODE = """
import sys
import engine.batch.staging as staging
staging.ROWS_A_PART = int(sys.argv.pop(1))
from engine.cli.main import main
if __name__ == "__main__":
    main(sys.argv[1:], prog_name="cleanclaim")
"""


def main() -> None:
    """One run undisturbed, one with kills, and whether they say the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--relevant", type=float, default=1.0, help="the share that is judged")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows", type=int, default=500, help="rows of a partition")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = generate(folder / "claims.parquet", given.claims, given.relevant)
        took = undisturbed(corpus, folder / "whole", given)
        chance = Random(given.seed)
        kills = killed(corpus, folder / "killed", given, chance, took)
        faults = differences(folder / "whole", folder / "killed")
    for fault in faults:
        print(fault)
    verdict = "the outputs differ" if faults else "the outputs are equal, row for row"
    print(f"{kills} kills on {given.claims:,} claims: {verdict}")
    raise SystemExit(bool(faults) or kills < given.kills)


def start(corpus: Path, out: Path, given: argparse.Namespace, *more: str) -> subprocess.Popen[str]:
    """A batch in a process group of its own."""
    words = ["batch", str(corpus), "-o", str(out), "--complete-from", FIRST, *more]
    words += ["--workers", str(given.workers)]
    command = [sys.executable, "-c", _CODE, str(given.rows), *words]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def ended(running: subprocess.Popen[str], folder: Path) -> None:
    """Wait for a batch that is to come to its end."""
    said, _ = running.communicate()
    if not read_run(folder).get("complete"):
        raise SystemExit(f"a run that nobody disturbed ended with {running.returncode}: {said}")


def undisturbed(corpus: Path, out: Path, given: argparse.Namespace) -> float:
    """The seconds that a whole run takes."""
    begin = time.monotonic()
    ended(start(corpus, out, given), out)
    took = time.monotonic() - begin
    print(f"undisturbed: {took:.1f} seconds, {claims_of(out)}", flush=True)
    return took


def killed(corpus: Path, out: Path, given: argparse.Namespace, chance: Random, took: float) -> int:
    """Kill and go on until so many rounds are done, then let it end; how many kills there were.

    A batch that came to its end before its kill begins anew in an empty folder.
    """
    kills = 0
    while kills < given.kills:
        if read_run(out).get("complete"):
            shutil.rmtree(out)
        kind = KINDS[kills % len(KINDS)]
        running = start(corpus, out, given, "--resume")
        wait = chance.uniform(0.0, took * 0.6)
        time.sleep(wait)
        if kill(running, kind, chance):
            kills += 1
            state = f"{claims_of(out)}, state {read_run(out).get('state', 'none')}"
            print(f"round {kills}: {kind} killed after {wait:.1f} seconds; {state}", flush=True)
    ended(start(corpus, out, given, "--resume"), out)
    return kills


def kill(running: subprocess.Popen[str], kind: str, chance: Random) -> bool:
    """Kill what is to be killed; whether it was still there. A batch that lost one worker only
    has to come to its end by itself, and is left to work a while before it is killed whole."""
    if running.poll() is not None:
        return False
    if kind == "worker":
        workers = [p for p in psutil.Process(running.pid).children() if "spawn_main" in _words(p)]
        if not workers:
            kind = "group"
        else:
            os.kill(chance.choice(workers).pid, signal.SIGKILL)
            time.sleep(2.0)
    if kind == "parent":
        running.kill()
    else:
        os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    return True


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def claims_of(out: Path) -> str:
    """How many claims are judged, by the marks of the partitions that are done."""
    claims: dict[str, Any] = read_run(out).get("claims") or {}
    marks = [json.loads(p.read_text("utf-8")) for p in (out / WORK / DONE).glob("*.json")]
    done = sum(mark["judged"] for mark in marks) if marks else claims.get("judged", 0)
    return f"{done:,} of {claims.get('read', 0):,} claims judged"


def differences(one: Path, two: Path) -> list[str]:
    """In what the outputs of two batches differ."""
    found = []
    with duckdb.connect() as database:
        for name in TABLES:
            left, right = (f"read_parquet('{out / name}/*.parquet')" for out in (one, two))
            for a, b, word in ((left, right, "lost"), (right, left, "added")):
                query = f"SELECT count(*) FROM (FROM {a} EXCEPT ALL FROM {b})"
                (count,) = database.execute(query).fetchone() or (0,)
                if count:
                    found.append(f"{name}: {count:,} rows {word}")
    first, second = read_run(one), read_run(two)
    names = ("claims", "verdicts", "findings", "needs", "charge", "books", "untouched")
    differ = [name for name in names if first[name] != second[name]]
    told = [f"run.json: `{name}` is {second[name]}, not {first[name]}" for name in differ]
    return [*found, *told]


if __name__ == "__main__":
    main()
