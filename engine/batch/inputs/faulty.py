"""Tells of rows of tables that are no rows, or that lack what tells whose claim they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.batch.inputs import Input
from engine.batch.inputs.reading import Refused
from engine.batch.inputs.tables import name_of


def faulty_rows(
    database: Any, inputs: Sequence[Input], unnamed: Mapping[str, int]
) -> Iterator[Refused]:
    """The rows of which nothing can be said, and those that are no rows. `unnamed` says how many
    rows of a file have no claim id."""
    for file, count in unnamed.items():
        reason = f"{count} rows have no claim_id, so that nothing can be said of them"
        yield Refused(file, None, None, "missing-field", reason)
    for file, line, message in _rejected(database, inputs):
        yield Refused(file, f"line {line}", None, "bad-row", message)


def _rejected(database: Any, inputs: Sequence[Input]) -> Iterator[tuple[str, int, str]]:
    """Rows of CSV files that the database could not read."""
    found = (
        database.execute(
            f"SELECT {name_of('s.file_path', inputs)}, e.line, any_value(e.error_message) "
            "FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) GROUP BY ALL"
        ).fetchall()
        if _has(database, "reject_errors")
        else []
    )
    for file, line, message in found:
        yield file, line, str(message).splitlines()[0][:160]


def _has(database: Any, name: str) -> bool:
    sql = "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?"
    return bool(database.execute(sql, [name]).fetchone()[0])
