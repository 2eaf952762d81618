"""`cleanclaim replay`: evaluate again what stored results were made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from engine.analysis.replay import Replayed, compare, stored_results
from engine.cli import exits
from engine.cli.beside import beside
from engine.cli.evaluation import Desk
from engine.cli.options import SHIPPED, complain, source_of
from engine.compiler.library import day
from engine.compiler.shelf import Shelf
from engine.documents.digest import tree_digest
from engine.documents.source import Source, from_git, revisions
from engine.model.problem import Problem
from engine.report.made_of import made_of
from engine.report.result import result


@click.command("replay")
@click.argument("file", metavar="RESULT.json")
@click.option("--claims", multiple=True, required=True, metavar="FILE", help="The claims.")
@click.option("--history", multiple=True, metavar="FILE", help="Earlier services.")
@click.option("--documentation", multiple=True, metavar="FILE", help="What the records state.")
@click.option("--payer", metavar="ID", help="As it was given to `check`.")
@click.option(
    "--policies",
    "policies_",
    metavar="DIR|GIT-REV",
    help="The policies; if left out: those of this installation, and where the results were made "
    "by others, the revision in its git history that holds them.",
)
def command(
    file: str,
    claims: tuple[str, ...],
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    payer: str | None,
    policies_: str | None,
) -> None:
    """Say whether the results of a file come out again byte for byte, and if not, why.

    Exit code 0: all bytes agree, 1: some do not, 2: a file cannot be read.
    """
    stored, problems = _stored(file)
    if complain(problems):
        raise SystemExit(exits.BAD_INPUT)
    files = (beside(claims, history, "history"), beside(claims, documentation, "documentation"))
    found: list[Replayed] = []
    bad = False
    for (policies, known_on), group in _groups(stored).items():
        source = _source(policies, policies_)
        desk = Desk(Shelf(source, day(known_on)), payer)
        desk.load_history(files[0])
        desk.load_documentation(files[1])
        again, faults = _again(desk, claims, group)
        bad = complain([*desk.shelf.problems, *desk.problems, *faults]) or bad
        found += [_one(r, again.get(str(r["claim_id"]))) for r in group]
    _show(found)
    if bad:
        raise SystemExit(exits.BAD_INPUT)
    raise SystemExit(exits.CLEAN if all(r.agrees for r in found) else exits.FINDINGS)


def _stored(file: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise click.UsageError(f"cannot read `{file}`: {fault}") from None
    return stored_results(text, file)


def _groups(
    stored: list[dict[str, Any]],
) -> dict[tuple[str | None, str | None], list[dict[str, Any]]]:
    """Results made by the same documents as of the same day, together."""
    groups: dict[tuple[str | None, str | None], list[dict[str, Any]]] = {}
    for item in stored:
        made = item.get("made_of") or {}
        groups.setdefault((made.get("policies"), made.get("known_on")), []).append(item)
    return groups


def _source(wanted: str | None, policies: str | None) -> Source:
    """The documents with the digest wanted, from the git history where they are older."""
    source = source_of(policies)
    if policies is not None or wanted is None or tree_digest(source)[:16] == wanted:
        return source
    for revision in revisions(SHIPPED.parent, SHIPPED.name):
        older, problems = from_git(revision, SHIPPED.parent, SHIPPED.name)
        if not problems and tree_digest(older)[:16] == wanted:
            click.echo(f"made by the policies of revision {revision[:12]}", err=True)
            return older
    click.echo(
        f"the policies {wanted} are neither here nor in the git history; name them with --policies",
        err=True,
    )
    return source


def _again(
    desk: Desk, claims: tuple[str, ...], group: list[dict[str, Any]]
) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """The wanted claims evaluated anew."""
    wanted = {str(r["claim_id"]): "without_record" in r for r in group}
    digest = tree_digest(desk.shelf.source)
    found: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for item in _evaluated(desk, claims):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        claim_id = item[0].around.claim.claim_id
        if claim_id in wanted:
            shown = result(*item, without_record=wanted[claim_id])
            found[claim_id] = {**shown, "made_of": made_of(item[0], item[1], digest)}
    return found, problems


def _evaluated(desk: Desk, claims: tuple[str, ...]) -> Iterator[Any]:
    for path in claims:
        yield from desk.evaluate(path)


def _one(stored: dict[str, Any], again: dict[str, Any] | None) -> Replayed:
    if again is None:
        why = ("no claim with this id in the files named with --claims",)
        return Replayed(str(stored["claim_id"]), False, why)
    return compare(stored, again)


def _show(found: list[Replayed]) -> None:
    for item in found:
        if item.agrees:
            continue
        click.echo(f"{item.claim_id} differs")
        for why in item.why:
            click.echo(f"  {why}")
        for change in item.changed:
            click.echo(f"    {change}")
    agree = sum(item.agrees for item in found)
    click.echo(f"{len(found)} results: {agree} agree byte for byte, {len(found) - agree} differ")
