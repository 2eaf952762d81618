"""What a worker process does: it judges one partition after the other and writes their parts."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from engine.batch.database import connect
from engine.batch.judge import Judge, Judged, whole_patients
from engine.batch.lock import WORK
from engine.batch.schemas import CODED, OUTPUTS
from engine.batch.settings import Settings
from engine.batch.staging.records import LINES_A_BATCH, MEMORY, lines, records_of
from engine.batch.told import DONE, NoRoomError, Told, room, write_json
from engine.chain.garbage import OF_BATCH, look_seldom


@dataclass(frozen=True)
class Task:
    """A partition, the keys of claims in it that are not to be judged, and whether even plain
    patients are to be judged one by one."""

    part: int
    skip: tuple[str, ...] = ()
    one_by_one: bool = False


class Worker:
    """Judges partitions of one batch below `out`. `slot` is shared with the parent: how many
    claims are done, and which one is being judged, if it is at any."""

    def __init__(self, out: Path, settings: Settings, slot: Any = None) -> None:
        self._out = out
        self._work = out / WORK
        look_seldom(OF_BATCH)
        self._judge = Judge(settings)
        self._database = connect(self._work, 1, MEMORY)
        self._slot = slot
        self._count = 0

    def run(self, task: Task) -> Told:
        """Judge a partition and write its parts, then the mark that it is done.

        Raises NoRoomError.
        """
        told = Told(task.part)
        with room():
            with writers(self._out, task.part) as files:
                for judged in self._judged(task):
                    for name, table in judged.written.tables.items():
                        write(files[name], table)
                    told.add(judged)
                    self._count += sum(judged.written.verdicts.values())
                    self._watch("")
            write_json(self._work / DONE / f"{task.part:04d}.json", asdict(told))
        return told

    def _judged(self, task: Task) -> Iterator[Judged]:
        """Judge plain patients together, and then the others one by one."""
        others: list[str | None] = []
        given = lines(self._database, self._work, task.part)
        for table in whole_patients(given, LINES_A_BATCH):
            if task.one_by_one:
                others += pc.unique(table["patient"]).to_pylist()
                continue
            judged, left = self._judge.lines(table, skip=task.skip, watch=self._watch)
            others += left
            yield judged
        if others:
            found = records_of(self._database, self._work, task.part, others)
            for batch in whole_patients(found):
                yield self._judge(batch, skip=task.skip, watch=self._watch)

    def _watch(self, key: str) -> None:
        if self._slot is not None:
            self._slot.value = f"{self._count} {key}".encode()[:SLOT]


SLOT = 400
_ORDERED = ["service_date", "charge"]
"""Columns of which files state the least and the greatest value. Parts are by hash of the patient,
so that those of texts would tell no part from another; without them writing takes a third less."""


@contextmanager
def writers(out: Path, part: int) -> Iterator[dict[str, Any]]:
    """Writers of the parts of a partition, which get their names once they are whole."""
    name, work = f"part-{part:04d}.parquet", out / WORK
    # Of its own: a worker whose parent was killed may still be writing the same part.
    drafts = {kind: work / f"{kind}-{name}.{os.getpid()}.draft" for kind in OUTPUTS}
    files = {
        kind: parquet.ParquetWriter(
            path, CODED[kind], store_schema=False, write_statistics=_ORDERED
        )
        for kind, path in drafts.items()
    }
    try:
        yield files
    finally:
        for file in files.values():
            file.close()
    for kind in reversed(OUTPUTS):  # the claims come last: what they name is there by then
        drafts[kind].replace(out / kind / name)


def write(file: Any, table: pa.Table) -> None:
    """Add rows to a part."""
    file.write_table(table)


def serve(line: Any, out: str, settings: Settings, slot: Any) -> None:
    """The life of a worker process: tasks come and answers go through `line` until None comes."""
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
