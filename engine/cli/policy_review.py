"""`cleanclaim policy review`: one report on what a change of the policies means and does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from engine.analysis.diff import Side
from engine.analysis.impact import Impact, Pair, measure
from engine.analysis.review.markdown import report
from engine.analysis.review.report import Review, review
from engine.cli import exits
from engine.cli.options import Day, complain
from engine.cli.pairs import pairs
from engine.cli.sides import side_of
from engine.model.problem import Problem

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("review")
@click.argument("base", metavar="BASE")
@click.argument("head", required=False, metavar="[HEAD]")
@click.option("--claims", multiple=True, metavar="FILE", help="A corpus to measure the effect on.")
@click.option("--history", multiple=True, metavar="FILE", help="Earlier services.")
@click.option("--documentation", multiple=True, metavar="FILE", help="What the records state.")
@click.option("--payer", metavar="ID", help="Judge every claim by this payer's policies.")
@click.option("--to", "markdown", type=_FILE, help="Write the Markdown here, not to the terminal.")
@click.option("--html", type=_FILE, help="Write one HTML file with charts, too.")
@click.option("--show-ids", is_flag=True, help="Name the claims and providers.")
@click.option("--today", type=Day(), metavar="DATE", help="Judge what is in force on this day.")
@click.option("--processes", type=int, metavar="N", help="How many at once.")
def command(
    base: str,
    head: str | None,
    claims: tuple[str, ...],
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    payer: str | None,
    markdown: Path | None,
    html: Path | None,
    show_ids: bool,
    today: date | None,
    processes: int | None,
) -> None:
    """Report on what HEAD changes in BASE: in words, on claims, in tests, and on what ground.

    BASE and HEAD are folders or git revisions; HEAD is the policies as they lie here if left out.

    Exit code 0: in order, 1: a test is missing or does not hold, 2: a document is wrong or a text
    in force was edited.

    \b
    cleanclaim sample --claims 2000 --to corpus
    cleanclaim policy review main --claims corpus/claims.jsonl --html review.html
    """
    one, two = side_of(base, beside=head), side_of(head)
    impact = _impact(one, two, claims, history, documentation, payer) if claims else None
    found = review(one, two, impact, today or date.today(), processes)  # noqa: DTZ011  # the reviewer's day
    _report(found, markdown, html, show_ids=show_ids)
    if found.refused:
        raise SystemExit(exits.BAD_INPUT)
    raise SystemExit(exits.CLEAN if found.in_order else exits.FINDINGS)


def _report(found: Review, markdown: Path | None, html: Path | None, *, show_ids: bool) -> None:
    text = report(found, show_ids=show_ids)
    if html is not None:
        from engine.analysis.review.html import page

        _write(html, page(found, show_ids=show_ids))
    if markdown is not None:
        _write(markdown, text)
    else:
        click.echo(text, nl=False)


def _impact(
    one: Side,
    two: Side,
    claims: tuple[str, ...],
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    payer: str | None,
) -> Impact:
    faults: list[Problem] = []
    decided: list[Pair] = []
    for item in pairs(one.source, two.source, claims, history, documentation, payer):
        (faults if isinstance(item, Problem) else decided).append(item)  # type: ignore[arg-type]  # sorted by kind
    if complain(faults):
        raise SystemExit(exits.BAD_INPUT)
    return measure(decided, samples=1)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise click.UsageError(f"cannot write `{file}`: {fault.strerror}") from None
