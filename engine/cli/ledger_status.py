"""`cleanclaim ledger status`: what the ledger holds, and what of it is known to be complete."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from engine.cli.ledger_options import format_option, ledger_option, opened, told


@click.command("status")
@click.argument("patient", required=False, metavar="[PATIENT]")
@ledger_option()
@format_option
def command(patient: str | None, ledger_: str, format_: str) -> None:
    """Say what the ledger holds, of all patients or of PATIENT, and what is complete."""
    with told(ledger_):
        from engine.ledger.summary import summary

        ledger = opened(ledger_)
        found = summary(ledger, patient)
    if format_ == "json":
        click.echo(json.dumps(asdict(found), indent=2, default=str))
        return
    click.echo(f"{found.place}: {found.database}, tables {found.tables}")
    click.echo(f"identifiers: {found.identifiers}")
    for name, count in found.counts.items():
        click.echo(f"{name}: {count:,}")
    for status, count in sorted(found.lines.items()):
        click.echo(f"lines {status}: {count:,}")
    if found.first:
        click.echo(f"services from {found.first} to {found.last}")
    for span in found.complete:
        click.echo(span)
    if patient is not None and not found.complete:
        click.echo("nothing of this patient is known to be complete")
