"""Options that several commands share, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.documents.source import Source, from_folder, from_git
from engine.model.problem import Problem

F = TypeVar("F", bound=Callable[..., Any])
SHIPPED = Path(__file__).parents[2] / "policies"


class Day(click.ParamType[date]):
    """A date as 2026-03-04."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is no date; write it as 2026-03-04", param, ctx)


def policies(command: F) -> F:
    """`--policies` and `--known-on`."""
    command = click.option(
        "--known-on",
        type=Day(),
        metavar="DATE",
        help="Use only what was published by this day (what could be known then).",
    )(command)
    return click.option(
        "--policies",
        "policies_",
        metavar="DIR|GIT-REV",
        help="A folder of policies, or a git revision whose policies/ to use. "
        "Default: the policies of this installation.",
    )(command)


def source_of(where: str | None) -> Source:
    """The documents that `--policies` names; ends the command if there are none."""
    if where is None:
        return from_folder(SHIPPED)
    if Path(where).is_dir():
        return from_folder(Path(where))
    repo = SHIPPED.parent if (SHIPPED.parent / ".git").exists() else Path()
    source, problems = from_git(where, repo)
    if problems:
        complain(problems)
        click.echo(f"`{where}` is neither a folder nor a git revision here", err=True)
        raise SystemExit(2)
    return source


def complain(problems: list[Problem]) -> bool:
    """Print problems to standard error; whether one of them is an error."""
    for problem in sorted(problems):
        click.echo(str(problem), err=True)
    return any(p.severity == "error" for p in problems)
