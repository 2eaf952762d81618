"""`cleanclaim ledger export`: write what the ledger holds as a history."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import click

from engine.cli.ledger_options import ledger_option, opened, told


@click.command("export")
@ledger_option()
@click.option("--patient", metavar="ID", help="One patient only.")
@click.option(
    "-o", "--output", metavar="FILE", help="A new file, private to you. Default: standard output."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="jsonl holds services and spans, csv the services only.",
)
def command(ledger_: str, patient: str | None, output: str | None, format_: str) -> None:
    """Write every line as it stands, one a row, in the fields of a history: what is written can be
    read again by `check --history` and `ledger import`."""
    with told(ledger_):
        from engine.ledger.summary import exported

        ledger = opened(ledger_)
        rows = exported(ledger, patient)
        if output is None:
            _write(rows, format_, sys.stdout)
        else:
            with _private(output) as file:
                _write(rows, format_, file)


def _private(path: str) -> TextIO:
    try:
        handle = os.open(Path(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise click.UsageError(f"`{path}` cannot be written anew: {error.strerror}") from None
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _write(rows: Iterable[dict[str, Any]], format_: str, out: TextIO) -> None:
    if format_ == "jsonl":
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
        return
    from engine.claims.history import SERVICE_FIELDS

    writer = csv.DictWriter(out, SERVICE_FIELDS)
    writer.writeheader()
    writer.writerows(_cells(row) for row in rows if "service_date" in row)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    facts = row["documentation"]
    return {
        **row,
        "modifiers": " ".join(row["modifiers"]),
        "diagnoses": " ".join(row["diagnoses"]),
        "documentation": json.dumps(facts, default=_plain) if facts else None,
    }


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)
