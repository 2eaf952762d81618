"""`cleanclaim policy test`: run the examples and cases of the policies."""

from __future__ import annotations

from collections.abc import Iterator

import click

from engine.analysis.cases import Cases
from engine.analysis.examples import Check, run_examples
from engine.cli import exits
from engine.cli.options import complain, source_of
from engine.compiler.library import Library
from engine.compiler.lint import lint


@click.command("test")
@click.argument("which", required=False, metavar="[POLICY[#RULE]]")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
@click.option("-v", "--verbose", is_flag=True, help="Name what holds, too.")
def command(which: str | None, policies_: str | None, verbose: bool) -> None:
    """Run every example and case, or those of one policy or rule.

    A failure shows what was expected, what came out and the proof. Exit code 0: all hold,
    1: some do not, 2: a document is wrong.
    """
    library, problems = lint(source_of(policies_))
    if complain([p for p in problems if p.severity == "error"]):
        click.echo("no example was run: mend the documents first", err=True)
        raise SystemExit(exits.BAD_INPUT)
    policy, _, rule = (which or "").partition("#")
    if policy and policy not in library.policies:
        raise click.UsageError(f"there is no policy `{policy}`; see `cleanclaim policy list`")
    held = failed = 0
    for check in _checks(library, policy, rule):
        if check.faults:
            failed += 1
            _show(check)
        else:
            held += 1
            if verbose:
                click.echo(f"holds: {check.name}")
    click.echo(f"{held + failed} examples and cases: {held} hold, {failed} do not")
    raise SystemExit(exits.FINDINGS if failed else exits.CLEAN)


def _checks(library: Library, policy: str, rule: str) -> Iterator[Check]:
    chosen = [policy] if policy else sorted(library.policies)
    for id in chosen:
        yield from run_examples(library, id, rule or None)
    cases = Cases(library)
    for document in library.cases if not rule else ():
        if not policy or document.folder == f"{policy}/cases":
            yield from cases.run(document)


def _show(check: Check) -> None:
    click.echo(f"FAILS {check.name}\n  at {check.location}")
    for fault in check.faults:
        click.echo(f"  {fault}")
    for line in check.proof:
        click.echo(f"    {line}")
    click.echo("")
