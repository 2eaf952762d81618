"""Reads a corpus of claims and decides each one by two states of the policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from engine.analysis.impact import Pair
from engine.chain.stratified import Decided
from engine.cli import exits
from engine.cli.beside import beside
from engine.cli.evaluation import Desk
from engine.cli.options import complain
from engine.compiler.shelf import Shelf
from engine.documents.source import Source
from engine.model.claim import History
from engine.model.problem import Problem


def pairs(
    base: Source,
    head: Source,
    claims: tuple[str, ...],
    history: tuple[str, ...] = (),
    documentation: tuple[str, ...] = (),
    payer: str | None = None,
    known_on: date | None = None,
) -> Iterator[Pair | Problem]:
    """Each claim decided twice, and what is wrong with the files.

    Histories and documentation that lie beside the claims are read as `check` reads them.
    """
    if "-" in claims:
        raise click.UsageError("claims are read twice, once for each side: name files, not `-`")
    history = beside(claims, history, "history")
    documentation = beside(claims, documentation, "documentation")
    desks = [Desk(Shelf(source, known_on), payer) for source in (base, head)]
    for desk in desks:
        _ = desk.shelf.directory
        _stop_if_broken(desk.shelf)
        desk.load_history(history)
        desk.load_documentation(documentation)
    yield from desks[1].problems
    for path in claims:
        yield from _decided(desks, path)
    yield from desks[1].left_over()


def _stop_if_broken(shelf: Shelf) -> None:
    if complain([p for p in shelf.problems if p.severity == "error"]):
        raise SystemExit(exits.BAD_INPUT)


def _decided(desks: list[Desk], path: str) -> Iterator[Pair | Problem]:
    """Both readings go through the file in step. Problems are those that the head has with it:
    a fact that only the head's vocabulary knows is no mistake of the file."""
    one, two = (desk.evaluate(path) for desk in desks)
    while True:
        before, _ = _next(one)
        after, problems = _next(two)
        yield from problems
        if before is None or after is None:
            return
        for desk in desks:
            _stop_if_broken(desk.shelf)
        yield Pair(before[0], after[0], before[1])


def _next(
    items: Iterator[tuple[Decided, History] | Problem],
) -> tuple[tuple[Decided, History] | None, list[Problem]]:
    problems: list[Problem] = []
    for item in items:
        if not isinstance(item, Problem):
            return item, problems
        problems.append(item)
    return None, problems
