"""`cleanclaim policy diff`: what differs between two states of the policies, in words."""

from __future__ import annotations

import json
from datetime import date

import click

from engine.analysis.diff import compare
from engine.analysis.diff.words import as_data, lines, markdown
from engine.cli.options import Day
from engine.cli.sides import side_of


@click.command("diff")
@click.argument("base", required=False, metavar="[BASE]")
@click.argument("head", required=False, metavar="[HEAD]")
@click.option("--on", "on", type=Day(), metavar="DATE", help="Look at services of this day only.")
@click.option(
    "--and", "and_", type=Day(), metavar="DATE", help="With --on: compare with this day instead."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
def command(
    base: str | None, head: str | None, on: date | None, and_: date | None, format_: str
) -> None:
    """Say what HEAD changes in BASE: rules new, ended, loosened, tightened, clause by clause.

    BASE and HEAD are folders or git revisions; HEAD is the policies as they lie here if left out.

    \b
    cleanclaim policy diff main
    cleanclaim policy diff v1 v2 --format markdown
    cleanclaim policy diff --on 2024-06-30 --and 2024-07-07
    """
    if base is None and (on is None or and_ is None):
        raise click.UsageError("name a BASE (a folder or a git revision), or --on and --and")
    if and_ is not None and on is None:
        raise click.UsageError("`--and` is the second day; name the first with --on")
    later = and_ or on
    one = side_of(base, on, head)
    two = side_of(head if head or and_ is None else base, later)
    found = compare(one, two)
    if format_ == "json":
        click.echo(json.dumps(as_data(found), indent=2, ensure_ascii=False))
    elif format_ == "markdown":
        click.echo(markdown(found), nl=False)
    else:
        for line in lines(found):
            click.echo(line)
