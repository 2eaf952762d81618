"""`cleanclaim policy docs`: a catalogue of all policies as static pages."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import exits
from engine.cli.options import complain, source_of
from engine.compiler.lint import lint


@click.command("docs")
@click.option(
    "-o",
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to.",
)
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
@click.option("--title", default="Coverage policies", show_default=True, help="Of the catalogue.")
def command(folder: Path, policies_: str | None, title: str) -> None:
    """Write every policy, rule, code set, source and fact as pages with a search.

    The pages need no server and no network: open index.html.
    """
    library, problems = lint(source_of(policies_))
    if complain([p for p in problems if p.severity == "error"]):
        raise SystemExit(exits.BAD_INPUT)
    from engine.analysis.catalogue.site import site, write

    files = site(library, title)
    try:
        write(files, folder)
    except OSError as fault:
        raise click.UsageError(f"cannot write `{folder}`: {fault.strerror}") from None
    click.echo(f"{len(files)} files; open {folder / 'index.html'}")
