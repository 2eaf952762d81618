"""`cleanclaim ledger next`: the next date on which a procedure has a place."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from engine.cli import exits
from engine.cli.ledger_books import payers
from engine.cli.ledger_options import format_option, ledger_option, on_option, opened, today, told
from engine.cli.options import policies, source_of
from engine.compiler.shelf import Shelf
from engine.model.claim import Line

if TYPE_CHECKING:
    from engine.analysis.next_date import NextDate


@click.command("next")
@click.argument("patient", metavar="PATIENT")
@click.argument("procedure", metavar="PROCEDURE")
@ledger_option()
@click.option("--payer", required=True, metavar="ID", help="Whose policies count.")
@click.option("--contractor", metavar="NAME", help="The payer's contractor.")
@click.option("--state", metavar="XX", help="The state of service, which tells the contractor.")
@click.option("--modifier", multiple=True, metavar="XX", help="A modifier of the service: KX, RT.")
@click.option("--group", metavar="NAME", help="The group that would render it.")
@on_option
@format_option
@policies
def command(
    patient: str,
    procedure: str,
    ledger_: str,
    payer: str,
    contractor: str | None,
    state: str | None,
    modifier: tuple[str, ...],
    group: str | None,
    on: date | None,
    format_: str,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Find the first day, from today or --on, on which PROCEDURE breaks no limit for PATIENT.

    Counts what the ledger holds, reserved places included. Exit code 3: the record is open, so
    that the day found is only the earliest that is possible.
    """
    day = on or today()
    shelf = Shelf(source_of(policies_), known_on)
    with told(ledger_):
        from engine.analysis.frequency import planned
        from engine.analysis.next_date import next_date
        from engine.ledger.history import records

        ledger = opened(ledger_)
        with ledger.reading() as connection:
            record = records(connection, ledger.names, [patient])[patient]
        chosen = list(payers(shelf, (payer,), contractor, state, day))
        if not chosen:
            raise SystemExit(exits.BAD_INPUT)
        who, bound = chosen[0]
        modifiers = tuple(m.upper() for m in modifier)
        line = Line(1, procedure.upper(), day, modifiers, 1)
        found = next_date(bound, planned(who, patient, line, group), record, today())
    _show(found, procedure.upper(), format_)
    raise SystemExit(exits.UNDECIDED if found.open or found.day is None else exits.CLEAN)


def _show(found: NextDate, procedure: str, format_: str) -> None:
    if format_ == "json":
        click.echo(json.dumps(asdict(found), indent=2, default=str))
        return
    for obstacle in found.obstacles:
        click.echo(f"not on {obstacle.day}: {obstacle.rule}: {obstacle.why}")
    for text in found.open:
        click.echo(f"open: {text}")
    if found.assumed and found.rules and not found.open:
        click.echo(found.assumed)
    if found.day is None:
        click.echo(f"{procedure}: no day within ten years has room")
    elif not found.rules:
        click.echo(f"{procedure}: no policy of this payer limits how often or how soon")
    else:
        earliest = "at the earliest " if found.open else ""
        click.echo(f"{procedure}: next eligible {earliest}{found.day}")
