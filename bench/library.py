"""What the whole library and two million code pairs cost beside three policies alone.

    python -m bench.library [PAIRS]

Three trees of policies are laid side by side: the coding layer's sets with Medicare's trigger
points, facet joints and epidurals and nothing else; everything shipped; everything with a pair
table of that size. Pairs are made up; among them are those of the shipped table, so that the
claims have partners. A claim's cost is the median of rounds in which the trees take turns.
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
THREE: Final = ("trigger-point-injections", "facet-joint-interventions", "epidural-injections")
CLAIMS: Final = (
    ("20552",),
    ("64493", "64494"),
    ("62323",),
    ("64483", "64484"),
    ("64493", "64494", "20552", "77003", "J1010"),
)
DAY: Final = date(2026, 3, 4)
ROUNDS: Final = 9


class Cost(Record):
    """Processor seconds of a first start and of a later one, bytes of one process more, and
    processor seconds a claim."""

    first: float
    later: float
    private: int
    claim: float


def three_policies(folder: Path) -> Path:
    """A tree with the sets of the coding layer and three policies of one payer."""
    tree = folder / "three"
    for part in ("vocabulary", "coding", "medicare"):
        shutil.copytree(SHIPPED / part, tree / part)
    for policy in sorted(tree.glob("coding/*/policy.yaml")):
        shutil.rmtree(policy.parent)
    for policy in sorted(tree.glob("medicare/**/policy.yaml")):
        if policy.parent.name not in THREE:
            shutil.rmtree(policy.parent)
    return tree


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


def costs(trees: list[Path]) -> list[Cost]:
    """What each tree costs, measured in processes of their own that take turns."""
    firsts = [_apart(tree, "start")[0] for tree in trees]
    rounds = [[_apart(tree, "claims") for tree in trees] for _ in range(ROUNDS)]
    found = []
    for first, *turns in zip(firsts, *rounds, strict=True):
        later, private, claim = (statistics.median(turn[n] for turn in turns) for n in range(3))
        found.append(Cost(first, later, int(private), claim))
    return found


def _apart(policies: Path, what: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.library", "--apart", what, str(policies)],
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
        asked = [_claim(codes) for codes in CLAIMS]
        for one in asked:
            decide(bound, one, History())
        begin, rounds = time.process_time(), 400
        for _ in range(rounds):
            for one in asked:
                decide(bound, one, History())
        claim = (time.process_time() - begin) / rounds / len(asked)
    print(loaded, _private(), claim)


def _claim(codes: tuple[str, ...]) -> Claim:
    lines = tuple(Line(n, code, DAY, units=1) for n, code in enumerate(codes, start=1))
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
        heads = ("three policies", "whole library", f"with {pairs:,} pairs")
        found = costs([three_policies(folder), SHIPPED, large])
        print(f"{'':18}" + "".join(f"{head:>24}" for head in heads))
        rows = {
            "first start, s": [f"{c.first:.2f}" for c in found],
            "later start, s": [f"{c.later:.3f}" for c in found],
            "own memory, MB": [f"{c.private / 1e6:.1f}" for c in found],
            "a claim, ms": [f"{c.claim * 1e3:.3f}" for c in found],
        }
        for what, figures in rows.items():
            print(f"{what:18}" + "".join(f"{figure:>24}" for figure in figures))
        sizes = [p.stat().st_size for p in (folder / "cache").glob("tables/*")]
        print(f"mapped file: {max(sizes, default=0) / 1e6:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--apart"]:
        apart(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PAIRS)
