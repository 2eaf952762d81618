"""`cleanclaim policy coverage`: what examples and cases reach, on both sides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from engine.analysis.coverage.measure import Coverage, measure
from engine.cli import exits
from engine.cli.options import complain, source_of
from engine.compiler.lint import lint


@click.command("coverage")
@click.argument("prefix", required=False, default="", metavar="[PREFIX]")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
@click.option("--fail-under", type=int, metavar="PERCENT", help="The least share; else exit 1.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(prefix: str, policies_: str | None, fail_under: int | None, format_: str) -> None:
    """Run every example and case, and say which rules, clauses, exceptions and table rows of the
    policies whose id begins with PREFIX they reach.

    A clause is covered when a test has seen it true and another has seen it false.
    """
    library, problems = lint(source_of(policies_))
    if complain([p for p in problems if p.severity == "error"]):
        raise SystemExit(exits.BAD_INPUT)
    whole = measure(library)
    folders = {r.policy for r in whole.rules} | {t.name.split(":")[0] for t in whole.tables}
    chosen = {id: whole.of(id) for id in sorted(folders) if id.startswith(prefix)}
    if format_ == "json":
        click.echo(json.dumps([_data(id, c) for id, c in chosen.items()], indent=2))
    else:
        for id, coverage in chosen.items():
            for line in _lines(id, coverage):
                click.echo(line)
        click.echo(_summary(_together(chosen)))
    low = fail_under is not None and _together(chosen).percent < fail_under
    raise SystemExit(exits.FINDINGS if low else exits.CLEAN)


def _together(chosen: dict[str, Coverage]) -> Coverage:
    found = chosen.values()
    return Coverage(
        tuple(r for c in found for r in c.rules),
        tuple(x for c in found for x in c.clauses),
        tuple(t for c in found for t in c.tables),
    )


def _summary(coverage: Coverage) -> str:
    both = [c for c in coverage.clauses if not c.one_sided]
    used = coverage.exceptions
    return (
        f"{sum(r.reached for r in coverage.rules)} of {len(coverage.rules)} rules reached, "
        f"{sum(c.gap is None for c in both)} of {len(both)} clauses seen true and false "
        f"({coverage.percent} %), "
        f"{sum(n > 0 for _, _, n in used)} of {len(used)} exceptions used, "
        f"{sum(t.reached for t in coverage.tables)} of {sum(t.rows for t in coverage.tables)} "
        "table rows reached"
    )


def _lines(id: str, coverage: Coverage) -> Iterator[str]:
    yield f"{id}: {_summary(coverage)}"
    for rule in coverage.rules:
        if rule.gap:
            yield f"  {rule.gap}: {rule.id}  at {rule.location}"
            yield f"    says: {rule.says}"
    for rule, name, times in coverage.exceptions:
        if not times:
            yield f"  never used: exception {name} of {rule.id}"
    for clause in coverage.clauses:
        if clause.gap:
            yield f"  {clause.gap}: {clause.rule}, {clause.part}: {clause.words}"
    for table in coverage.tables:
        yield f"  {table.name}: {table.reached} of {table.rows} rows reached"


def _data(id: str, coverage: Coverage) -> dict[str, Any]:
    return {
        "policy": id,
        "percent": coverage.percent,
        "rules": [
            {"rule": r.id, "seen": sorted(r.words), "gap": r.gap, "exceptions": r.exceptions}
            for r in coverage.rules
        ],
        "clauses": [
            {"rule": c.rule, "part": c.part, "words": c.words, "gap": c.gap}
            for c in coverage.clauses
        ],
        "tables": [
            {"table": t.name, "rows": t.rows, "reached": t.reached} for t in coverage.tables
        ],
    }
