"""What every command does when something ends it early: a closed pipe, an interrupt, a fault."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

import click

from engine.cli import exits


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Turns what must not reach a user into an exit code and one line.

    A closed output pipe ends the command without a word, as other filters do. With
    ``CLEANCLAIM_DEBUG`` set, faults of the program itself show where they arose.
    """
    _speak_any_alphabet()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()
        raise SystemExit(exits.CLOSED_PIPE) from None
    except KeyboardInterrupt:
        raise SystemExit(exits.INTERRUPTED) from None
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except OSError as error:
        _say(f"`{error.filename}`: {error.strerror}" if error.filename else str(error))
        raise SystemExit(exits.BAD_INPUT) from None
    except Exception as error:
        if os.environ.get("CLEANCLAIM_DEBUG"):
            raise
        _say(
            f"a fault of the program, not of your files: {str(error) or 'no more is known'}; "
            "please report it with the command; CLEANCLAIM_DEBUG=1 shows where it arose"
        )
        raise SystemExit(exits.BAD_INPUT) from None


def _speak_any_alphabet() -> None:
    """A letter that the terminal does not know is shown as `?`."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _write_nowhere() -> None:
    """Keep the interpreter from complaining of the pipe once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    click.echo(f"cleanclaim: {message}", err=True)
