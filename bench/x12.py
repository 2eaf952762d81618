"""Measures the 837 reader on a generated file: claims and lines a second, and peak memory.

Run ``python -m bench.x12 [--megabytes N]``. The file is made from a fixed seed in a temporary
folder; the run fails if a claim or a line of it is not found.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from engine.claims.read import read_claims
from engine.model.claim import Claim

SEED = 837
CLAIMS_A_TRANSACTION = 1000
CODES = ("64493", "64494", "64483", "64484", "62323", "20552", "20553", "27096", "99213", "J3301")
DIAGNOSES = ("M47816", "M5416", "M5136", "M7918", "G8929", "M5481", "M461")
NPIS = ("1234567893", "1245319599", "1003000126", "1962466193")


def write_file(out: TextIO, size: int) -> tuple[int, int]:
    """Write an 837P of about `size` characters; returns its claims and lines."""
    random_ = random.Random(SEED)
    out.write(
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
        "*260304*1200*^*00501*000000001*0*T*:~\n"
        "GS*HC*SENDER*RECEIVER*20260304*1200*1*X*005010X222A1~\n"
    )
    claims = lines = transactions = 0
    while out.tell() < size:
        transactions += 1
        segments = [f"ST*837*{transactions:04}*005010X222A1", "BHT*0019*00*1*20260304*1200*CH"]
        segments += ["NM1*41*2*CLEARING*****46*123", "NM1*40*2*PAYER*****46*456"]
        segments += ["HL*1**20*1", "PRV*BI*PXC*207LP2900X", "NM1*85*2*PAIN GROUP*****XX*1234567893"]
        segments += ["N3*1 MAIN ST", "N4*CHARLOTTE*NC*28202", "REF*EI*123456789"]
        for number in range(CLAIMS_A_TRANSACTION):
            claims += 1
            count = random_.choice((1, 2, 2, 3, 4))
            lines += count
            segments += _claim(random_, claims, number + 2, count)
        segments.append(f"SE*{len(segments) + 1}*{transactions:04}")
        out.write("~\n".join(segments) + "~\n")
    out.write(f"GE*{transactions}*1~\nIEA*1*000000001~\n")
    return claims, lines


def _claim(random_: random.Random, claim: int, level: int, count: int) -> Iterator[str]:
    day = f"2026{random_.randint(1, 12):02}{random_.randint(1, 28):02}"
    yield f"HL*{level}*1*22*0"
    yield "SBR*P*18*******MB"
    yield f"NM1*IL*1*LAST*FIRST****MI*M{random_.randint(1, 40000):06}"
    yield f"DMG*D8*19{random_.randint(30, 80)}0301*{random_.choice('FM')}"
    yield "NM1*PR*2*MEDICARE*****PI*00882"
    yield f"CLM*C{claim:07}*{count * 100}***11:B:1*Y*A*Y*Y"
    if claim % 5 == 0:
        yield f"REF*G1*AUTH{claim}"
    if claim % 7 == 0:
        yield "NTE*ADD*SECOND SESSION OF THE YEAR"
    chosen = random_.sample(DIAGNOSES, random_.randint(1, 4))
    parts = [f"{'ABF' if at else 'ABK'}:{code}" for at, code in enumerate(chosen)]
    yield "HI*" + "*".join(parts)
    if claim % 2:
        yield f"NM1*82*1*DOCTOR*ANN****XX*{random_.choice(NPIS)}"
        yield "PRV*PE*PXC*208VP0014X"
    if claim % 4 == 0:
        yield "NM1*77*2*CENTRE*****XX*1245319599"
        yield "N3*2 SIDE ST"
        yield "N4*CHARLOTTE*NC*28202"
    for number in range(1, count + 1):
        modifiers = random_.choice(("", ":RT", ":LT", ":50", ":RT:KX"))
        yield f"LX*{number}"
        yield f"SV1*HC:{random_.choice(CODES)}{modifiers}*100*UN*1***1"
        yield f"DTP*472*D8*{day}"
        if random_.random() < 0.1:
            yield "LIN**N4*00009028003"
            yield "CTP****1*ML"


def read_file(path: str) -> dict[str, float]:
    """Read all of a file and count what comes out."""
    claims = lines = problems = 0
    begin = time.perf_counter()
    for item in read_claims(path):
        if isinstance(item, Claim):
            claims += 1
            lines += len(item.lines)
        else:
            problems += 1
    seconds = time.perf_counter() - begin
    return {"claims": claims, "lines": lines, "problems": problems, "seconds": seconds}


def measured(module: str, name: str, write: Callable[[TextIO, int], tuple[int, int]]) -> int:
    """Generate a file called `name`, read it in a child process and report."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--megabytes", type=float, default=50)
    parser.add_argument("--read", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read_file(options.read)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("w") as out:
            claims, lines = write(out, int(options.megabytes * 1_000_000))
        command = [sys.executable, "-m", module, "--read", str(path)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        size = path.stat().st_size / 1_000_000
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{size:.1f} MB, {claims} claims, {lines} lines, read in {found['seconds']:.2f} s")
    print(f"{found['claims'] / found['seconds']:,.0f} claims/s")
    print(f"{found['lines'] / found['seconds']:,.0f} lines/s")
    print(f"{peak:.0f} MB peak memory")
    if (found["claims"], found["lines"], found["problems"]) != (claims, lines, 0):
        print(f"found only {found}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(measured("bench.x12", "claims.837", write_file))
