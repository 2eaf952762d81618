"""`cleanclaim policy show`: a policy or a rule in words, as it stands on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from engine.cli.options import Day, complain, source_of, want_policy
from engine.compiler.book import compile_book, compile_policy
from engine.compiler.library import Library
from engine.documents.load import load_tree
from engine.documents.suggest import did_you_mean
from engine.model.book import Rule, RuleBook, in_force
from engine.model.problem import Problem
from engine.report.reading import rule_in_words


@click.command("show")
@click.argument("id_", metavar="POLICY[#RULE]")
@click.option("--on", type=Day(), metavar="DATE", help="As it stands for services of this day.")
@click.option(
    "--contractor", metavar="NAME", help="As this contractor's layer leaves the payer's policy."
)
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
def command(id_: str, on: date | None, contractor: str | None, policies_: str | None) -> None:
    """Show every rule of a policy, or one rule: its sentence, dates, clauses and sources."""
    documents, problems = load_tree(source_of(policies_))
    library = Library(documents, problems)
    if complain([p for p in problems if p.severity == "error"]):
        raise SystemExit(2)
    policy, _, rule = id_.partition("#")
    want_policy(library.policies, policy)
    book, found = _book(library, policy, contractor)
    complain([p for p in found if p.severity == "error"])
    rules = [r for r in book.rules if r.policy == _owner(library, policy) or r.policy == policy]
    rules = [r for r in rules if not rule or r.name == rule]
    rules = [r for r in rules if on is None or (r.begin <= on and (not r.end or on < r.end))]
    if not rules:
        when = f" on {on}" if on else ""
        raise click.UsageError(
            f"`{id_}` has no such rule{when}; see `cleanclaim policy list --rules`"
        )
    click.echo(f"{policy}: {library.policies[policy].data.get('title')}")
    for line in _shown(book, rules, on):
        click.echo(line)


def _book(library: Library, policy: str, contractor: str | None) -> tuple[RuleBook, list[Problem]]:
    if contractor is None:
        return compile_policy(library, policy)
    payer = library.payer_above(policy)
    known = (payer.data.get("contractors") or {}) if payer else {}
    if payer is None or contractor not in known:
        hint = did_you_mean(contractor, known) or f"contractors: {', '.join(known) or 'none'}"
        raise click.UsageError(f"`{policy}` knows no contractor `{contractor}`; {hint}")
    return compile_book(library, payer.folder, contractor)


def _owner(library: Library, policy: str) -> str:
    """Rules that a layer takes over keep the id of their base."""
    return str(library.policies[policy].data.get("extends") or policy)


def _shown(book: RuleBook, rules: list[Rule], on: date | None) -> Iterator[str]:
    for rule in rules:
        yield ""
        day = on or rule.begin
        names = {
            name: dated.value
            for name, full in (rule.names or {}).items()
            if (dated := in_force(book.parameters.get(full, ()), day))
        }
        yield from rule_in_words(rule, names)
