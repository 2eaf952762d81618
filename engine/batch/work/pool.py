"""Worker processes, and what is done when one of them is gone: it costs one claim at most.

A claim is given up only when two workers have ended while they judged it; whatever else ends a
worker, its partition is judged again.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from engine.batch.settings import Settings
from engine.batch.told import NoRoomError
from engine.batch.work.worker import SLOT, Task, serve

DEATHS = 2
LOST = 5
"""So often a partition may end its worker outside of any claim before the batch stops."""


class WorkerError(Exception):
    """A partition cannot be judged, and no claim is to blame."""


@dataclass
class _Process:
    process: Any
    line: Any
    slot: Any
    task: Task | None = None
    before: int = 0

    def at(self) -> tuple[int, str]:
        """How many claims it has done, and the key of the one that it is at, if any."""
        count, _, key = bytes(self.slot.value).decode("utf-8", "replace").partition(" ")
        return int(count or 0), key


@dataclass
class Pool:
    """So many processes. `give_up` is told the key of a claim that ends whoever judges it, before
    its partition is judged without it."""

    out: Path
    settings: Settings
    size: int
    note: Callable[[int], None]
    give_up: Callable[[str], None]

    def __post_init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._living: list[_Process] = []
        self._deaths: Counter[tuple[int, str]] = Counter()
        self._past = 0

    def run(self, tasks: Iterable[Task]) -> Iterator[dict[str, Any]]:
        """Judge partitions, in whatever order they end. Raises NoRoomError and WorkerError."""
        waiting = list(tasks)
        try:
            while waiting or any(p.task for p in self._living):
                self._fill(waiting)
                yield from self._listen(waiting)
        finally:
            self.close()

    def close(self) -> None:
        """End all processes."""
        for process in self._living:
            process.process.terminate()
        for process in self._living:
            process.process.join(5)
            process.line.close()
        self._living = []

    def _fill(self, waiting: list[Task]) -> None:
        busy = sum(1 for p in self._living if p.task)
        while len(self._living) < min(self.size, busy + len(waiting)):
            self._living.append(self._start())
        for process in self._living:
            if process.task is None and waiting:
                process.task = waiting.pop(0)
                process.line.send(process.task)

    def _start(self) -> _Process:
        here, there = self._context.Pipe()
        slot = self._context.Array("c", SLOT + 1, lock=False)
        given = (there, str(self.out), self.settings, slot)
        process = self._context.Process(target=serve, args=given, daemon=True)
        process.start()
        there.close()
        return _Process(process, here, slot)

    def _listen(self, waiting: list[Task]) -> Iterator[dict[str, Any]]:
        ready = wait([p.line for p in self._living], timeout=0.5)
        self.note(self._past + sum(p.at()[0] for p in self._living))
        for process in [p for p in self._living if p.line in ready]:
            try:
                word, answer = process.line.recv()
            except (EOFError, ConnectionError):
                self._died(process, waiting)
                continue
            process.task = None
            if word == "no room":
                raise NoRoomError(answer)
            if word == "fault":
                raise WorkerError(answer)
            yield answer

    def _died(self, process: _Process, waiting: list[Task]) -> None:
        """Judge its partition again, without the claim that has ended two workers by now; one by
        one, if nothing tells which claim it was at."""
        self._living.remove(process)
        process.line.close()
        process.process.join(5)
        task, (count, key) = process.task, process.at()
        self._past += count
        if task is None:
            return
        mark = (task.part, key)
        self._deaths[mark] += 1
        if key and self._deaths[mark] == DEATHS:
            self.give_up(key)
            task = replace(task, skip=(*task.skip, key))
        elif not key:
            task = replace(task, one_by_one=True)
        if self._deaths[mark] >= LOST:
            raise WorkerError("a worker process ended again and again; is there enough memory?")
        waiting.insert(0, task)
