"""Files that lie beside a claim file and belong to it: its history and its documentation.

``wednesday.837`` is read with ``wednesday-history.json`` and ``wednesday-documentation.json``
where these exist and the command names no others, and so is ``wednesday.fhir.json``.
"""

from __future__ import annotations

from pathlib import Path

import click

ENDINGS = (".json", ".jsonl", ".yaml")


def beside(files: tuple[str, ...], named: tuple[str, ...], what: str) -> tuple[str, ...]:
    """The files that the command names, else those beside the claims; the latter are announced.

    `what` is ``history`` or ``documentation``.
    """
    if named:
        return named
    found = tuple(path for file in files for path in _of(file, what))
    for path in found:
        click.echo(f"read beside the claims: {path}", err=True)
    return found


def _of(file: str, what: str) -> list[str]:
    if file == "-":
        return []
    path = Path(file)
    if not path.name:  # a folder such as . has no name to lie beside
        return []
    stem = path.stem.removesuffix(".fhir")
    candidates = (path.with_name(f"{stem}-{what}{ending}") for ending in ENDINGS)
    return [str(c) for c in candidates if c.is_file()]
