"""`cleanclaim policy lint`: find mistakes in policy documents."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from engine.cli import exits
from engine.cli.options import Day, source_of
from engine.compiler.library import Library
from engine.compiler.lint import left_to_people, lint
from engine.compiler.lint_further import further
from engine.compiler.lint_revised import revised
from engine.documents.load import load_tree
from engine.documents.source import Source
from engine.model.problem import Problem


@click.command("lint")
@click.argument("where", required=False, metavar="[DIR|GIT-REV]")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="The same as the argument.")
@click.option(
    "--base",
    metavar="DIR|GIT-REV",
    help="Refuse what edits a text that is in force there, unless it is marked a correction.",
)
@click.option("--today", type=Day(), metavar="DATE", help="Lint as if this were the day.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="sarif is what code hosts show beside the lines of a change.",
)
def command(
    where: str | None,
    policies_: str | None,
    base: str | None,
    today: date | None,
    format_: str,
) -> None:
    """Read every policy document and report what is wrong, with the place and the mend.

    A source that was last read longer ago than its `review_every` is reported as a warning.

    Exit code 0: no error (there may be warnings), 2: a document is wrong.
    """
    on = today or date.today()  # noqa: DTZ011  # the day at the author's desk
    library, problems = lint(source_of(where or policies_))
    if not any(p.severity == "error" for p in problems):
        problems = sorted([*problems, *further(library, on)])
    if base is not None:
        source = source_of(base, where or policies_)
        problems = sorted([*problems, *_against(source, library, on)])
    errors = sum(p.severity == "error" for p in problems)
    if format_ == "text":
        for problem in problems:
            click.echo(str(problem))
        click.echo(_summary(library, errors, len(problems) - errors))
    else:
        click.echo(json.dumps(_data(problems, format_), indent=2, ensure_ascii=False))
    raise SystemExit(exits.BAD_INPUT if errors else exits.CLEAN)


def _against(base: Source, library: Library, today: date) -> list[Problem]:
    documents, problems = load_tree(base)
    return revised(Library(documents, problems), library, today)


def _data(problems: list[Problem], format_: str) -> Any:
    if format_ == "json":
        return [asdict(p) for p in problems]
    from engine.report.sarif import sarif

    return sarif(problems, _root())


def _root() -> Path:
    """The repository around the working folder, else that folder itself."""
    here = Path.cwd()
    return next((p for p in (here, *here.parents) if (p / ".git").exists()), here)


def _summary(library: Library, errors: int, warnings: int) -> str:
    by_hand = len(left_to_people(library))
    said = f"; {_counted(by_hand, 'rule')} left to manual review" if by_hand else ""
    found = f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
    return f"{_counted(len(library.documents), 'document')}: {found}{said}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
