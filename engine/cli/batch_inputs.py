"""The inputs of `cleanclaim batch`: which files there are, and what is understood of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from engine.claims.where import unknown
from engine.cli import exits
from engine.cli.options import complain
from engine.model.problem import Location, Problem

_WIDTH = 100
_KINDS = {"json": "JSON", "json-lines": "JSON lines", "yaml": "YAML", "x12": "X12 837"}

if TYPE_CHECKING:
    from engine.batch.inputs import Input
    from engine.batch.inputs.layout import Mapping_


def mapping_of(path: str | None) -> Mapping_ | None:
    """What the mapping file says; ends the command where it is wrong."""
    from engine.batch.inputs.layout import read_mapping

    if path is None:
        return None
    found, problems = read_mapping(path)
    if complain(problems):
        raise SystemExit(exits.BAD_INPUT)
    return found


def inputs_of(
    files: tuple[str, ...], mapping: str | None, out: str | None, payer: str | None
) -> tuple[list[Input], bool]:
    """The inputs, and whether something is wrong with one of them or with the mapping file; what
    lies in the folder of the outputs is none. Tables that name no payer are of `payer`."""
    from engine.batch.inputs import found, name_apart, opened, unusable

    said = mapping_of(mapping)

    given: dict[Path, Input] = {}
    problems: list[Problem] = []
    own = Path(out).resolve() if out else None
    for path in found(files, own):
        one = path if isinstance(path, Problem) else opened(path, said)
        if isinstance(one, Problem):
            problems.append(one)
        else:
            if payer and one.table and "payer" in one.layout.missing:
                one.layout.constants["payer"] = payer
            given.setdefault(one.path.resolve(), one)
    name_apart(list(given.values()))
    problems += [fault for one in given.values() if (fault := unusable(one))]
    if mapping and said:
        problems += _unknown_columns(mapping, said, list(given.values()))
    return list(given.values()), complain(problems)


def _unknown_columns(path: str, said: Mapping_, inputs: list[Input]) -> Iterator[Problem]:
    """Columns that the mapping names and no table has: what they should give would be missed."""
    there = {column for given in inputs if given.table for column in given.columns}
    for column in said.columns:
        if there and column not in there:
            message = f"`{column}` is no column of a table given here"
            hint = (
                unknown(column, tuple(sorted(there)))
                or "--describe shows the columns that there are"
            )
            yield Problem(Location(path, place="columns"), "unknown-column", message, hint)


def describe(inputs: list[Input]) -> None:
    """Say what was understood of each file."""
    from engine.batch.inputs.layout import described

    for given in inputs:
        kind = {"parquet": "Parquet", "csv": "CSV"}.get(given.kind)
        if kind is None:
            click.echo(f"{given.path}: {_content(given)}")
            continue
        click.echo(f"{given.path}: a table of claim lines ({kind})")
        for line in described(given.layout):
            wrapped = textwrap.wrap(
                line.strip(), _WIDTH, initial_indent="  ", subsequent_indent="    "
            )
            click.echo("\n".join(wrapped))


def _content(given: Input) -> str:
    """What a file that is no table holds, by its beginning."""
    from engine.claims.source import kind_of
    from engine.claims.source import opened as source_of

    if given.columns:
        return "whole claims, each with a list of lines (Parquet)"
    source = source_of(given.path)
    kind = source if isinstance(source, Problem) else kind_of(source)
    if not isinstance(source, Problem):
        source.close()
    if isinstance(kind, Problem):
        return f"{kind.message}; it would stand in the quarantine"
    return f"claims ({_KINDS[kind]}), read as `cleanclaim check` reads them"


def refuse(message: str) -> NoReturn:
    """End the command for bad input, with a message if there is more to say."""
    if message:
        click.echo(message, err=True)
    raise SystemExit(exits.BAD_INPUT)
