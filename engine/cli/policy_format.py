"""`cleanclaim policy format`: one layout for every policy document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from engine.analysis.format import formatted
from engine.cli import exits
from engine.cli.options import SHIPPED, complain
from engine.documents.load import kind_of
from engine.model.problem import Location, Problem


@click.command("format")
@click.argument("paths", nargs=-1, metavar="[PATHS]")
@click.option("--check", is_flag=True, help="Write nothing; name what is not in form.")
def command(paths: tuple[str, ...], check: bool) -> None:
    """Bring policy documents into their canonical form; PATHS are files or folders.

    Comments and meaning stay: every file is read again before it is written. Exit code 0: done,
    or all in form; 1: with --check, some are not; 2: a file cannot be read.
    """
    problems: list[Problem] = []
    moved = count = 0
    for file in _files(paths, problems):
        count += 1
        before = file.read_bytes()
        after, found = formatted(before, str(file))
        problems += found
        if after != before:
            moved += 1
            click.echo(f"{'not in form' if check else 'formatted'}: {file}")
            if not check:
                file.write_bytes(after)
    verb = "are not in form" if check else "were brought into form"
    click.echo(f"{count} documents, {moved} {verb}")
    if complain(problems):
        raise SystemExit(exits.BAD_INPUT)
    raise SystemExit(exits.FINDINGS if check and moved else exits.CLEAN)


def _files(paths: tuple[str, ...], problems: list[Problem]) -> Iterator[Path]:
    for root in [Path(path) for path in paths] or [SHIPPED]:
        if root.is_dir():
            found = sorted(p for p in root.rglob("*.y*ml") if not _hidden(p, root))
            yield from (p for p in found if kind_of(p.relative_to(root).as_posix()) is not None)
        elif root.is_file():
            yield root
        else:
            message = f"there is no file or folder `{root}`"
            problems.append(Problem(Location(str(root)), "no-such-file", message))


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)
