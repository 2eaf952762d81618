"""Pipes, signals and terminals: what a shell does to a command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import check
from engine.cli.main import main
from engine.report.result import result
from tests.cli.run import ROOT, TREE, apart, claim, write

COMMAND = [sys.executable, "-P", "-m", "engine.cli.main"]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}


def many(path: Path, count: int = 400) -> str:
    return write(path, [claim(claim_id=f"C-{n}") for n in range(count)])


def test_a_pipe_that_closes_ends_quietly(tmp_path: Path) -> None:
    command = [*COMMAND, "check", many(tmp_path / "claims.json"), "--policies", TREE]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
    assert said == b""
    assert process.returncode == 141


def test_an_output_that_is_closed_from_the_start(tmp_path: Path) -> None:
    path = write(tmp_path / "claim.json", claim())
    line = f'"{sys.executable}" -P -m engine.cli.main check {path} --policies {TREE} >&-'
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, env=ENV, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr


def test_an_interrupt_ends_quietly() -> None:
    """Standard input never ends, until the user loses patience.

    A shell that runs the tests in the background lets its children ignore the interrupt.
    """
    command = [*COMMAND, "check", "-", "--policies", TREE]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == (b"", b"")


def test_an_interrupt_in_the_middle_leaves_valid_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = result, []

    def impatient(*words: object, **options: object) -> object:
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(*words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(check, "result", impatient)
    words = ["check", many(tmp_path / "claims.json", 5), "--policies", TREE, "--format", "json"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 130
    assert len(json.loads(done.stdout)) == 2


def test_a_fault_of_the_program_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError("a thing that never happens")

    monkeypatch.setattr(check, "result", broken)
    monkeypatch.delenv("CLEANCLAIM_DEBUG", raising=False)
    words = ["check", write(tmp_path / "claim.json", claim()), "--policies", TREE]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert "a fault of the program" in done.stderr
    assert "a thing that never happens" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    monkeypatch.setenv("CLEANCLAIM_DEBUG", "1")
    assert isinstance(CliRunner().invoke(main, words).exception, ZeroDivisionError)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_a_terminal_that_does_not_know_a_letter(
    tmp_path: Path, encoding: str, format_: str
) -> None:
    path = write(tmp_path / "claim.json", claim(claim_id="Łódź—1"))
    words = ("check", path, "--policies", TREE, "--format", format_)
    done = apart(*words, env={"PYTHONIOENCODING": encoding})
    assert done.returncode == 1
    assert done.stderr == b""
    shown = done.stdout.decode(encoding)
    if format_ != "text":
        results = json.loads(shown)
        assert (results[0] if format_ == "json" else results)["claim_id"] == "Łódź—1"


def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    done = apart("check", os.fsdecode(b"\xff\xfe.json"), "--policies", TREE)
    assert done.returncode == 2
    assert b"cannot be read" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_lone_surrogate_in_a_claim(tmp_path: Path) -> None:
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(claim(claim_id="C\ud800-1")))
    for format_ in ("text", "json", "jsonl"):
        done = apart("check", str(path), "--policies", TREE, "--format", format_)
        assert b"Traceback" not in done.stderr
        assert b"fault of the program" not in done.stderr


def test_nothing_but_results_stands_on_standard_output(tmp_path: Path) -> None:
    path = write(tmp_path / "claim.json", claim(payer={"id": "acme"}))
    done = apart("check", path, "missing.json", "--policies", TREE, "--format", "json")
    assert done.returncode == 2
    assert len(json.loads(done.stdout)) == 1
    assert len(done.stderr.splitlines()) == 2
