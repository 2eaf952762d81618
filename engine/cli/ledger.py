"""`cleanclaim ledger`: the commands of the session ledger, each imported when it is called."""

from __future__ import annotations

import click

from engine.cli.lazy import LazyGroup

_COMMANDS = {
    "import": ("engine.cli.ledger_import", "Take in claims, remittances and histories."),
    "sessions": ("engine.cli.ledger_sessions", "Which sessions of a patient count, and why not."),
    "next": ("engine.cli.ledger_next", "The next date on which a procedure has a place."),
    "hold": ("engine.cli.ledger_hold", "Reserve a planned service's place, or release it."),
    "status": ("engine.cli.ledger_status", "What the ledger holds, and what is complete."),
    "export": ("engine.cli.ledger_export", "Write everything as JSON lines or CSV."),
    "forget": ("engine.cli.ledger_forget", "Delete a patient, and prove it."),
}


class LedgerGroup(LazyGroup):
    """See `_COMMANDS`."""

    commands_of = _COMMANDS


@click.command("ledger", cls=LedgerGroup)
def command() -> None:
    """Keep the record of services that frequency limits are checked against."""
