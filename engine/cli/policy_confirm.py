"""`cleanclaim policy confirm`: write digests of base rules into the changes that lean on them."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.options import SHIPPED, complain, source_of
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
    documents, problems = load_tree(source_of(policies_))
    library = Library(documents, problems)
    if complain([p for p in problems if p.severity == "error"]):
        raise SystemExit(2)
    if policy is not None and policy not in library.policies:
        raise click.UsageError(f"there is no policy `{policy}`; see `cleanclaim policy list`")
    chosen = [policy] if policy else sorted(library.policies)
    written = sum(_confirm(library, library.policies[id], root) for id in chosen)
    click.echo(f"{written} changes confirmed" if written else "nothing to confirm")


def _confirm(library: Library, document: Document, root: Path) -> int:
    path = root / document.folder / document.name
    lines = path.read_bytes().decode().splitlines(keepends=True)
    written = 0
    for key in ("changes", "drops"):
        for n, change in enumerate(document.data.get(key) or ()):
            base, said = base_of(library, document, change["rule"]), change.get("base")
            if base is None or said is None or said == (now := rule_digest(base, change["rule"])):
                continue
            row, _ = document.marks.value((key, n, "base"))
            lines[row - 1] = lines[row - 1].replace(str(said), now, 1)
            written += 1
    if written:
        path.write_bytes("".join(lines).encode())
    return written
