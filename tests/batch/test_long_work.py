"""Long work behaves: it can be killed, interrupted, short of disk, and be gone on with."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.batch import staging
from engine.batch.judge.patient import Person
from engine.batch.work import worker
from tests.batch.corpus import batched, lines_of, outcomes, rows, told
from tests.batch.poison import poisoned, serve_poisoned


@pytest.fixture(autouse=True)
def _many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "ROWS_A_PART", 40)


def _start(corpus: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """A batch in a process group of its own, with small partitions."""
    code = (
        "import sys, engine.batch.staging as s; s.ROWS_A_PART = 40\n"
        "from engine.cli.main import main\n"
        "if __name__ == '__main__': main(sys.argv[1:], prog_name='cleanclaim')"
    )
    words = [sys.executable, "-c", code, "batch", str(corpus), "-o", str(out), *more]
    return subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)


@pytest.mark.unmeasured
@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_and_resumed_is_as_if_undisturbed(
    corpus: Path, wanted: dict[str, Any], tmp_path: Path, workers: str
) -> None:
    """One process with all that it started; of two workers the parent only, which leaves them
    alone for a moment beside those that go on."""
    out, chance, kills = tmp_path / "out", random.Random(5), 0
    for attempt in range(3):
        running = _start(corpus, out, "--workers", workers, "--resume")
        while not attempt and running.poll() is None and not any(out.glob(".work/done/*.json")):
            time.sleep(0.05)  # the first kill leaves something that is done
        time.sleep(chance.uniform(0.2, 2.5) if attempt else 0)
        kills += running.poll() is None
        if running.poll() is None and workers == "1":
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
        running.communicate()
    if not (out / "run.json").exists() or not told(out)["complete"]:
        batched(str(corpus), "-o", str(out), "--workers", "1", "--resume")
    assert kills
    assert outcomes(out) == wanted
    assert told(out)["complete"]


@pytest.mark.unmeasured
def test_an_interrupt_leaves_what_is_whole(
    few: Path, few_wanted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        after(patch, 2, KeyboardInterrupt())
        shown = batched(str(few), "-o", str(out), "--workers", "1", code=130)
    assert "--resume" in shown
    assert told(out)["complete"] is False
    assert len(rows(out, "claims")) == told(out)["claims"]["judged"] < len(few_wanted)
    assert "is not empty" not in batched(str(few), "-o", str(out), "--resume")
    assert outcomes(out) == few_wanted


@pytest.mark.unmeasured
def test_a_full_disk_is_a_message(
    few: Path, few_wanted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        after(patch, 2, OSError(errno.ENOSPC, "No space left on device"))
        shown = batched(str(few), "-o", str(out), "--workers", "1", code=2)
    assert "the disk is full" in shown
    assert len(rows(out, "claims")) == told(out)["claims"]["judged"] < len(few_wanted)
    batched(str(few), "-o", str(out), "--workers", "1", "--resume")
    assert outcomes(out) == few_wanted


def after(patch: pytest.MonkeyPatch, parts: int, error: BaseException) -> None:
    """Let writing fail once so many partitions are done."""
    done, write = list[Any](), worker.write

    def failing(file: Any, table: Any) -> None:
        done.append(table)
        if len(done) > 3 * parts:
            raise error
        write(file, table)

    patch.setattr(worker, "write", failing)


def test_changed_files_are_not_gone_on_with(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, out = tmp_path / "mine.jsonl", tmp_path / "out"
    mine.write_text(few.read_text("utf-8"), "utf-8")
    words = [str(mine), "-o", str(out), "--workers", "1"]
    with monkeypatch.context() as patch:
        after(patch, 1, KeyboardInterrupt())
        batched(*words, code=130)
    assert "--resume goes on" in batched(*words, code=2)
    assert "--payer was not given then" in batched(*words, "--resume", "--payer", "aetna", code=2)
    mine.write_text(few.read_text("utf-8") + "\n", "utf-8")
    assert "changed since" in batched(*words, "--resume", code=2)


def test_a_claim_that_fails_costs_itself(
    few: Path, few_wanted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, whole = sorted(few_wanted)[7], Person.history

    def failing(self: Person, key: str) -> Any:
        claim = self.claims[key][0]
        if claim is not None and claim.claim_id == poisoned:
            raise RecursionError("too deep")
        return whole(self, key)

    monkeypatch.setattr(Person, "history", failing)
    batched(str(few), "-o", str(tmp_path / "out"), "--workers", "1", code=2)
    (entry,) = lines_of(tmp_path / "out" / "quarantine.jsonl")
    assert (entry["claim_id"], entry["code"]) == (poisoned, "fault")
    rest = {claim: said for claim, said in few_wanted.items() if claim != poisoned}
    assert outcomes(tmp_path / "out") == rest
    assert told(tmp_path / "out")["claims"]["quarantined"] == 1


@pytest.mark.parametrize("places", ["together,alone", "alone"])
def test_a_plain_claim_that_fails_costs_itself(
    plain: Path,
    plain_wanted: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    places: str,
) -> None:
    poison, heard = sorted(plain_wanted)[7], list[tuple[str, str]]()

    def failing(where: str, claim_id: str) -> None:
        heard.append((where, claim_id))
        if claim_id == poison and where in places.split(","):
            raise RecursionError("too deep")

    poisoned(failing, monkeypatch.setattr)
    code = 2 if "together" in places else None
    batched(str(plain), "-o", str(tmp_path / "out"), "--workers", "1", code=code)
    assert ("together", poison) in heard
    gone = {entry["claim_id"] for entry in lines_of(tmp_path / "out" / "quarantine.jsonl")}
    assert gone == ({poison} if code else set())
    assert (("alone", poison) in heard) == bool(code)
    assert outcomes(tmp_path / "out") == {c: s for c, s in plain_wanted.items() if c not in gone}


@pytest.mark.parametrize("where", ["Plain.__call__", "Wide.written"])
def test_what_fails_for_many_claims_costs_none(
    plain: Path,
    plain_wanted: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(f"engine.batch.judge.together.{where}", failing)
    batched(str(plain), "-o", str(tmp_path / "out"), "--workers", "1")
    assert outcomes(tmp_path / "out") == plain_wanted


@pytest.mark.parametrize("places", ["together,alone", "columns"])
def test_a_plain_claim_that_ends_its_worker_costs_itself(
    plain: Path,
    plain_wanted: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    places: str,
) -> None:
    """Where only reading by columns ends there, it costs nothing."""
    poison, out = sorted(plain_wanted)[7], tmp_path / "out"
    monkeypatch.setenv("CLEANCLAIM_TEST_POISON", f"{poison},{places}")
    monkeypatch.setattr("engine.batch.work.pool.serve", serve_poisoned)
    code = None if places == "columns" else 2
    batched(str(plain), "-o", str(out), "--workers", "2", code=code)
    gone = {(entry["claim_id"], entry["code"]) for entry in lines_of(out / "quarantine.jsonl")}
    assert gone == ({(poison, "worker-ended")} if code else set())
    assert outcomes(out) == {c: s for c, s in plain_wanted.items() if not code or c != poison}


def test_a_claim_that_ends_its_worker_costs_itself(
    few: Path, few_wanted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = sorted(few_wanted)[7]
    monkeypatch.setenv("CLEANCLAIM_TEST_POISON", f"{poison},alone")
    monkeypatch.setattr("engine.batch.work.pool.serve", serve_poisoned)
    batched(str(few), "-o", str(tmp_path / "out"), "--workers", "2", code=2)
    (entry,) = lines_of(tmp_path / "out" / "quarantine.jsonl")
    assert (entry["claim_id"], entry["code"]) == (poison, "worker-ended")
    assert outcomes(tmp_path / "out") == {c: s for c, s in few_wanted.items() if c != poison}


@pytest.mark.unmeasured
def test_two_workers_say_what_one_says(
    corpus: Path, wanted: dict[str, Any], tmp_path: Path
) -> None:
    out = {}
    for workers in ("1", "2"):
        out[workers] = tmp_path / workers
        batched(str(corpus), "-o", str(out[workers]), "--workers", workers)
    assert outcomes(out["1"]) == outcomes(out["2"]) == wanted
    for name in ("claims", "findings", "needs"):
        assert rows(out["1"], name) == rows(out["2"], name)
