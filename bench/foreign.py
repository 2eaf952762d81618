"""Feeds a batch with broken files: ``python -m bench.foreign [--files N] [--seed N]``.

Each must end in a message and an exit code, within seconds, and lose no claim silently.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from random import Random

from tests.batch.broken import broken, samples
from tests.batch.corpus import make
from tests.batch.test_foreign import outcome_of

LONG = 30.0


def main() -> None:
    """Break, run, say which files did not end well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, faults = Path(name), 0
        good, chance = samples(make(folder / "corpus", 60), folder), Random(given.seed)
        (folder / "bad").mkdir()
        for number in range(given.files):
            begin = time.monotonic()
            fault = outcome_of(broken(chance, good, folder / "bad", number), folder / "out")
            if time.monotonic() - begin > LONG:
                fault = f"it took {time.monotonic() - begin:.0f} seconds"
            if fault:
                faults += 1
                print(f"file {number}: {fault}")
    print(f"{given.files:,} files, {faults} that did not end well")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
