"""Has the partitions of a batch judged that are not done: here, by processes, or on Spark."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from engine.batch.account import LOST, RUN, Account
from engine.batch.inputs.reading import Refused
from engine.batch.lock import WORK
from engine.batch.settings import Settings
from engine.batch.staging.records import claims_named, parts_of
from engine.batch.told import room, write_json
from engine.batch.work.pool import Pool
from engine.batch.work.worker import Task, Worker

EVERY = 20.0
"""Seconds after which run.json is written anew, so that it is nearly right after a kill."""


@dataclass
class Judging:
    """What is left to judge of a batch. `note` hears how many claims are done."""

    account: Account
    settings: Settings
    workers: int
    spark: str | None
    note: Callable[[int], None]
    _written: float = field(default_factory=time.monotonic)

    @property
    def work(self) -> Path:
        """The hidden folder."""
        return self.account.out / WORK

    def run(self) -> None:
        """Judge it. Raises NoRoomError and WorkerError."""
        done = {n for mark in self.account.marks() for n in (mark["part"], *mark["together"])}
        left = [n for n in parts_of(self.work, self.account.staged.parts) if n not in done]
        skip = (*self.account.staged.torn, *self.account.lost)
        tasks, before = [Task(n, skip) for n in left], self.account.judged
        if self.spark and left:
            from engine.batch.work.spark import judge_on_spark

            judge_on_spark(self.spark, self.account.out, self.settings, left, skip)
        elif self.workers == 1 and left:
            self._alone(tasks, before)
        elif left:
            self._together(tasks, before)

    def _alone(self, tasks: list[Task], before: int) -> None:
        worker = Worker(self.account.out, self.settings)
        for task in tasks:
            self.note(before)
            before += worker.run(task).judged
            self._say()

    def _together(self, tasks: list[Task], before: int) -> None:
        size = min(self.workers, len(tasks))
        note: Callable[[int], None] = lambda count: self.note(before + count)  # noqa: E731
        for _ in Pool(self.account.out, self.settings, size, note, self._give_up).run(tasks):
            self._say()

    def _say(self) -> None:
        if time.monotonic() - self._written > EVERY:
            self._written = time.monotonic()
            with room():
                write_json(self.account.out / RUN, self.account.told())

    def _give_up(self, key: str) -> None:
        """Note a claim that ended every worker that judged it, before the others go on."""
        ((claim_id, file),) = claims_named(self.work, [key]).values()
        reason = "the worker process ended twice while it judged this claim"
        hint = "judge it alone with `cleanclaim check`; please report what you see"
        entry = Refused(file, f"key {key}", claim_id, "worker-ended", reason, hint)
        write_json(self.work / LOST, {**self.account.lost, key: asdict(entry)})
