"""`cleanclaim policy confirm`: write digests of base rules into the changes that lean on them."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import click

from engine.cli.options import SHIPPED, complain, source_of, want_policy
from engine.compiler.changes import base_of, rule_digest
from engine.compiler.library import Library
from engine.documents.load import Document, load_tree


@click.command("confirm")
@click.argument("policy", required=False, metavar="[POLICY]")
@click.option("--policies", "policies_", metavar="DIR", help="A folder of policies.")
def command(policy: str | None, policies_: str | None) -> None:
    """Say that the changes of POLICY (default: of all) were read against their base rules.

    Writes the digest of each base rule behind `base:`; nothing else in a file is touched.
    """
    root = Path(policies_) if policies_ else SHIPPED
    if not root.is_dir():
        raise click.UsageError(f"`{root}` is no folder; only files can be confirmed")
    documents, problems = load_tree(source_of(policies_))
    library = Library(documents, problems)
    if complain([p for p in problems if p.severity == "error"]):
        raise SystemExit(2)
    if policy is not None:
        want_policy(library.policies, policy)
    chosen = [policy] if policy else sorted(library.policies)
    written = sum(_confirm(library, library.policies[id], root) for id in chosen)
    changes = "change" if written == 1 else "changes"
    click.echo(f"{written} {changes} confirmed" if written else "nothing to confirm")


def _confirm(library: Library, document: Document, root: Path) -> int:
    path = root / document.folder / document.name
    written = 0
    # From the last change to the first: a line that is put in moves only what stands below it.
    for key, n, change in reversed(list(_changes(document))):
        base = base_of(library, document, change["rule"])
        now = rule_digest(base, change["rule"]) if base else None
        if now is None or change.get("ends") is True or change.get("base") == now:
            continue
        text = path.read_bytes().decode()
        if "base" in change:
            row, column = document.marks.value((key, n, "base"))
            path.write_bytes(_replaced(text, row, column, str(change["base"]), now).encode())
            written += 1
            continue
        row, column = document.marks.key((key, n, "rule"))
        done = _inserted(text, row, column, now)
        if done is None:
            click.echo(f'{path}:{row}: write `base: "{now}"` here yourself', err=True)
            continue
        path.write_bytes(done.encode())
        written += 1
    return written


def _changes(document: Document) -> Iterator[tuple[str, int, dict[str, Any]]]:
    places = sorted(("changes", "drops"), key=lambda key: document.marks.key((key,)))
    for key in places:
        for n, change in enumerate(document.data.get(key) or ()):
            yield key, n, change


def _replaced(text: str, row: int, column: int, said: str, now: str) -> str:
    lines = list(StringIO(text, newline=""))
    line = lines[row - 1]
    lines[row - 1] = line[: column - 1] + line[column - 1 :].replace(said, now, 1)
    return "".join(lines)


def _inserted(text: str, row: int, column: int, now: str) -> str | None:
    """A line of its own below the change's `rule`; None where the change stands on one line."""
    lines = list(StringIO(text, newline=""))
    line = lines[row - 1]
    before = line[: column - 1].replace("-", " ")
    if text.lstrip().startswith("{") or "{" in line or not before.isspace():
        return None
    end = line[len(line.rstrip("\r\n")) :] or "\n"
    lines.insert(row, f'{" " * (column - 1)}base: "{now}"{end}')
    return "".join(lines)
