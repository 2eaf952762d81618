"""Options that several commands share, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from engine.cli import exits
from engine.documents.source import Source, from_folder, from_git
from engine.documents.suggest import did_you_mean
from engine.model.problem import Problem

F = TypeVar("F", bound=Callable[..., Any])
_HERE = Path(__file__).parents[1]
# Installed, the policies stand inside the package; in a checkout, beside it.
SHIPPED = next(
    (d for d in (_HERE / "policies", _HERE.parent / "policies") if d.is_dir()),
    _HERE.parent / "policies",
)

if TYPE_CHECKING:
    _DayType = click.ParamType[date]
else:  # older releases of click know no parameter here
    _DayType = click.ParamType


class Day(_DayType):
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


def source_of(where: str | None, beside: str | None = None) -> Source:
    """The documents that `--policies` names; ends the command if there are none.

    A git revision is looked up in the repository of the folder that it is compared with
    (`beside`), else in that of this installation, else around the working folder.
    """
    folder = SHIPPED if where is None else Path(where)
    if where != "" and folder.is_dir():
        source = from_folder(folder)
    elif where and folder.is_file():
        _stop(f"`{where}` is a file; name the folder that holds payers and policies")
    else:
        source = _of_revision(where or "", beside)
    if not source.files:
        _stop(f"there are no policy documents in `{source.shown}`")
    return source


def _of_revision(rev: str, beside: str | None) -> Source:
    if beside and Path(beside).is_dir():
        folder = Path(beside).resolve()
        source, problems = from_git(rev, folder.parent, folder.name)
    else:
        repo = SHIPPED.parent if (SHIPPED.parent / ".git").exists() else Path()
        source, problems = from_git(rev, repo)
    if [p.id for p in problems] == ["unknown-revision"]:
        _stop(f"`{rev}` is neither a folder nor a git revision here")
    elif problems:
        _stop("; ".join(p.message for p in problems))
    return source


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(exits.BAD_INPUT)


def want_policy(known: Collection[str], name: str) -> None:
    """End the command if there is no policy of this id, with the nearest one that there is."""
    if name not in known:
        hint = did_you_mean(name, known) or "see `cleanclaim policy list`"
        raise click.UsageError(f"there is no policy `{name}`; {hint}")


def complain(problems: list[Problem]) -> bool:
    """Print problems to standard error; whether one of them is an error."""
    for problem in sorted(problems):
        click.echo(str(problem), err=True)
    return any(p.severity == "error" for p in problems)
