"""`cleanclaim policy import`: take a quarterly public file into a table, and say what changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from engine.cli import exits
from engine.cli.options import SHIPPED, Day
from engine.documents.imports import place as places
from engine.documents.imports.grid import Unreadable
from engine.documents.imports.layout import About, Cells, Layout
from engine.documents.imports.layouts import LAYOUTS
from engine.documents.imports.merge import WORDS, Change, Merge
from engine.documents.load import load_tree


@click.command("import")
@click.argument("kind", type=click.Choice(list(LAYOUTS)), metavar="|".join(LAYOUTS))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILES")
@click.option("--policies", "root", type=click.Path(path_type=Path), help="Another folder.")
@click.option("--into", type=click.Path(path_type=Path), help="Folder for a table that is new.")
@click.option("--part", help="Whose edits a file holds, where it does not say: practitioner ...")
@click.option("--from", "begins", type=Day(), help="First day of the file, if it has no dates.")
@click.option("--published", type=Day(), help="When it came out, if later than what it says.")
@click.option("--all", "every", is_flag=True, help="Keep every row, not the field's alone.")
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(
    kind: str,
    files: tuple[Path, ...],
    root: Path | None,
    into: Path | None,
    part: str | None,
    begins: date | None,
    published: date | None,
    every: bool,
    dry_run: bool,
    format_: str,
) -> None:
    """Read published files in their own layout (text, CSV or spreadsheet) into a table.

    \b
    pairs           NCCI procedure-to-procedure edits, practitioner or outpatient
    units           medically unlikely edits; they need --from
    add-ons         the add-on code list
    hcpcs           HCPCS Level II, the alpha-numeric file
    icd10           the ICD-10-CM order file; it needs --from
    surgery-centre  addenda AA and BB of the surgery-centre payment system

    A row in place gets an end or a successor and is never rewritten. Only rows that touch a code
    of the field are kept, unless you say --all. Words that describe codes are not kept.
    """
    layout = LAYOUTS[kind]
    if layout.states_all and begins is None and kind != "surgery-centre":
        raise click.UsageError(f"the {kind} file has no dates; say --from with its first day")
    about = About(part, begins.isoformat() if begins else None)
    merge = Merge(layout, about, published.isoformat() if published else None)
    documents, _ = load_tree(root or SHIPPED)
    place = places.find(documents, root or SHIPPED, layout)
    if place is None and into is None:
        raise click.UsageError(f"there is no table `{layout.table}` yet; say --into FOLDER")
    place = place or places.Place(into or Path(), None)
    codes = places.field_codes(documents, layout.of)
    try:
        rows = merge.merged(place.rows(layout), _chosen(layout, files, about, codes, every=every))
    except (Unreadable, OSError) as fault:
        click.echo(f"error: {fault}", err=True)
        raise SystemExit(exits.BAD_INPUT) from None
    written = [] if dry_run else _write(layout, place, about, rows)
    _report(layout, merge.change, codes, len(rows), written, format_)


def _chosen(
    layout: Layout, files: tuple[Path, ...], about: About, codes: frozenset[str], *, every: bool
) -> Iterator[Cells]:
    """The rows of the files that touch a code of the field, or all."""
    at = [layout.columns.index(name) for name in layout.codes]
    for file in files:
        for row in layout.read(file, about):
            if every or any(row[n] in codes for n in at):
                yield row


def _write(layout: Layout, place: places.Place, about: About, rows: list[Cells]) -> list[Path]:
    header = places.header_of(layout, place, f"cms-{layout.name}/rows", "sources.yaml")
    written = places.write(place, header, rows)
    sources = place.folder / "sources.yaml"
    if place.header is None and not sources.exists():
        import yaml

        source = places.source_of(layout, about.begins, date.today().isoformat())  # noqa: DTZ011
        text = yaml.safe_dump({"sources": {f"cms-{layout.name}": source}}, sort_keys=False)
        sources.write_text(text, encoding="utf-8")
        written.append(sources)
    return written


def _report(
    layout: Layout,
    change: Change,
    codes: frozenset[str],
    rows: int,
    written: list[Path],
    format_: str,
) -> None:
    """Counts first, then the field's codes that are touched."""
    touched = {
        word: {code: change.codes[word][code] for code in sorted(set(change.codes[word]) & codes)}
        for word in WORDS
    }
    if format_ == "json":
        counts = {word: change.rows[word] for word in WORDS}
        found = {"table": layout.table, "rows": rows, "same": change.same, **counts}
        shown = {**found, "codes": touched, "written": [str(path) for path in written]}
        click.echo(json.dumps(shown, indent=2))
        return
    click.echo(f"{layout.table}: {rows} rows, {change.same} as before")
    for word in WORDS:
        if change.rows[word]:
            click.echo(f"  {word.replace('_', ' ')}: {change.rows[word]}")
            for line in _wrapped(touched[word]):
                click.echo(f"      {line}")
    for path in written:
        click.echo(f"wrote {path}")
    if not written:
        click.echo("nothing was written")


def _wrapped(codes: dict[str, int]) -> list[str]:
    import textwrap

    named = ", ".join(f"{code} ({count})" if count > 1 else code for code, count in codes.items())
    return textwrap.wrap(named, 90)
