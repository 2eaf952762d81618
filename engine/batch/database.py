"""Opens the database that reads inputs and partitions; it has no file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

MEMORY = "500MB"


class BadTableError(Exception):
    """A table cannot be read."""


def connect(work: Path, threads: int, memory: str = MEMORY) -> Any:
    """A database without a file of its own that spills into the scratch folder."""
    spill = work / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
        }
    )
