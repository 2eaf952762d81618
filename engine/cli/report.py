"""`cleanclaim report`: what a batch of claims came to, for someone who manages a practice."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import exits
from engine.cli.options import complain
from engine.model.problem import Problem

NAME = "report.html"


@click.command("report")
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Where to write; the page goes to OUT/{NAME} if left out.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["html", "text"]),
    help="Only the page, or only the text. If left out: the page to its file, the text here.",
)
@click.option("--with-ids", is_flag=True, help="Name claims and days; keep such a report safe.")
@click.option("--without-providers", is_flag=True, help="Leave out what tells of providers.")
def command(
    folder: Path,
    output: Path | None,
    format_: str | None,
    with_ids: bool,
    without_providers: bool,
) -> None:
    """Summarise the folder OUT that `cleanclaim batch` wrote.

    One page that needs no network (tables sort and filter), and a text: first-pass rate, what to
    mend by rule, reason code, payer, provider, month and place, the money at stake, and the facts
    that would decide most of what is undecided.

    Exit code 0: done, 2: the folder is not a batch, or part of it is missing or damaged.

    \b
    cleanclaim batch claims.parquet -o january
    cleanclaim report january
    cleanclaim report january --format text
    """
    page, text = _made(folder, with_ids=with_ids, providers=not without_providers)
    if format_ == "text":
        _put(output, text)
    elif format_ == "html":
        _put(output, page)
    else:
        target = output or folder / NAME
        click.echo(text, nl=False)
        _put(target, page)
        click.echo(f"\nwrote {target}")


def _made(folder: Path, *, with_ids: bool, providers: bool) -> tuple[str, str]:
    """The page and the text; ends the command where the folder does not allow them."""
    from engine.analysis.summary.folder import opened
    from engine.analysis.summary.page import page
    from engine.analysis.summary.summarise import summarise
    from engine.analysis.summary.text import lines

    found = opened(folder)
    if isinstance(found, Problem):
        complain([found])
        raise SystemExit(exits.BAD_INPUT)
    try:
        numbers = summarise(found, with_ids=with_ids, providers=providers)
    except ImportError:
        raise click.UsageError(
            "a report reads Parquet with DuckDB: pip install 'cleanclaim[batch]'"
        ) from None
    if isinstance(numbers, list):
        complain(numbers)
        raise SystemExit(exits.BAD_INPUT)
    return page(found, numbers), "".join(f"{line}\n" for line in lines(found, numbers))


def _put(file: Path | None, text: str) -> None:
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise click.UsageError(f"cannot write `{file}`: {fault.strerror}") from None
