"""`cleanclaim policy lint`: find mistakes in policy documents."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from engine.cli import exits
from engine.cli.options import source_of
from engine.compiler.lint import lint
from engine.model.problem import Problem


@click.command("lint")
@click.argument("where", required=False, metavar="[DIR|GIT-REV]")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="The same as the argument.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(where: str | None, policies_: str | None, format_: str) -> None:
    """Read every policy document and report what is wrong, with the place and the mend.

    Exit code 0: no error (there may be warnings), 2: a document is wrong.
    """
    library, problems = lint(source_of(where or policies_))
    errors = sum(p.severity == "error" for p in problems)
    if format_ == "json":
        click.echo(json.dumps([asdict(p) for p in problems], indent=2))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(_summary(len(library.documents), _manual(library.policies), errors, problems))
    raise SystemExit(exits.BAD_INPUT if errors else exits.CLEAN)


def _manual(policies: object) -> int:
    """How many rules are never decided by design (clause A33)."""
    documents = policies.values() if isinstance(policies, dict) else ()
    rules = [r for d in documents for r in d.data.get("rules") or () if isinstance(r, dict)]
    return sum("manual_review" in json.dumps(r.get("requires"), default=str) for r in rules)


def _summary(documents: int, manual: int, errors: int, problems: list[Problem]) -> str:
    warnings = len(problems) - errors
    by_hand = f"; {manual} rules are left to manual review" if manual else ""
    return f"{documents} documents: {errors} errors, {warnings} warnings{by_hand}"
