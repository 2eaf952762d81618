"""One batch from its inputs to its outputs: what is done once, and what a later start goes on with.

Everything that is not output lies in a hidden folder below the output and is deleted at the end:
what was to be done, the lines that matter, and a mark for each partition that is done.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.batch.account import Account, read_run
from engine.batch.database import connect
from engine.batch.inputs import Input
from engine.batch.inputs.reading import Refused
from engine.batch.inputs.tables import quoted
from engine.batch.judge import Judge
from engine.batch.lock import WORK, held
from engine.batch.marks import difference, marks_of
from engine.batch.schemas import OUTPUTS
from engine.batch.settings import Settings
from engine.batch.staging import Fetch, Staged, Stager
from engine.batch.staging.relevance import relevance
from engine.batch.staging.trigger import Relevance
from engine.batch.stop import stoppable
from engine.batch.told import DONE, NoRoomError, room, write_json
from engine.batch.work.judging import Judging
from engine.model.claim import Payer

if TYPE_CHECKING:
    from engine.ledger.store import Ledger

BEGUN, STATE = "begun.json", "state.json"


@dataclass
class Batch:
    """What is to be done. `options` are written down; a later start must have the same ones."""

    out: Path
    inputs: Sequence[Input]
    settings: Settings
    options: dict[str, Any]
    history: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    workers: int = 1
    spark: str | None = None
    json_lines: bool = False
    ledger: Ledger | None = None
    note: Callable[[str, int, int], None] = lambda _what, _done, _total: None

    @cached_property
    def account(self) -> Account:
        """What the batch says of itself."""
        return Account(self.out, self.settings, self.inputs, self.options)

    @property
    def work(self) -> Path:
        """The hidden folder."""
        return self.out / WORK

    @cached_property
    def marks(self) -> dict[str, Any]:
        """What tells whether a later start would give the same."""
        beside = [Input(Path(p), "claims") for p in (*self.history, *self.documentation)]
        return marks_of(self.account.policies, self.options, [*self.inputs, *beside])

    def begun(self) -> bool:
        """Whether the folder holds a batch that can be gone on with."""
        return (self.work / BEGUN).exists() and not self.complete()

    def read(self) -> bool:
        """Whether all inputs were read, and the ledger, if there is one."""
        return (self.work / STATE).exists()

    def complete(self) -> bool:
        """Whether the folder holds a batch that came to its end."""
        return bool(read_run(self.out).get("complete"))

    def changed(self) -> str | None:
        """In what the batch that was begun in the folder differs from this one."""
        return difference(json.loads((self.work / BEGUN).read_text("utf-8")), self.marks)

    def run(self) -> dict[str, Any]:
        """Do what is left to do; what run.json says. Raises NoRoomError, WorkerError, HeldError,
        CountsError, StoppedError: whatever is in the folder then can be gone on with."""
        with held(self.out):
            try:
                with stoppable():
                    told = self._run()
            except BaseException as error:
                self._stopped(error)
                raise
            shutil.rmtree(self.work)
        return told

    def _run(self) -> dict[str, Any]:
        with room():
            self._begin()
            self._stage()
            self._tidy()
        note: Callable[[int], None] = lambda done: self.note(  # noqa: E731
            "claims", done, self.account.staged.wanted
        )
        Judging(self.account, self.settings, self.workers, self.spark, note).run()
        with room():
            self.account.check()
            if self.json_lines:
                self._lines()
            return self.account.write("complete")

    def _begin(self) -> None:
        """Write down what is to be done, and that it is being done."""
        for name in OUTPUTS:
            (self.out / name).mkdir(parents=True, exist_ok=True)
        if (self.work / BEGUN).exists():
            self.account.go_on()
        else:
            write_json(self.work / BEGUN, self.marks)
        if not self.read():
            self.account.write()

    def _stopped(self, error: BaseException) -> None:
        """Say in run.json what ended the run, if there is room to say anything."""
        for spare in ("spill", "for-spark", "from-spark"):
            shutil.rmtree(self.work / spare, ignore_errors=True)
        self._drop_drafts()
        interrupted = isinstance(error, KeyboardInterrupt)
        why = "the disk is full" if isinstance(error, NoRoomError) else str(error)
        with contextlib.suppress(OSError):
            self.account.write(*(("interrupted",) if interrupted else ("stopped", why)))

    def _drop_drafts(self) -> None:
        for path in self.work.glob("*.draft"):
            path.unlink(missing_ok=True)

    def _lines(self) -> None:
        """The rows as JSON lines beside the Parquet files."""
        with connect(self.work, 1) as database:
            for name in OUTPUTS:
                rows = f"read_parquet({quoted(str(self.out / name / '*.parquet'))})"
                draft = self.work / f"{name}.jsonl"
                database.execute(f"COPY (FROM {rows}) TO {quoted(str(draft))} (FORMAT json)")
                draft.replace(self.out / f"{name}.jsonl")

    def _stage(self) -> None:
        """What can matter, brought into partitions, unless that was done before."""
        path = self.work / STATE
        if self.read():
            staged = _read_staged(path)
        else:
            for left in self.work.iterdir():
                if left.is_dir():
                    shutil.rmtree(left)
            staged = self._stager().run(self._relevance)
            write_json(path, asdict(staged))
        self.account.staged = staged
        if staged.ledger:
            day = date.fromisoformat(staged.ledger["day"])
            self.settings = replace(self.settings, ledger_day=day)

    def _stager(self) -> Stager:
        return Stager(
            self.work,
            self.inputs,
            self.history,
            self.documentation,
            self.workers,
            lambda done: self.note("claims read", done, 0),
            self._fetch(),
        )

    def _fetch(self) -> Fetch | None:
        """What asks the ledger, if there is one."""
        if self.ledger is None:
            return None
        from engine.batch.staging.ledgered import Fetcher

        assert self.settings.ledger_day is not None
        note = lambda done: self.note("patients looked up in the ledger", done, 0)  # noqa: E731
        return Fetcher(self.ledger, self.settings.ledger_day, note)

    def _relevance(self, plans: frozenset[str]) -> Relevance:
        """What can matter to any book of the payers; kept, as the books are."""
        judge = Judge(self.settings)
        name = f"relevance {self.settings.payer!r} {sorted(plans)}"
        rooms = ("chain", "batch/staging")
        return judge.shelf.kept(name, Relevance, rooms, lambda: self._of_books(judge, plans))

    def _of_books(self, judge: Judge, plans: frozenset[str]) -> Relevance:
        directory, found = judge.shelf.directory, Relevance()
        only = directory.payer(Payer(self.settings.payer)) if self.settings.payer else None
        for name, entry in directory.payers.items():
            if only in (None, name):
                for contractor in (None, *entry.contractors):
                    for plan in (None, *(plans if entry.by_plan else ())):
                        found |= relevance(judge.book((name, contractor, plan)))
        return found

    def _tidy(self) -> None:
        """Take away parts of partitions that were not done."""
        done = {path.stem for path in (self.work / DONE).glob("*.json")}
        for name in OUTPUTS:
            for path in (self.out / name).glob("part-*.parquet"):
                if path.stem.removeprefix("part-") not in done:
                    path.unlink()
        self._drop_drafts()
        self.account.write()


def _read_staged(path: Path) -> Staged:
    said = json.loads(path.read_text("utf-8"))
    for name in ("refused", "remarks"):
        said[name] = [Refused(**entry) for entry in said[name]]
    return Staged(**said)
