"""A small corpus with histories and records, and what `check` says of it, made once a session."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.cli.run import run

CLAIMS = 60
FINDING = (
    "rule", "lines", "finding", "group_code", "carc", "rarc", "message", "source", "locator",
    "evidence", "interpretations", "exception", "remedy",
)  # fmt: skip
NEED = ("rule", "lines", "depends_on", "fact", "question")
COUNTS = ("met", "violated", "undecided", "not_applicable", "not_judged", "no_policy")


def make(folder: Path, claims: int = CLAIMS, topic: str = "") -> Path:
    """A corpus in `folder`; the file of its claims."""
    words = ("--claims", str(claims), "--seed", "11", "--topic", topic)
    done = run("sample", *words, "--to", str(folder))
    assert done.exit_code == 0, done.output
    return folder / "claims.jsonl"


def checked(*words: str) -> dict[str, dict[str, Any]]:
    """What `check` prints, by claim."""
    done = run("check", *words, "--format", "jsonl")
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return {r["claim_id"]: r for r in map(json.loads, lines)}


def batched(*words: str, code: int | None = None) -> str:
    """Run a batch in this process; what it prints."""
    done = run("batch", *words)
    if code is None:
        assert done.exit_code in (0, 1, 3), done.output
    else:
        assert done.exit_code == code, done.output
    return done.output


def rows(out: Path, name: str) -> list[dict[str, Any]]:
    """The rows of one output."""
    found: list[dict[str, Any]] = pq.read_table(out / name).to_pylist()
    return found


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def told(out: Path) -> dict[str, Any]:
    """run.json."""
    found: dict[str, Any] = json.loads((out / "run.json").read_text("utf-8"))
    return found


def outcomes(out: Path) -> dict[str, Any]:
    """What a batch wrote of each claim, in the shape of `expected`."""
    found: dict[str, Any] = {}
    findings, needs = _by_claim(rows(out, "findings")), _by_claim(rows(out, "needs"))
    for row in rows(out, "claims"):
        claim = row["claim_id"]
        found[claim] = (
            row["verdict"],
            row["book"],
            [row[name] for name in COUNTS],
            [_finding(f) for f in findings[claim]],
            [[n[name] for name in NEED] for n in needs[claim]],
        )
    return found


def _finding(row: dict[str, Any]) -> list[Any]:
    remedy = row["remedy"] and json.loads(row["remedy"])
    return [*(row[name] for name in FINDING[:-1]), remedy]


def _by_claim(found: Iterable[dict[str, Any]]) -> defaultdict[str, list[dict[str, Any]]]:
    by_claim = defaultdict(list)
    for row in found:
        by_claim[row["claim_id"]].append(row)
    return by_claim


def expected(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The same of what `check` said."""
    return {claim: _expected(result) for claim, result in results.items()}


def _expected(result: dict[str, Any]) -> Any:
    findings = [
        [f["rule"], f["lines"], f["finding"], f["group"], f["carc"], f["rarc"], f["message"],
         *f["cites"].values(), f["interpretations"], f["exception"], f["remedy"]]
        for f in result["findings"]
    ]  # fmt: skip
    nothing = [{"fact": None, "question": None}]
    needs = [
        [n["rule"], n["lines"], n["depends_on"], f["fact"], f["question"]]
        for n in result["needs"]
        for f in n["facts"] or nothing
    ]
    counts = [result["checked"][name] for name in COUNTS]
    return result["verdict"], result["made_of"]["book"], counts, findings, needs
