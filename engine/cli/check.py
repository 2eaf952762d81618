"""`cleanclaim check`: evaluate claims, say what is wrong and what is not known."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from typing import Any

import click

from engine.cli import exits
from engine.cli.beside import beside
from engine.cli.engines import ENGINES, chain_of
from engine.cli.evaluation import Desk, stop_if_broken
from engine.cli.ledger_check import close_ledger, ledger_options, lend_ledger
from engine.cli.ledger_options import told
from engine.cli.options import complain, policies, source_of
from engine.cli.progress import Progress
from engine.compiler.shelf import Shelf
from engine.documents.digest import tree_digest
from engine.model.problem import Problem
from engine.report.formats import WRITERS, closing
from engine.report.made_of import made_of
from engine.report.result import result


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("--payer", metavar="ID", help="Judge every claim by this payer's policies.")
@click.option(
    "--history", multiple=True, metavar="FILE", help="Earlier services, and what they cover."
)
@click.option(
    "--documentation", multiple=True, metavar="FILE", help="What the record states, by claim."
)
@click.option(
    "--alone",
    is_flag=True,
    help="Do not read NAME-history and NAME-documentation files that lie beside a claim file.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(WRITERS)),
    default="text",
    show_default=True,
    help="text for people, json an array, jsonl one object a line.",
)
@click.option(
    "--without-record",
    is_flag=True,
    help="Leave out the rules that only documentation could decide, and say how many.",
)
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="stratified",
    show_default=True,
    help="The chain that decides; both runs two and refuses where they differ.",
)
@ledger_options
@policies
def command(
    files: tuple[str, ...],
    payer: str | None,
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    alone: bool,
    format_: str,
    without_record: bool,
    engine: str,
    ledger_: str | None,
    commit: bool,
    commit_undecided: bool,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Evaluate claims: JSON, JSON lines, YAML, FHIR R4 or X12 837; - is standard input.

    \b
    cleanclaim check claim.json
    cleanclaim check batch.837 --history history.json --documentation record.json
    """
    shelf = Shelf(source_of(policies_), known_on)
    desk = Desk(shelf, payer, chain_of(engine))
    judge = partial(result, without_record=without_record)
    with told(ledger_):
        lend_ledger(desk, ledger_, judge, commit=commit, undecided=commit_undecided)
        _open(desk, files, history, documentation, alone=alone)
        verdicts, bad = _run(desk, files, format_, without_record=without_record)
        refused = close_ledger(desk)
    bad = complain(desk.left_over()) or bad
    if bad:
        raise SystemExit(exits.BAD_INPUT)
    raise SystemExit(exits.FINDINGS if refused else _exit(verdicts))


def _open(
    desk: Desk,
    files: tuple[str, ...],
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    *,
    alone: bool,
) -> None:
    """Read what stands beside the claims; a broken policy document ends the command."""
    _ = desk.shelf.directory
    stop_if_broken(desk.shelf)
    desk.load_history(history if alone else beside(files, history, "history"))
    record = documentation if alone else beside(files, documentation, "documentation")
    desk.load_documentation(record)


def _run(
    desk: Desk, files: tuple[str, ...], format_: str, *, without_record: bool
) -> tuple[dict[str, int], bool]:
    verdicts: dict[str, int] = {}
    bad = complain(desk.problems)
    writer: Any = WRITERS[format_](sys.stdout)
    policies = tree_digest(desk.shelf.source) if format_ != "text" else ""
    with Progress() as progress, closing(writer, verdicts):
        for path in files:
            for item in desk.evaluate(path):
                if isinstance(item, Problem):
                    bad = complain([item]) or bad
                    continue
                shown = result(*item, without_record=without_record)
                if desk.ledger is not None:
                    desk.ledger.annotate(shown, item[0])
                if policies:
                    shown["made_of"] = made_of(*item, policies)
                verdicts[shown["verdict"]] = verdicts.get(shown["verdict"], 0) + 1
                writer.write(shown, item[0])
                progress.step()
    complain(desk.shelf.problems)
    if not verdicts and not bad:
        click.echo(f"no claim was found in {', '.join(files)}", err=True)
        bad = True
    return verdicts, bad


def _exit(verdicts: dict[str, int]) -> int:
    if verdicts.get("not_clean"):
        return exits.FINDINGS
    return exits.UNDECIDED if verdicts.get("undecided") else exits.CLEAN
