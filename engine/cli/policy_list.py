"""`cleanclaim policy list`: payers, policies and rules at a glance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from engine.cli.options import complain, source_of
from engine.compiler.library import Library
from engine.documents.document import Document
from engine.documents.load import load_tree
from engine.documents.suggest import did_you_mean


@click.command("list")
@click.argument("prefix", required=False, default="", metavar="[PREFIX]")
@click.option("--rules", is_flag=True, help="List the rules of each policy, too.")
@click.option("--evidence", is_flag=True, help="Show how much rests on what.")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(prefix: str, rules: bool, evidence: bool, policies_: str | None, format_: str) -> None:
    """List every policy, or those whose id begins with PREFIX."""
    documents, problems = load_tree(source_of(policies_))
    library = Library(documents, problems)
    complain([p for p in problems if p.severity == "error"])
    if evidence:
        _evidence(library, prefix, format_)
        return
    found = [
        _policy(library.policies[id]) for id in sorted(library.policies) if id.startswith(prefix)
    ]
    if prefix and not found:
        hint = did_you_mean(prefix, library.folders) or "leave it out to see all"
        raise click.UsageError(f"no policy's id begins with `{prefix}`; {hint}")
    if format_ == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for policy in found:
        for line in _lines(policy, rules=rules):
            click.echo(line)
    click.echo(f"{len(found)} policies, {sum(len(p['rules']) for p in found)} rules")


def _evidence(library: Library, prefix: str, format_: str) -> None:
    from engine.analysis.grounds import grounds
    from engine.cli.policy_evidence import evidence_data, evidence_lines

    found = grounds(library, prefix)
    if format_ == "json":
        click.echo(json.dumps(evidence_data(found), indent=2, ensure_ascii=False))
        return
    for line in evidence_lines(found):
        click.echo(line)


def _policy(document: Document) -> dict[str, Any]:
    data = document.data
    return {
        "id": document.folder,
        "title": data.get("title"),
        "from": data.get("from"),
        "extends": data.get("extends"),
        "rules": [_rule(r) for r in data.get("rules") or () if isinstance(r, dict)],
        "changes": [c.get("rule") for key in ("changes", "drops") for c in data.get(key) or ()],
    }


def _rule(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": data.get("rule"),
        "from": data.get("from"),
        "finding": (data.get("otherwise") or {}).get("finding"),
        "says": data.get("says"),
        "cites": data.get("cites"),
    }


def _lines(policy: dict[str, Any], *, rules: bool) -> Iterator[str]:
    lean = f", extends {policy['extends']}" if policy["extends"] else ""
    changes = f", changes {len(policy['changes'])}" if policy["changes"] else ""
    rules_here = len(policy["rules"])
    count = f"{rules_here} rule{'' if rules_here == 1 else 's'}{changes}"
    yield f"{policy['id']}  from {policy['from']}  {count}{lean}"
    yield f"    {policy['title']}"
    if rules:
        for rule in policy["rules"]:
            since = f" from {rule['from']}" if rule["from"] else ""
            yield f"    {rule['finding'] or 'review':8} {rule['rule']}{since}: {rule['says']}"
