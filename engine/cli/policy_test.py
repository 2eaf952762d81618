"""`cleanclaim policy test`: run the examples and cases of the policies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from engine.analysis.cases import Cases
from engine.analysis.examples import Check, run_examples
from engine.cli import exits
from engine.cli.options import complain, source_of, want_policy
from engine.cli.watching import watched
from engine.compiler.library import Library
from engine.compiler.lint import lint


@click.command("test")
@click.argument("which", required=False, default="", metavar="[POLICY[#RULE]]")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
@click.option("-v", "--verbose", is_flag=True, help="Name what holds, too.")
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write a JUnit report, too."
)
@click.option("--watch", is_flag=True, help="Run again whenever a document changes; Ctrl-C ends.")
def command(
    which: str, policies_: str | None, verbose: bool, junit: Path | None, watch: bool
) -> None:
    """Run every example and case, or those of one policy, one folder of policies, or one rule.

    A failure shows the claim, what was expected, what came out and the proof. Exit code 0: all
    hold, 1: some do not, 2: a document is wrong.
    """

    def run() -> int:
        return _run(which, policies_, verbose=verbose, junit=junit)

    if watch:
        watched(policies_, run)
    else:
        raise SystemExit(run())


def _run(which: str, policies_: str | None, *, verbose: bool, junit: Path | None) -> int:
    library, problems = lint(source_of(policies_))
    if complain([p for p in problems if p.severity == "error"]):
        return exits.BAD_INPUT
    policy, _, rule = which.partition("#")
    if policy and (rule or not _below(library, policy)):
        want_policy(library.policies, policy)
    checks = []
    for check in _checks(library, policy, rule):
        checks.append(check)
        if check.faults:
            _show(check)
        elif verbose:
            click.echo(f"holds: {check.name}")
    if junit is not None:
        _write(junit, checks)
    failed = sum(bool(check.faults) for check in checks)
    click.echo(_summary(library, which, checks, failed))
    return exits.FINDINGS if failed else exits.CLEAN


def _summary(library: Library, which: str, checks: list[Check], failed: int) -> str:
    held = len(checks) - failed
    policy, _, rule = which.partition("#")
    if rule and not checks:
        rules = [str(r.get("rule")) for r in library.policies[policy].data.get("rules") or ()]
        if rule not in rules:
            raise click.UsageError(
                f"`{policy}` writes no rule `{rule}`; it writes: {', '.join(rules) or 'none'}"
            )
    return f"{len(checks)} examples and cases: {held} hold, {failed} do not"


def _checks(library: Library, policy: str, rule: str) -> Iterator[Check]:
    chosen = [policy] if rule else _below(library, policy)
    for id in chosen:
        yield from run_examples(library, id, rule or None)
    cases = Cases(library)
    for document in library.cases if not rule else ():
        if not policy or document.folder.removesuffix("/cases") in chosen:
            yield from cases.run(document)


def _below(library: Library, folder: str) -> list[str]:
    """The policies of a folder, or the one that this is."""
    return sorted(id for id in library.policies if not folder or f"{id}/".startswith(f"{folder}/"))


def _write(junit: Path, checks: list[Check]) -> None:
    from engine.analysis.junit import junit_report

    try:
        junit.write_text(junit_report(checks), encoding="utf-8")
    except OSError as fault:
        raise click.UsageError(f"cannot write `{junit}`: {fault.strerror}") from None


def _show(check: Check) -> None:
    click.echo(f"FAILS {check.name}\n  at {check.location}")
    if check.claim:
        click.echo(f"  claim: {check.claim}")
    for fault in check.faults:
        click.echo(f"  {fault}")
    for line in check.proof:
        click.echo(f"    {line}")
    click.echo("")
