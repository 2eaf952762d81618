"""`cleanclaim compare`: one claim before every payer and contractor."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from engine.analysis.compare import Standing, compare, differences
from engine.cli import exits
from engine.cli.beside import beside
from engine.cli.evaluation import Desk
from engine.cli.options import complain, policies, source_of
from engine.compiler.shelf import Shelf
from engine.model.book import WEIGHTY
from engine.model.claim import Claim
from engine.model.problem import Problem
from engine.report.comparison import comparison


@click.command("compare")
@click.argument("file", metavar="FILE")
@click.option("--claim", "claim_id", metavar="ID", help="One claim of the file; default: all.")
@click.option("--history", multiple=True, metavar="FILE", help="Earlier services.")
@click.option("--documentation", multiple=True, metavar="FILE", help="What the record states.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@policies
def command(
    file: str,
    claim_id: str | None,
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    format_: str,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Decide a claim by every payer and contractor, and name the clauses that differ.

    What the claim says of its payer is set aside; everything else stays as it is.
    """
    shelf = Shelf(source_of(policies_), known_on)
    desk = Desk(shelf)
    desk.load_history(beside((file,), history, "history"))
    desk.load_documentation(beside((file,), documentation, "documentation"))
    bad = complain([*shelf.problems, *desk.problems])
    shown: list[dict[str, Any]] = []
    for item in desk.documented(file):
        if isinstance(item, Problem):
            bad = complain([item]) or bad
        elif claim_id is None or item.claim_id == claim_id:
            shown.append(_compared(item, compare(item, shelf.directory, desk.decided)))
    _print(shown, format_)
    if not shown and claim_id is not None:
        click.echo(f"`{file}` has no claim `{claim_id}`", err=True)
    raise SystemExit(exits.BAD_INPUT if bad or not shown else exits.CLEAN)


def _compared(claim: Claim, standings: list[Standing]) -> dict[str, Any]:
    return {
        "claim_id": claim.claim_id,
        "payers": [_payer(standing) for standing in standings],
        "differences": differences(standings),
    }


def _payer(standing: Standing) -> dict[str, Any]:
    found = standing.result["findings"]
    weighty = list(dict.fromkeys(f["rule"] for f in found if f["finding"] in WEIGHTY))
    asked = list(dict.fromkeys(need["rule"] for need in standing.result["needs"]))
    names = [rule.split("#")[-1] for rule in weighty or asked]
    return {
        "payer": standing.name,
        "verdict": standing.result["verdict"],
        "decided_by": names,
        "findings": found,
        "needs": standing.result["needs"],
    }


def _print(shown: list[dict[str, Any]], format_: str) -> None:
    if format_ == "json":
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False, default=str))
        return
    for claim in shown:
        for line in comparison(claim):
            click.echo(line)
