"""One batch from its inputs to its outputs: what is done once, and what a later start goes on with.

Everything that is not output lies in a hidden folder below the output and is deleted at the end:
the lines that matter, the state of the run, and a mark for each partition that is done.
"""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine import __version__
from engine.batch.inputs import Input
from engine.batch.judge import Judge
from engine.batch.pool import Pool
from engine.batch.reading import Refused
from engine.batch.records import claims_named, parts_of
from engine.batch.relevance import Relevance, relevance
from engine.batch.schemas import OUTPUTS
from engine.batch.settings import Settings
from engine.batch.staging import Staged, Stager, connect
from engine.batch.tables import quoted
from engine.batch.worker import DONE, WORK, Task, Worker, room, write_json
from engine.documents.digest import tree_digest
from engine.model.claim import Payer

STATE, RUN = "state.json", "run.json"


class CountsError(Exception):
    """Claims came in that did not come out."""


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
    note: Callable[[str, int, int], None] = lambda _what, _done, _total: None
    began: str = ""
    _books: dict[str, Any] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        """The hidden folder."""
        return self.out / WORK

    def marks(self) -> dict[str, Any]:
        """What tells whether a later start would give the same."""
        files = [given.mark() for given in self.inputs]
        files += [Input(Path(p), "claims").mark() for p in (*self.history, *self.documentation)]
        return {
            "engine": __version__,
            "policies": tree_digest(self.settings.source)[:16],
            "options": self.options,
            "files": files,
        }

    def interrupted(self) -> bool:
        """Whether the folder holds a batch that can be gone on with."""
        return (self.work / STATE).exists()

    def changed(self) -> str | None:
        """In what the interrupted batch in the folder differs from this one; None: in nothing."""
        then, now = json.loads((self.work / STATE).read_text("utf-8"))["marks"], self.marks()
        for name, what in (("engine", "the program"), ("policies", "the policies")):
            if then[name] != now[name]:
                return f"{what} changed since"
        if then["options"] != now["options"]:
            return "the options are not the same"
        was = {mark["file"]: mark for mark in then["files"]}
        for mark in now["files"]:
            if was.pop(mark["file"], None) != mark:
                return f"`{mark['file']}` changed since"
        return f"`{next(iter(was))}` was read then" if was else None

    def run(self) -> dict[str, Any]:
        """Do what is left to do; what run.json says. Raises NoRoomError, WorkerError,
        CountsError, KeyboardInterrupt: whatever is in the folder then can be gone on with."""
        begin, self.began = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
        with room():
            for name in OUTPUTS:
                (self.out / name).mkdir(parents=True, exist_ok=True)
            staged, spent = self._staged()
            self._tidy(staged)
        try:
            self._judge(staged)
            told = self._told(staged)
            _check(told)
        finally:
            told = self._told(staged)
            told["seconds"] = round(spent + time.monotonic() - begin, 3)
            with room():
                self._write(told, staged)
        if self.json_lines:
            with room():
                self._lines()
        shutil.rmtree(self.work)
        return told

    def _lines(self) -> None:
        """The rows as JSON lines beside the Parquet files."""
        with connect(self.work, 1) as database:
            for name in OUTPUTS:
                rows = f"read_parquet({quoted(str(self.out / name / '*.parquet'))})"
                draft = self.work / f"{name}.jsonl"
                database.execute(f"COPY (FROM {rows}) TO {quoted(str(draft))} (FORMAT json)")
                draft.replace(self.out / f"{name}.jsonl")

    def _staged(self) -> tuple[Staged, float]:
        """What can matter, brought into partitions, unless that was done before."""
        path = self.work / STATE
        if path.exists():
            state = json.loads(path.read_text("utf-8"))
            self.began = state["began"]
            found = Staged(**state["staged"])
            found.refused = [Refused(**entry) for entry in state["staged"]["refused"]]
            found.remarks = [Refused(**entry) for entry in state["staged"]["remarks"]]
            return found, float(state["seconds"])
        begin = time.monotonic()
        shutil.rmtree(self.work, ignore_errors=True)
        marks = self.marks()
        stager = Stager(
            self.work,
            self.inputs,
            self.history,
            self.documentation,
            self.workers,
            lambda done: self.note("claims read", done, 0),
        )
        staged = stager.run(self._relevance)
        state = {"marks": marks, "began": self.began, "staged": asdict(staged)}
        write_json(path, {**state, "seconds": time.monotonic() - begin})
        return staged, 0.0

    def _relevance(self, plans: frozenset[str]) -> Relevance:
        """What can matter to any book of the payers."""
        judge = Judge(self.settings)
        directory, found = judge.shelf.directory, Relevance()
        only = directory.payer(Payer(self.settings.payer)) if self.settings.payer else None
        for name, entry in directory.payers.items():
            if only in (None, name):
                for contractor in (None, *entry.contractors):
                    for plan in (None, *(plans if entry.by_plan else ())):
                        found |= relevance(judge.book((name, contractor, plan)))
        return found

    def _tidy(self, staged: Staged) -> None:
        """Take away parts of partitions that were not done."""
        done = {path.stem for path in (self.work / DONE).glob("*.json")}
        for name in OUTPUTS:
            for path in (self.out / name).glob("part-*.parquet"):
                if path.stem.removeprefix("part-") not in done:
                    path.unlink()
        self._write(self._told(staged), staged)

    def _judge(self, staged: Staged) -> None:
        done = {int(path.stem) for path in (self.work / DONE).glob("*.json")}
        left = [n for n in parts_of(self.work, staged.parts) if n not in done]
        tasks = [Task(n, tuple(staged.torn)) for n in left]
        before = sum(told["judged"] for told in self._marks_done())

        def note(count: int) -> None:
            self.note("claims", before + count, staged.wanted)

        if self.spark and tasks:
            from engine.batch.spark import judge_on_spark

            judge_on_spark(self.spark, self.out, self.settings, left, tuple(staged.torn))
            return
        if self.workers == 1 and tasks:
            worker = Worker(self.out, self.settings)
            for n, task in enumerate(tasks):
                note(staged.wanted * n // len(tasks))
                worker.run(task)
            return
        pool = Pool(self.out, self.settings, min(self.workers, len(tasks)), note)
        for _ in pool.run(tasks):
            pass
        lost = [key for keys in pool.gave_up.values() for key in keys]
        if lost:
            self._give_up(lost)

    def _give_up(self, keys: list[str]) -> None:
        """Note the claims that ended every worker that judged them."""
        entries = _read(self.work / "lost.json")
        for key, (claim_id, file) in claims_named(self.work, keys).items():
            reason = "the worker process ended twice while it judged this claim"
            hint = "judge it alone with `cleanclaim check`; please report what you see"
            entry = Refused(file, f"key {key}", claim_id, "worker-ended", reason, hint)
            entries.append(asdict(entry))
        write_json(self.work / "lost.json", entries)

    def _marks_done(self) -> list[dict[str, Any]]:
        paths = sorted((self.work / DONE).glob("*.json"))
        return [json.loads(path.read_text("utf-8")) for path in paths]

    def _told(self, staged: Staged) -> dict[str, Any]:
        """run.json, as far as things have come."""
        done = self._marks_done()
        lost = _read(self.work / "lost.json")
        judged = sum(told["judged"] for told in done)
        refused = len(staged.refused) + sum(len(told["refused"]) for told in done) + len(lost)
        untouched = self._untouched(staged)
        read = sum(staged.claims.values()) + sum(1 for r in staged.refused if r.code not in _KNOWN)
        verdicts: Counter[str] = Counter()
        for told in done:
            verdicts.update(told["verdicts"])
        return {
            "cleanclaim": __version__,
            "policies": tree_digest(self.settings.source)[:16],
            "books": {k: v for told in done for k, v in told["books"].items()},
            "inputs": [self._input(given, staged) for given in self.inputs],
            "began": self.began,
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": 0.0,
            "claims": {
                "read": read,
                "untouched": sum(untouched.values()),
                "judged": judged,
                "quarantined": refused,
            },
            "untouched": untouched,
            "verdicts": dict(verdicts),
            "findings": sum(told["findings"] for told in done),
            "needs": sum(told["needs"] for told in done),
            "remarks": len(staged.remarks) + sum(len(told["remarks"]) for told in done),
            "charge": {
                "read": staged.charge,
                "judged": str(sum((Decimal(told["charge"]) for told in done), Decimal())),
            },
            "complete": read == sum(untouched.values()) + judged + refused,
            "options": self.options,
        }

    def _untouched(self, staged: Staged) -> dict[str, int]:
        """Claims that nothing could be said of, by payer."""
        directory = Judge(self.settings).shelf.directory
        found: Counter[str] = Counter()
        for payer, name, identifier, count in staged.untouched:
            said = Payer(self.settings.payer or payer, name=name, identifier=identifier)
            found[directory.payer(said) or payer or name or "unknown"] += count
        return dict(sorted(found.items()))

    def _input(self, given: Input, staged: Staged) -> dict[str, Any]:
        name = given.path.name
        claims, lines = staged.claims.get(name, 0), staged.lines.get(name, 0)
        return {"file": name, "kind": given.kind, "claims": claims, "lines": lines}

    def _write(self, told: dict[str, Any], staged: Staged) -> None:
        """Write run.json, the quarantine and the remarks."""
        done = self._marks_done()
        names = _read(self.work / "lost.json")
        for what, first in (("refused", staged.refused), ("remarks", staged.remarks)):
            entries = [entry.public() for entry in first]
            entries += [entry for one in done for entry in one[what]]
            if what == "refused":
                entries += [Refused(**entry).public() for entry in names]
            file = "quarantine.jsonl" if what == "refused" else "remarks.jsonl"
            _write_lines(self.out / file, entries)
        write_json(self.out / RUN, told)


_KNOWN = ("two-patients",)
"""Refused when they were staged, and counted among the claims of their file."""


def _read(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8")) if path.exists() else []


def _write_lines(path: Path, entries: list[dict[str, Any]]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        for entry in entries:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    draft.replace(path)


def _check(told: dict[str, Any]) -> None:
    if not told["complete"]:
        claims = told["claims"]
        out = claims["untouched"] + claims["judged"] + claims["quarantined"]
        raise CountsError(f"{claims['read']:,} claims came in, and {out:,} came out")
