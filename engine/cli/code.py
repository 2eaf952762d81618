"""`cleanclaim code`: what a code is, when it is valid, what replaced it and what touches it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from engine.analysis.codes import about_code
from engine.cli import exits
from engine.cli.options import Day, complain, policies, source_of
from engine.compiler.shelf import Shelf
from engine.report.code_text import code_lines


@click.command("code")
@click.argument("code", metavar="CODE")
@click.option("--on", type=Day(), metavar="DATE", help="Day of the service; default: today.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@policies
def command(
    code: str, on: date | None, format_: str, policies_: str | None, known_on: date | None
) -> None:
    """Say what CODE is, when it may be billed, what replaced it, and which rules touch it.

    \b
    cleanclaim code 62311
    cleanclaim code M54.5 --on 2021-10-01
    """
    shelf = Shelf(source_of(policies_), known_on)
    found = about_code(shelf, code.upper(), on or date.today())  # noqa: DTZ011  # the user's day
    if complain([p for p in shelf.problems if p.severity == "error"]):
        raise SystemExit(exits.BAD_INPUT)
    if not found.known:
        click.echo(f"nothing here names the code `{found.code}`", err=True)
        raise SystemExit(exits.BAD_INPUT)
    shown = {**asdict(found), "on": found.on.isoformat()}
    if format_ == "json":
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False, default=str))
        return
    for line in code_lines(shown):
        click.echo(line)
