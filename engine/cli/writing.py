"""Asks for what a command needs, and writes documents only when they hold together."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from engine.cli import exits
from engine.cli.options import SHIPPED, complain
from engine.compiler.lint import lint
from engine.documents.source import Source, from_folder


def asked(value: str | None, flag: str, question: str) -> str:
    """The value of a flag; a person at a terminal is asked for it."""
    if value:
        return value
    if sys.stdin.isatty():
        answer: str = click.prompt(question)
        return answer
    raise click.UsageError(f"say {flag}: {question[0].lower()}{question[1:]}")


def root_of(policies: str | None) -> Path:
    """The folder to write in."""
    root = Path(policies) if policies else SHIPPED
    if not root.is_dir():
        raise click.UsageError(f"there is no folder `{root}`")
    return root


def put(root: Path, files: Mapping[str, str]) -> None:
    """Write files by their paths below the root, unless they bring a new error with them."""
    before = from_folder(root)
    old = {str(p) for p in lint(before)[1] if p.severity == "error"}
    after = {**before.files, **{path: text.encode() for path, text in files.items()}}
    found = [p for p in lint(Source(after, before.shown))[1] if p.severity == "error"]
    new = [p for p in found if str(p) not in old]
    if new:
        complain(new)
        click.echo("nothing was written: the documents would have these errors", err=True)
        raise SystemExit(exits.BAD_INPUT)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
        click.echo(f"wrote {root / path}")
