"""Options that the ledger's commands share, and how its refusals are told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.cli import exits
from engine.cli.options import Day

if TYPE_CHECKING:
    from engine.ledger.store import Ledger

F = TypeVar("F", bound=Callable[..., Any])
VARIABLE = "CLEANCLAIM_LEDGER"
_LACKING = (
    "the ledger needs SQLAlchemy and alembic, which are not installed here: "
    "pip install 'cleanclaim[ledger]', or -r requirements.txt in a checkout"
)


def ledger_option(*, required: bool = True) -> Callable[[F], F]:
    """`--ledger`, else the variable CLEANCLAIM_LEDGER."""
    return click.option(
        "--ledger",
        "ledger_",
        required=required,
        envvar=VARIABLE if required else None,
        metavar="FILE|URL",
        help="The ledger: a file, sqlite:///FILE or postgresql://HOST/NAME"
        + (f"; else {VARIABLE} names it." if required else "."),
    )


def format_option(command: F) -> F:
    """`--format`."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="text for people, json for programs.",
    )(command)


def on_option(command: F) -> F:
    """`--on`."""
    return click.option("--on", type=Day(), metavar="DATE", help="As of this day. Default: today.")(
        command
    )


def today() -> date:
    """The day at this place."""
    return datetime.now().astimezone().date()


@contextlib.contextmanager
def told(ledger: str | None) -> Iterator[None]:
    """Tell a refusal of the ledger in one line that names nobody; exit code 2.

    Without a ledger there is nothing to tell, and nothing is imported.
    """
    if ledger is None:
        yield
        return
    try:
        from engine.ledger.refused import RefusedError

        try:
            yield
        except RefusedError as refusal:
            click.echo(f"ledger: {refusal}", err=True)
            raise SystemExit(exits.BAD_INPUT) from None
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("sqlalchemy", "alembic", "mako"):
            raise
        click.echo(_LACKING, err=True)
        raise SystemExit(exits.BAD_INPUT) from None


def opened(text: str, *, make: bool = False, pseudonymize: bool = False) -> Ledger:
    """The ledger at an address; it is closed when the command ends, however it ends."""
    from engine.ledger.store import open_ledger

    found = open_ledger(text, make=make, pseudonymize=pseudonymize)
    click.get_current_context().call_on_close(found.close)
    return found
