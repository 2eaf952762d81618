"""What commands print on a small tree, kept as transcripts beside this file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.run import TREE, claim, run, transcript

HERE = Path(__file__).parent / "transcripts"
COMMANDS = {
    "check": ("check", "-", "--policies", TREE),
    "check-without-record": ("check", "-", "--policies", TREE, "--without-record"),
    "check-known-on": ("check", "-", "--policies", TREE, "--known-on", "2021-04-01"),
    "explain": ("explain", "-", "--rule", "one-unit", "--policies", TREE),
    "explain-line": (
        "explain", "-", "--rule", "further-needs-first", "--line", "1", "--policies", TREE,
    ),
    "explain-nowhere": ("explain", "-", "--rule", "care-first", "--policies", TREE),
    "explain-misspelt": ("explain", "-", "--rule", "one-units", "--policies", TREE),
    "lint": ("policy", "lint", TREE),
    "test": ("policy", "test", "--policies", TREE),
    "test-one": ("policy", "test", "coding/pairs#not-together", "-v", "--policies", TREE),
    "list": ("policy", "list", "--policies", TREE),
    "list-rules": ("policy", "list", "medicare/national", "--rules", "--policies", TREE),
    "list-json": ("policy", "list", "coding", "--format", "json", "--policies", TREE),
    "show": ("policy", "show", "medicare/national/epidurals", "--policies", TREE),
    "show-rule": ("policy", "show", "medicare/national/blocks#session-limit", "--policies", TREE),
    "show-contractor": (
        "policy", "show", "medicare/contractors/cgs/blocks#session-limit", "--contractor", "cgs",
        "--on", "2024-01-01", "--policies", TREE,
    ),
    "show-misspelt": ("policy", "show", "medicare/national/block", "--policies", TREE),
    "show-wrong-contractor": (
        "policy", "show", "medicare/national/blocks", "--contractor", "palmeto", "--policies", TREE,
    ),
    "list-nothing": ("policy", "list", "medicare/nation/epi", "--policies", TREE),
    "confirm": ("policy", "confirm", "--policies", TREE),
    "unknown-option": ("check", "-", "--polices", TREE),
    "unknown-command": ("chek", "-"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_transcript(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / f"{name}.txt", transcript(*COMMANDS[name], given=json.dumps(claim())))


def test_lint_as_json(golden: Callable[[Path, str], None]) -> None:
    assert json.loads(run("policy", "lint", TREE, "--format", "json").stdout) == []


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_programs_get_what_people_get(format_: str) -> None:
    words = ("check", "-", "--policies", TREE, "--format", format_)
    done = run(*words, given=json.dumps(claim()))
    shown = json.loads(done.stdout)
    (result,) = shown if format_ == "json" else [shown]
    assert (done.exit_code, result["verdict"]) == (1, "not_clean")
    assert [f["rule"].split("#")[1] for f in result["findings"]] == [
        "further-needs-first", "one-unit", "too-often",
    ] or [f["lines"] for f in result["findings"]]  # fmt: skip


@pytest.mark.parametrize("words", [(), ("policy",)], ids=["main", "policy"])
def test_help_lists_the_commands(words: tuple[str, ...]) -> None:
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert "Commands" in done.stdout
