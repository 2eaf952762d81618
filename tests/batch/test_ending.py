"""What ends a batch from outside leaves an account that is true, and a report that says so."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.batch import staging
from engine.batch.lock import held
from tests.batch.corpus import batched, outcomes, told
from tests.cli.run import run

_BUSY = """
import sys, time
import engine.batch.staging as s
from engine.batch.judge import Judge
s.ROWS_A_PART = 40
where = sys.argv.pop(1)
if where == "database":
    s.Stager.run = lambda self, _: s.connect(self.work, 1).execute(
        "SELECT sum(hash(range)) FROM range(100_000_000_000)").fetchall()
if where == "judging":
    whole = Judge._one
    Judge._one = lambda self, *given: (time.sleep(0.2), whole(self, *given))
from engine.cli.main import main
if __name__ == "__main__":
    main(sys.argv[1:], prog_name="cleanclaim")
"""


def begun(where: str, corpus: Path, out: Path) -> subprocess.Popen[str]:
    """A batch that is in the midst of something."""
    words = ["batch", str(corpus), "-o", str(out), "--workers", "1", "--payer", "aetna"]
    given = [sys.executable, "-c", _BUSY, where, *words]
    running = subprocess.Popen(given, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while not (out / "run.json").exists() or (
        where == "judging" and not told(out)["claims"]["read"]
    ):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    return running


def _reached(where: str, out: Path) -> bool:
    if not (out / "run.json").exists():
        return False
    return where == "database" or bool(told(out)["claims"]["read"])


@pytest.mark.parametrize("where", ["database", "judging"])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_request_to_end(corpus: Path, tmp_path: Path, where: str, name: str) -> None:
    out, number = tmp_path / "out", getattr(signal, name)
    running = begun(where, corpus, out)
    said = told(out)
    assert (said["state"], said["complete"], said["ended"]) == ("running", False, None)
    assert "is still going" in run("report", str(out), "--format", "text").output
    more = ["--workers", "1", "--payer", "aetna"]
    assert "another process is working on" in batched(
        str(corpus), "-o", str(out), *more, "--resume", code=2
    )
    running.send_signal(number)
    _, shown = running.communicate(timeout=20)
    assert running.returncode == 128 + number, shown
    assert "the same command with --resume goes on" in shown
    said = told(out)
    assert (said["state"], said["complete"]) == ("interrupted", False)
    assert said["ended"]
    report = run("report", str(out), "--format", "text")
    assert report.exit_code == 0
    assert "it was interrupted" in report.output


def test_a_kill(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    running = begun("judging", corpus, out)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    assert told(out)["state"] == "running"
    assert "it was cut off" in run("report", str(out), "--format", "text").output
    words = [str(corpus), "-o", str(out), "--workers", "1", "--payer", "aetna"]
    assert "holds a batch that was interrupted" in batched(*words, code=2)
    before = told(out)["seconds"]
    batched(*words, "--resume")
    assert (told(out)["state"], told(out)["complete"], told(out)["why"]) == ("complete", True, None)
    assert told(out)["seconds"] > before
    assert "is complete; there is nothing to go on with" in batched(*words, "--resume", code=2)
    assert "is complete; name another folder" in batched(*words, code=2)


def test_a_disk_that_is_full_while_files_are_read(
    corpus: Path, wanted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, words = tmp_path / "out", [str(corpus), "-o", str(tmp_path / "out"), "--workers", "1"]
    with monkeypatch.context() as patch:

        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        patch.setattr(staging.Stager, "run", full)
        assert "the disk is full" in batched(*words, code=2)
    assert (told(out)["state"], told(out)["why"]) == ("stopped", "the disk is full")
    assert "it stopped (run.json says why)" in run("report", str(out), "--format", "text").output
    batched(*words, "--resume")
    assert outcomes(out) == wanted


def test_a_claim_that_was_given_up_stays_so(
    corpus: Path, wanted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after a claim was given up and before its partition was done."""
    out, words = tmp_path / "out", [str(corpus), "-o", str(tmp_path / "out"), "--workers", "1"]
    gone = sorted(wanted)[3]

    def first(self: Any) -> None:
        lines = corpus.read_text("utf-8").splitlines()
        (n,) = (n for n, line in enumerate(lines) if f'"{gone}"' in line)
        self._give_up(f"0-{n}")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("engine.batch.work.judging.Judging.run", first)
        batched(*words, code=130)
    batched(*words, "--resume", code=2)
    assert outcomes(out) == {claim: said for claim, said in wanted.items() if claim != gone}
    assert told(out)["claims"]["quarantined"] == 1


def test_a_folder_that_is_no_batch_is_not_touched(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    for more in ([], ["--resume"]):
        assert "is not empty" in batched(str(corpus), "-o", str(out), *more, code=2)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
    assert "is a file" in batched(str(corpus), "-o", str(out / "mine.txt"), code=2)
    with held(tmp_path / "other"):
        shown = batched(str(corpus), "-o", str(tmp_path / "other"), code=2)
    assert "another process" in shown
