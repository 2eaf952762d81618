"""What two million code pairs cost: to import, to load, to hold in a second process, to ask.

    python -m bench.tables [PAIRS]

Pairs are made up; among them are those of the shipped table, so that the claim has partners.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Final

from engine.chain.bound import BoundBook
from engine.chain.stratified import decide
from engine.compiler.shelf import Shelf
from engine.documents.source import from_folder
from engine.model.claim import Claim, History, Line, Patient, Payer
from engine.model.record import Record

PAIRS: Final = 2_000_000
SHIPPED: Final = Path(__file__).parent.parent / "policies"
CODES: Final = ("64493", "64494", "20552", "77003", "J1010")
DAY: Final = date(2026, 3, 4)


class Cost(Record):
    """Processor seconds of a first start and of a later one, bytes of one process more, and
    processor seconds a claim."""

    first: float
    later: float
    private: int
    claim: float


def made_up(folder: Path, pairs: int) -> Path:
    """A published pair file of so many pairs."""
    chosen = random.Random(20261122)
    codes = [f"{n:05d}" for n in range(10_000, 27_000)]
    each = -(-pairs // len(codes))
    path = folder / "ccipra-made-up.txt"
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "notice\r\nColumn1/Column2 Edits\r\nColumn 1\tColumn 2\t*\tEffective\tDeletion\r\n"
        )
        left = pairs
        for first in codes:
            for second in chosen.sample(codes, min(each, left)):
                when = f"{chosen.randint(2000, 2025)}{chosen.choice(('0101', '0401', '0701'))}"
                mark = chosen.choice("01")
                file.write(f"{first}\t{second}\t\t{when}\t*\t{mark}\tMisuse of Column Two code\r\n")
            left -= min(each, left)
            if not left:
                return path
    return path


def imported(policies: Path, file: Path) -> float:
    """Processor seconds that the command takes to import every pair."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["-m", "engine.cli.main", "policy", "import", "pairs", str(file), "--all"]
    subprocess.run(
        [sys.executable, *command, "--policies", str(policies)], check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cost(policies: Path) -> Cost:
    """What a policies folder costs, each measured in a process of its own."""
    first = _apart(policies, "start")[0]
    later = statistics.median(_apart(policies, "start")[0] for _ in range(5))
    _, private, claim = _apart(policies, "claims")
    return Cost(first, later, int(private), claim)


def _apart(policies: Path, what: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.tables", "--apart", what, str(policies)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(word) for word in done.stdout.split()]


def apart(what: str, policies: Path) -> None:
    """One measurement: seconds until the book is there, memory, seconds a claim."""
    begin = time.process_time()
    bound = BoundBook(Shelf(from_folder(policies)).book("medicare", "palmetto", None))
    loaded = time.process_time() - begin
    claim = 0.0
    if what == "claims":
        decide(bound, _claim(), History())
        begin, rounds = time.process_time(), 2000
        for _ in range(rounds):
            decide(bound, _claim(), History())
        claim = (time.process_time() - begin) / rounds
    print(loaded, _private(), claim)


def _claim() -> Claim:
    lines = tuple(Line(n, code, DAY, units=1) for n, code in enumerate(CODES, start=1))
    payer = Payer(id="medicare", contractor="palmetto", state="NC")
    return Claim("T-1", payer, Patient("P-1"), lines, form="professional")


def _private() -> int:
    """Bytes of memory of its own; mapped files, which processes share, are not among them."""
    try:
        rows = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Anonymous:"))


def main(pairs: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["CLEANCLAIM_CACHE"] = str(folder / "cache")
        large = folder / "policies"
        shutil.copytree(SHIPPED, large)
        file = made_up(folder, pairs)
        print(f"import of {pairs:,} pairs: {imported(large, file):.1f} s")
        small = cost(SHIPPED)
        large_cost = cost(large)
        print(f"{'':22}{'shipped table':>16}{f'{pairs:,} pairs':>20}")
        for name_, one, two in (
            ("first start, s", f"{small.first:.2f}", f"{large_cost.first:.2f}"),
            ("later start, s", f"{small.later:.3f}", f"{large_cost.later:.3f}"),
            ("own memory, MB", f"{small.private / 1e6:.1f}", f"{large_cost.private / 1e6:.1f}"),
            ("a claim, ms", f"{small.claim * 1e3:.3f}", f"{large_cost.claim * 1e3:.3f}"),
        ):
            print(f"{name_:22}{one:>16}{two:>20}")
        sizes = [p.stat().st_size for p in (folder / "cache" / "tables").iterdir()]
        print(f"mapped file: {max(sizes) / 1e6:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--apart"]:
        apart(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PAIRS)
