"""What a worker process does: it judges one partition after the other and writes their parts."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import parquet

from engine.batch.judge import Judge, Judged, whole_patients
from engine.batch.lock import WORK
from engine.batch.records import records
from engine.batch.schemas import OUTPUTS
from engine.batch.settings import Settings
from engine.chain.garbage import look_seldom

DONE = "done"


@dataclass(frozen=True)
class Task:
    """A partition, and the keys of claims in it that are not to be judged."""

    part: int
    skip: tuple[str, ...] = ()


class NoRoomError(Exception):
    """The disk is full."""


@dataclass
class Told:
    """What became of a partition; it is written when its parts are, and makes it done."""

    part: int
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
        self.judged += sum(judged.rows.verdicts.values())
        self.verdicts = dict(judged.rows.verdicts + Counter(self.verdicts))
        self.books |= judged.books
        self.refused += [entry.public() for entry in judged.refused]
        self.remarks += [entry.public() for entry in judged.remarks]
        self.findings += judged.rows.count("findings")
        self.needs += judged.rows.count("needs")
        self.charge = str(judged.rows.charge + Decimal(self.charge))

    def join(self, other: Mapping[str, Any]) -> None:
        """Count what another one counted."""
        for name in ("judged", "findings", "needs"):
            setattr(self, name, getattr(self, name) + other[name])
        self.refused += other["refused"]
        self.remarks += other["remarks"]
        self.verdicts = dict(Counter(self.verdicts) + Counter(other["verdicts"]))
        self.books |= other["books"]
        self.charge = str(Decimal(self.charge) + Decimal(other["charge"]))


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


class Worker:
    """Judges partitions of one batch below `out`. `slot` is shared with the parent: how many
    claims are done, and which one is being judged."""

    def __init__(self, out: Path, settings: Settings, slot: Any = None) -> None:
        self._out = out
        self._work = out / WORK
        self._judge = Judge(settings)
        self._slot = slot
        self._count = 0

    def run(self, task: Task) -> Told:
        """Judge a partition and write its parts, then the mark that it is done.

        Raises NoRoomError.
        """
        told = Told(task.part)
        with room():
            with self._parts(task.part) as files:
                for batch in whole_patients(records(self._work, task.part)):
                    judged = self._judge(batch, skip=task.skip, watch=self._watch)
                    for name, table in judged.rows.tables().items():
                        write(files[name], table)
                    told.add(judged)
            write_json(self._work / DONE / f"{task.part:04d}.json", asdict(told))
        return told

    @contextmanager
    def _parts(self, part: int) -> Iterator[dict[str, Any]]:
        """Writers of the parts, which get their names once they are whole."""
        name = f"part-{part:04d}.parquet"
        # Of its own: a worker whose parent was killed may still be writing the same part.
        drafts = {kind: self._work / f"{kind}-{name}.{os.getpid()}.draft" for kind in OUTPUTS}
        files = {kind: parquet.ParquetWriter(p, OUTPUTS[kind]) for kind, p in drafts.items()}
        try:
            yield files
        finally:
            for file in files.values():
                file.close()
        for kind in reversed(OUTPUTS):  # the claims come last: what they name is there by then
            drafts[kind].replace(self._out / kind / name)

    def _watch(self, key: str) -> None:
        self._count += 1
        if self._slot is not None:
            self._slot.value = f"{self._count} {key}".encode()[:SLOT]


SLOT = 400


def write(file: Any, table: pa.Table) -> None:
    """Add rows to a part."""
    file.write_table(table)


def write_json(path: Path, data: Any) -> None:
    """Write a file that is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.write_text(json.dumps(data, ensure_ascii=False, default=str), "utf-8")
    draft.replace(path)


def serve(line: Any, out: str, settings: Settings, slot: Any) -> None:
    """The life of a worker process: tasks come and answers go through `line` until None comes."""
    look_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    worker = Worker(Path(out), settings, slot)
    while (task := line.recv()) is not None:
        try:
            line.send(("done", asdict(worker.run(task))))
        except NoRoomError as error:
            line.send(("no room", str(error)))
        except Exception as error:
            line.send(("fault", f"{type(error).__name__}: {error}"))


def _end_with_parent() -> None:
    """End this process as soon as its parent is gone, in whatever it is doing."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
