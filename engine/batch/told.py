"""What became of a partition, and how it is written down: whole, or a full disk is told."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb
import pyarrow as pa

from engine.batch.judge import Judged

DONE = "done"


@dataclass
class Told:
    """What became of a partition; it is written when its parts are, and makes it done, with the
    partitions that were judged `together` with it."""

    part: int
    together: list[int] = field(default_factory=list)
    judged: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[dict[str, Any]] = field(default_factory=list)
    verdicts: dict[str, int] = field(default_factory=dict)
    findings: int = 0
    needs: int = 0
    charge: str = "0"
    books: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, judged: Judged) -> None:
        """Count one batch."""
        written = judged.written
        self.judged += sum(written.verdicts.values())
        self.verdicts = dict(written.verdicts + Counter(self.verdicts))
        self.books |= judged.books
        self.refused += [entry.public() for entry in judged.refused]
        self.remarks += [entry.public() for entry in judged.remarks]
        self.findings += written.count("findings")
        self.needs += written.count("needs")
        self.charge = str(written.charge + Decimal(self.charge))

    def join(self, other: Mapping[str, Any]) -> None:
        """Count what another one counted."""
        for name in ("judged", "findings", "needs"):
            setattr(self, name, getattr(self, name) + other[name])
        self.refused += other["refused"]
        self.remarks += other["remarks"]
        self.verdicts = dict(Counter(self.verdicts) + Counter(other["verdicts"]))
        self.books |= other["books"]
        self.charge = str(Decimal(self.charge) + Decimal(other["charge"]))


class NoRoomError(Exception):
    """The disk is full."""


@contextmanager
def room() -> Iterator[None]:
    """Turns every way of saying that the disk is full into one."""
    try:
        yield
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error)
        if full or "max_temp_directory_size" in str(error):
            raise NoRoomError(str(error)) from None
        raise


@contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A file to write that gets its name once all of it is written: it is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    with draft.open("w", encoding="utf-8") as file:
        yield file
    draft.replace(path)


def write_json(path: Path, data: Any) -> None:
    """Write a file that is whole or not there."""
    with whole(path) as file:
        file.write(json.dumps(data, ensure_ascii=False, default=str))
