"""Measures a cold start: `./cleanclaim check` on one claim against an empty interpreter.

Run ``python -m bench.start [--rounds N]``. The two take turns, each in a process of its own; the
compiled rule book is in the cache and so is the byte code, as they are from the second start on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).parent.parent
MOST: Final = 12.0
"""A check may take so many times as long as an empty interpreter."""
CLAIM: Final = {
    "claim_id": "START-1",
    "form": "professional",
    "payer": {"id": "medicare", "state": "NC"},
    "patient": {"id": "P-1", "birth_date": "1955-03-01", "sex": "F"},
    "billing_provider": {"npi": "1234567893", "group": "carolina-pain"},
    "diagnoses": ["M79.18"],
    "lines": [
        {
            "number": 1,
            "procedure": "20552",
            "units": 4,
            "service_date": "2026-03-04",
            "place_of_service": "11",
            "rendering_provider": {"npi": "1245319599"},
        }
    ],
}

_ENVIRONMENT: Final = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""With it Python would compile this package anew at every start."""


def main() -> None:
    """Measure and print; end with 1 if the start is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    python, check = _commands()
    with tempfile.TemporaryDirectory() as folder:
        claim = Path(folder) / "claim.json"
        claim.write_text(json.dumps(CLAIM), encoding="utf-8")
        check = [*check, "check", str(claim)]
        empty = [python, "-c", "pass"]
        for _ in range(3):
            _seconds(empty), _seconds(check)
        times = [(_seconds(empty), _seconds(check)) for _ in range(rounds)]
    ratio = median(two / one for one, two in times)
    print(f"{' '.join(empty)}: median {1000 * median(one for one, _ in times):.1f} ms")
    print(f"{' '.join(check[:-1])} CLAIM: median {1000 * median(two for _, two in times):.1f} ms")
    print(f"median ratio of {rounds} interleaved pairs: {ratio:.1f} (target: at most {MOST:g})")
    raise SystemExit(ratio > MOST)


def _commands() -> tuple[str, list[str]]:
    """The interpreter, and the command: the checkout's own where it has been set up."""
    python = ROOT / ".venv" / "bin" / "python"
    if python.exists():
        return str(python), [str(ROOT / "cleanclaim")]
    return sys.executable, [sys.executable, "-m", "engine.cli.main"]


def _seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=_ENVIRONMENT, capture_output=True, check=False)
    taken = time.perf_counter() - begin
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr.decode()}")
    return taken


if __name__ == "__main__":
    main()
