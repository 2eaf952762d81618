"""The two states of the policies that a command compares."""

from __future__ import annotations

from datetime import date

from engine.analysis.diff import Side, read_side
from engine.cli import exits
from engine.cli.options import complain, source_of


def side_of(where: str | None, on: date | None = None, beside: str | None = None) -> Side:
    """One side: a folder, a git revision (of the folder that it is compared with, `beside`), or the
    policies of this installation.

    Ends the command if a document there is wrong.
    """
    source = source_of(where, beside)
    name = where or "the policies as they lie here"
    side = read_side(source, f"{name} on {on}" if on else name, on)
    if complain([p for p in side.problems if p.severity == "error"]):
        raise SystemExit(exits.BAD_INPUT)
    return side
