"""Lends a ledger to `check`: its options, opening it, and the line that says what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from engine.cli.ledger_options import F, ledger_option, opened, today

if TYPE_CHECKING:
    from engine.cli.evaluation import Desk


def ledger_options(command: F) -> F:
    """`--ledger`, `--commit` and `--commit-undecided`."""
    command = click.option(
        "--commit-undecided",
        is_flag=True,
        help="Record claims, too, that are undecided and break no rule as yet.",
    )(command)
    command = click.option(
        "--commit",
        is_flag=True,
        help="Record clean claims in the ledger as they are decided, in one transaction.",
    )(command)
    return ledger_option(required=False)(command)


def lend_ledger(
    desk: Desk,
    ledger: str | None,
    judge: Callable[..., dict[str, Any]],
    *,
    commit: bool,
    undecided: bool,
) -> None:
    """Give a desk the ledger that the command names, if it names one."""
    commit = commit or undecided
    if ledger is None:
        if commit:
            raise click.UsageError("--commit records in a ledger: name it with --ledger")
        return
    from engine.cli.ledger_desk import LedgerDesk

    desk.ledger = LedgerDesk(
        opened(ledger, make=commit), today(), commit=commit, undecided=undecided, judge=judge
    )


def close_ledger(desk: Desk) -> bool:
    """Say what was recorded; whether a claim that passed could not be recorded."""
    ledger = desk.ledger
    if ledger is None:
        return False
    if ledger.commit:
        click.echo(f"recorded in the ledger: {ledger.recorded}", err=True)
        for claim_id, why in ledger.not_recorded():
            click.echo(f"not recorded: claim {claim_id}: {why}", err=True)
    return bool(ledger.refused)
