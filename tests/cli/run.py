"""Runs the command in this process, and in one of its own where streams or signals matter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from engine.cli.main import main
from tests.compiler.trees import tree

ROOT = Path(__file__).parents[2]
TREE = "tests/compiler/tree"


def run(*words: str, given: str | bytes | None = None) -> Result:
    """A command with its two streams and its exit code; no exception is let through."""
    done = CliRunner().invoke(main, words, input=given, prog_name="cleanclaim")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    return done


def apart(*words: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-P", "-m", "engine.cli.main", *words]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **more.pop("env", {})}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, **more)


def transcript(*words: str, given: str | None = None) -> str:
    """What a person sees at the terminal: the command, both streams, the exit code."""
    done = run(*words, given=given)
    parts = [f"$ cleanclaim {' '.join(words)}\n", done.stdout]
    if done.stderr:
        parts += ["--- standard error\n", done.stderr]
    return "".join([*parts, f"--- exit code {done.exit_code}\n"])


def claim(**more: Any) -> dict[str, Any]:
    """A claim of the contract that the small tree decides."""
    return {
        "claim_id": "C-1",
        "form": "professional",
        "payer": {"id": "medicare", "contractor": "palmetto"},
        "patient": {"id": "P-1", "birth_date": "1955-03-01", "sex": "F"},
        "diagnoses": ["M54.16"],
        "lines": [
            {"number": 1, "procedure": "64490", "service_date": "2025-03-04", "units": 3},
            {"number": 2, "procedure": "64491", "service_date": "2025-03-04", "units": 1},
        ],
        **more,
    }


def write(path: Path, data: Any) -> str:
    """Write claims as JSON; the path as the command wants it."""
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def plant(folder: Path, files: dict[str, bytes] | None = None) -> str:
    """Write a tree of policies to disk."""
    for path, data in (files or tree()).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return str(folder)
