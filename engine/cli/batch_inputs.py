"""The inputs of `cleanclaim batch`: which files there are, and what is understood of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from engine.cli import exits
from engine.cli.options import complain
from engine.model.problem import Problem

if TYPE_CHECKING:
    from engine.batch.inputs import Input
    from engine.batch.layout import Mapping_


def mapping_of(path: str | None) -> Mapping_ | None:
    """What the mapping file says; ends the command where it is wrong."""
    from engine.batch.layout import read_mapping

    if path is None:
        return None
    found, problems = read_mapping(path)
    if complain(problems):
        raise SystemExit(exits.BAD_INPUT)
    return found


def inputs_of(
    files: tuple[str, ...], mapping: Mapping_ | None, out: str | None
) -> tuple[list[Input], bool]:
    """The inputs, and whether something is wrong with one of them; what lies in the folder of
    the outputs is none."""
    from engine.batch.inputs import found, name_apart, opened, unusable

    given: dict[Path, Input] = {}
    problems: list[Problem] = []
    own = Path(out).resolve() if out else None
    for path in found(files, own):
        one = path if isinstance(path, Problem) else opened(path, mapping)
        if isinstance(one, Problem):
            problems.append(one)
        else:
            given.setdefault(one.path.resolve(), one)
    name_apart(list(given.values()))
    problems += [fault for one in given.values() if (fault := unusable(one))]
    return list(given.values()), complain(problems)


def describe(inputs: list[Input]) -> None:
    """Say what was understood of each file."""
    from engine.batch.layout import described

    for given in inputs:
        kind = {"parquet": "Parquet", "csv": "CSV"}.get(given.kind)
        if kind is None:
            click.echo(f"{given.path}: claims, read as `cleanclaim check` reads them")
            continue
        click.echo(f"{given.path}: a table of claim lines ({kind})")
        for line in described(given.layout):
            click.echo(line)


def refuse(message: str) -> NoReturn:
    """End the command for bad input, with a message if there is more to say."""
    if message:
        click.echo(message, err=True)
    raise SystemExit(exits.BAD_INPUT)
