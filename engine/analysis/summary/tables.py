"""A batch's Parquet files as tables of DuckDB, checked before anything is counted."""

from __future__ import annotations

import glob
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from engine.analysis.summary.folder import Folder, miscounted
from engine.analysis.summary.shapes import TABLES, Shape, suits
from engine.model.problem import Location, Problem

MEMORY = "500MB"
"""What DuckDB may hold before it writes to disk."""
Tables: TypeAlias = Any
"""A connection to DuckDB."""


@contextmanager
def connected() -> Iterator[Tables]:
    """DuckDB in memory, with a folder of its own for what does not fit. Raises ImportError."""
    import duckdb  # an extra; only this command needs it

    with tempfile.TemporaryDirectory(prefix="cleanclaim-") as spare, duckdb.connect() as db:
        db.execute("SET memory_limit = ?", [MEMORY])
        db.execute("SET temp_directory = ?", [spare])
        db.execute("SET preserve_insertion_order = false")
        db.execute("SET enable_progress_bar = false")  # it would stand within the page
        db.execute("SET autoinstall_known_extensions = false")  # nothing is fetched
        yield db


def attach(db: Tables, folder: Folder) -> list[Problem]:
    """Make a view of each table; what is wrong with their files."""
    import duckdb

    for table, shape in TABLES.items():
        files = folder.parts[table]
        for file in files:
            try:
                problem = _checked(db, file, table, shape)
            except duckdb.Error as fault:
                problem = damaged(file, fault)
            if problem is not None:
                return [problem]
        db.execute(f'CREATE VIEW "{table}" AS {_selected(files, shape)}')
        (rows,) = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        wrong = miscounted(folder, table, rows)
        if wrong is not None:
            return [wrong]
    return []


def damaged(file: Path, fault: Exception) -> Problem:
    """A Parquet file that cannot be read."""
    message = f"cannot be read as Parquet: {str(fault).splitlines()[0]}"
    hint = "copy the folder again, or run `cleanclaim batch` again"
    return Problem(Location(str(file)), "part-damaged", message, hint)


def _checked(db: Tables, file: Path, table: str, shape: Shape) -> Problem | None:
    """The columns of one file."""
    described = db.execute(f"DESCRIBE SELECT * FROM {_read([file])}").fetchall()
    found = {name: type_ for name, type_, *_ in described}
    for name, wanted in shape.items():
        if name not in found:
            return _other_version(file, f"the {table} have no column `{name}`")
        if not suits(wanted, found[name]):
            return _other_version(
                file, f"the column `{name}` is of type {found[name].lower()}, not {wanted.lower()}"
            )
    return None


def _other_version(file: Path, message: str) -> Problem:
    hint = "they were written by another version: run `cleanclaim batch` again with this one"
    return Problem(Location(str(file)), "part-columns", message, hint)


def _selected(files: Sequence[Path], shape: Shape) -> str:
    if not files:
        empty = ", ".join(f'NULL::{type_} AS "{name}"' for name, type_ in shape.items())
        return f"SELECT {empty} WHERE false"
    columns = ", ".join(
        f'{"TRY_CAST" if type_ == "DATE" else "CAST"}("{name}" AS {type_}) AS "{name}"'
        for name, type_ in shape.items()
    )
    return f"SELECT {columns} FROM {_read(files)}"


def _read(files: Sequence[Path]) -> str:
    """The files by name: what looks like a wildcard in a folder's name is none."""
    listed = ", ".join("'" + glob.escape(str(file)).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}])"
