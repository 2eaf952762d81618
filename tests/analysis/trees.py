"""Small policies folders for the tests of changes: the compiler's good tree with edits."""

from __future__ import annotations

from pathlib import Path

from engine.analysis.diff import Side, read_side
from engine.documents.source import Source
from tests.compiler.trees import Edit, edited

SHIPPED = Path(__file__).parents[2] / "policies"
VALUE = "      - {from: 2021-01-01, value: 3, cites: article/sessions}\n"


def side(name: str, *edits: Edit, more: dict[str, str] | None = None) -> Side:
    """One side of a comparison."""
    found = read_side(Source(edited(edits, more), ""), name)
    assert [p for p in found.problems if p.severity == "error"] == []
    return found


def folder(root: Path, *edits: Edit, more: dict[str, str] | None = None) -> Path:
    """The tree on disk."""
    for path, data in edited(edits, more).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def run(*words: str) -> tuple[int, str]:
    """A command of the command line: its exit code and all that it prints."""
    from click.testing import CliRunner

    from engine.cli.main import main

    done = CliRunner().invoke(main, list(words), catch_exceptions=False)
    return done.exit_code, done.output
