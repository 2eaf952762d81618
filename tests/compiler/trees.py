"""The good tree of this folder, with edits: small policies folders that live in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.compiler.library import Library
from engine.compiler.lint import lint
from engine.documents.load import load_tree
from engine.documents.source import Source
from engine.model.problem import Problem

TREE = Path(__file__).parent / "tree"
Edit = tuple[str, str, str]
"""A file, the text that stands in it exactly once, and the text to put there."""

BLOCKS = "medicare/national/blocks/policy.yaml"
EPIDURALS = "medicare/national/epidurals/policy.yaml"
PALMETTO = "medicare/contractors/palmetto/blocks/policy.yaml"
CGS = "medicare/contractors/cgs/blocks/policy.yaml"


def tree() -> dict[str, bytes]:
    """The files of the good tree by their path."""
    files = (path for path in sorted(TREE.rglob("*")) if path.is_file())
    return {path.relative_to(TREE).as_posix(): path.read_bytes() for path in files}


def edited(edits: Iterable[Edit], more: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """The good tree after some edits and with more files."""
    files = tree()
    for file, old, new in edits:
        text = files[file].decode()
        assert text.count(old) == 1, f"{file} holds `{old}` {text.count(old)} times"
        files[file] = text.replace(old, new).encode()
    return files | {file: text.encode() for file, text in (more or {}).items()}


def linted(files: Mapping[str, bytes]) -> list[Problem]:
    """Everything that lint says of a tree."""
    return lint(Source(dict(files), ""))[1]


def library(files: Mapping[str, bytes] | None = None) -> Library:
    """The documents of a tree that has no problem."""
    documents, problems = load_tree(dict(files or tree()))
    assert problems == []
    return Library(documents, problems)
