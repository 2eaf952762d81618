"""`cleanclaim policy mutate`: change the policies in one place after another; do tests notice?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import click

from engine.analysis.mutation.mutant import Mutant
from engine.analysis.mutation.score import Score, Survivor, score
from engine.analysis.mutation.touched import chosen, touched
from engine.cli import exits
from engine.cli.options import complain, source_of
from engine.cli.progress import Progress
from engine.compiler.library import Library
from engine.compiler.lint import lint
from engine.documents.load import load_tree


@click.command("mutate")
@click.argument("which", required=False, default="", metavar="[POLICY[#RULE]]")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
@click.option("--changed", metavar="GIT-REV|DIR", help="Only what differs from these policies.")
@click.option("--processes", type=int, metavar="N", help="How many at once.")
@click.option("--fail-under", type=int, metavar="PERCENT", help="The least score; else exit 1.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "reasons"]),
    default="text",
    show_default=True,
    help="`reasons` prints the untested changes as entries of an untested.yaml.",
)
def command(
    which: str,
    policies_: str | None,
    changed: str | None,
    processes: int | None,
    fail_under: int | None,
    format_: str,
) -> None:
    """Change one written thing after another and name the changes that no test notices.

    Every limit, length and date is shifted by one; every code, condition and exception is left
    out; every outcome is turned round. What survives is an untested sentence: add an example at
    its edge, or write the reason into untested.yaml beside the policy.

    Exit code 0: each survivor has a reason, 1: some have none, 2: a document is wrong.
    """
    library, problems = lint(source_of(policies_))
    if complain([p for p in problems if p.severity == "error"]):
        raise SystemExit(exits.BAD_INPUT)
    _check(library, which)
    base = _library(changed, policies_) if changed else None
    with Progress("changes") as progress:
        found = score(library, _choice(library, which, base), processes, progress.step)
    for name in found.failing:
        click.echo(f"does not hold, and is left out: {name}", err=True)
    _FORMATS[format_](found)
    low = fail_under is not None and found.percent < fail_under
    raise SystemExit(exits.FINDINGS if low or found.untested else exits.CLEAN)


def _check(library: Library, which: str) -> None:
    policy, _, rule = which.partition("#")
    folders = {d.folder for d in library.documents}
    if policy and policy not in folders:
        raise click.UsageError(f"there is no policy `{policy}`; see `cleanclaim policy list`")
    data = library.policies[policy].data if policy in library.policies else {}
    named = [r.get("rule") for key in ("rules", "changes") for r in data.get(key) or ()]
    if rule and rule not in named:
        raise click.UsageError(
            f"`{policy}` writes no rule `{rule}`; see `cleanclaim policy list --rules {policy}`"
        )


def _choice(
    library: Library, which: str, base: Library | None
) -> Callable[[list[Mutant]], list[Mutant]]:
    def choose(mutants: list[Mutant]) -> list[Mutant]:
        found = [m for m in mutants if _chosen(m, which)]
        return chosen(found, touched(base, library)) if base else found

    return choose


def _library(where: str, beside: str | None) -> Library:
    documents, problems = load_tree(source_of(where, beside))
    return Library(documents, problems)


def _chosen(mutant: Mutant, which: str) -> bool:
    """Of one rule also what it alone leans on."""
    policy, _, rule = which.partition("#")
    if rule:
        alone = mutant.rules == {which} and mutant.kind != "policy"
        return mutant.owner == which or (alone and mutant.policy == policy)
    return not which or mutant.policy == policy or mutant.policy.startswith(f"{policy}/")


def _text(found: Score) -> None:
    for line in _lines(found):
        click.echo(line)


def _lines(found: Score) -> Iterator[str]:
    for owner, survivors in groupby(found.survivors, key=lambda s: s.mutant.owner):
        listed = list(survivors)
        place = listed[0].mutant.where
        yield f"{owner}{f'  at {place}' if place else ''}"
        yield f"  says: {listed[0].mutant.says}"
        yield from (_line(survivor) for survivor in listed)
        yield ""
    yield from (str(problem) for problem in found.stale)
    reasoned = len(found.survivors) - len(found.untested)
    yield (
        f"{len(found.tried)} changes: {found.noticed} noticed ({found.percent} %), "
        f"{reasoned} not noticed for a written reason, {len(found.untested)} untested"
    )


def _line(survivor: Survivor) -> str:
    if survivor.reason is not None:
        return f"  not noticed: {survivor.mutant.change}\n    because: {survivor.reason}"
    asked = f"{survivor.asked} tests" if survivor.asked else "no test looks there"
    return f"  untested: {survivor.mutant.change}  [{asked}]"


def _json(found: Score) -> None:
    survivors = [
        {
            "policy": s.mutant.policy,
            "kind": s.mutant.kind,
            "of": s.mutant.of,
            "change": s.mutant.change,
            "says": s.mutant.says,
            "file": s.mutant.where.file if s.mutant.where else None,
            "line": s.mutant.where.line if s.mutant.where else None,
            "reason": s.reason,
        }
        for s in found.survivors
    ]
    whole = {
        "tried": len(found.tried),
        "noticed": found.noticed,
        "percent": found.percent,
        "survivors": survivors,
    }
    click.echo(json.dumps(whole, indent=2, ensure_ascii=False))


def _reasons(found: Score) -> None:
    """Entries to be pasted, with the reasons left to be written."""
    ordered = sorted(found.untested, key=lambda s: (s.mutant.policy, s.mutant.of))
    for policy, group in groupby(ordered, key=lambda s: s.mutant.policy):
        click.echo(f"# {Path(policy) / 'untested.yaml'}\nuntested:")
        for of, survivors in groupby(group, key=lambda s: s.mutant.of):
            click.echo(f"  - of: {of}\n    reason: \n    changes:")
            for survivor in survivors:
                click.echo(f"      - {json.dumps(survivor.mutant.change, ensure_ascii=False)}")


_FORMATS: dict[str, Callable[[Score], None]] = {"text": _text, "json": _json, "reasons": _reasons}
