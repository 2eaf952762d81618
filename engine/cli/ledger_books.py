"""The rule books of payers for the ledger's questions: one payer, or all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from engine.chain.bound import BoundBook
from engine.cli.options import complain
from engine.compiler.shelf import Shelf
from engine.model.claim import Payer


def payers(
    shelf: Shelf, named: tuple[str, ...], contractor: str | None, state: str | None, day: date
) -> Iterator[tuple[Payer, BoundBook]]:
    """The payers named (or all), each with the book of its contractor, if one decides.

    A payer with contractors of its own is left out, with a word, where none was named for it.
    """
    directory = shelf.directory
    for name in named or tuple(directory.payers):
        folder = directory.payer(Payer(id=name, name=name))
        if folder is None:
            known = ", ".join(directory.payers)
            raise click.UsageError(f"there is no payer `{name}`; there are: {known}")
        payer = Payer(id=folder, contractor=contractor, state=state)
        entry = directory.payers[folder]
        found = directory.contractor(folder, payer, day) if entry.contractors else None
        if entry.contractors and found is None:
            hint = f"name one with --state or --contractor ({', '.join(entry.contractors)})"
            if contractor and len(named) == 1:
                raise click.UsageError(f"{folder} has no contractor `{contractor}`")
            click.echo(f"{folder} is left out: its contractor decides; {hint}", err=True)
            continue
        book = shelf.book(folder, found, None)
        if any(p.severity == "error" for p in shelf.problems):
            complain(shelf.problems)
            raise SystemExit(2)
        yield Payer(id=folder, contractor=found, state=state), BoundBook(book)
