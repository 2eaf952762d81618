"""Runs a command again whenever a policy document changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import click

from engine.cli.options import SHIPPED
from engine.documents.source import ENDINGS

EVERY = 0.5
"""Seconds between two looks at the folder."""


def watched(
    where: str | None, run: Callable[[], int], pause: Callable[[float], None] = time.sleep
) -> None:
    """Run, then run again after each change below the folder, until the user interrupts."""
    folder = Path(where) if where else SHIPPED
    if not folder.is_dir():
        raise click.UsageError(f"`{folder}` is no folder, and only a folder can be watched")
    state: dict[str, int] = {}
    try:
        while True:
            now = _state(folder)
            if now != state:
                state = now
                try:
                    run()
                except click.ClickException as fault:
                    fault.show()
                click.echo(f"watching {folder}; Ctrl-C ends", err=True)
            pause(EVERY)
    except KeyboardInterrupt:
        return


def _state(folder: Path) -> dict[str, int]:
    """Each document with the time at which it was last written."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix in ENDINGS:
            try:
                found[str(path)] = path.stat().st_mtime_ns
            except OSError:
                continue
    return found
