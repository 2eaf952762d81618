"""`cleanclaim policy impact`: which claims of a corpus a change flips, why and for how much."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import click

from engine.analysis.impact import Pair, measure
from engine.analysis.impact.words import as_data, lines, markdown
from engine.cli import exits
from engine.cli.options import Day, complain, source_of
from engine.cli.pairs import pairs
from engine.cli.progress import Progress
from engine.model.problem import Problem


@click.command("impact")
@click.argument("base", metavar="BASE")
@click.argument("head", required=False, metavar="[HEAD]")
@click.option("--claims", multiple=True, required=True, metavar="FILE", help="The corpus.")
@click.option("--history", multiple=True, metavar="FILE", help="Earlier services.")
@click.option("--documentation", multiple=True, metavar="FILE", help="What the records state.")
@click.option("--payer", metavar="ID", help="Judge every claim by this payer's policies.")
@click.option("--known-on", type=Day(), metavar="DATE", help="Use what was published by then.")
@click.option("--samples", default=1, show_default=True, help="Flips to prove, for each rule.")
@click.option("--show-ids", is_flag=True, help="Name the claims and providers, too.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
)
def command(
    base: str,
    head: str | None,
    claims: tuple[str, ...],
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    payer: str | None,
    known_on: date | None,
    samples: int,
    show_ids: bool,
    format_: str,
) -> None:
    """Decide a corpus of claims by BASE and by HEAD, and say which ones come out otherwise.

    BASE and HEAD are folders or git revisions; HEAD is the policies as they lie here if left out.
    Claim ids, patients and providers stay out of the report unless --show-ids.

    \b
    cleanclaim sample --claims 2000 --to corpus
    cleanclaim policy impact main --claims corpus/claims.jsonl
    """
    one, two = source_of(base, head), source_of(head)
    faults: list[Problem] = []
    found = pairs(one, two, claims, history, documentation, payer, known_on)
    impact = measure(_counted(found, faults), samples=samples)
    if format_ == "json":
        click.echo(json.dumps(as_data(impact, show_ids=show_ids), indent=2, ensure_ascii=False))
    elif format_ == "markdown":
        click.echo(markdown(impact, show_ids=show_ids), nl=False)
    else:
        for line in lines(impact, show_ids=show_ids):
            click.echo(line)
    raise SystemExit(exits.BAD_INPUT if complain(faults) else exits.CLEAN)


def _counted(found: Iterator[Pair | Problem], faults: list[Problem]) -> Iterator[Pair]:
    with Progress() as progress:
        for item in found:
            if isinstance(item, Problem):
                faults.append(item)
            else:
                progress.step()
                yield item
