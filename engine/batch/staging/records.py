"""Reads one partition as records of claims, sorted by patient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from engine.batch.database import connect
from engine.batch.inputs.tables import named, quoted
from engine.batch.schemas import (
    CLAIM_LEVEL,
    LINE_LEVEL,
    LISTS,
    OF_CLAIM,
    OF_LINES,
    RECORD,
    SORTED,
    STAGED,
)
from engine.batch.staging import LINES, RECORDS

_ABOUT = [*(n for n in CLAIM_LEVEL if n not in (*OF_CLAIM, "patient")), "diagnoses"]
_BODY = [*(n for n in LINE_LEVEL if n not in OF_LINES), "modifiers", "pointers"]
BATCH = 4_000
"""Claims that are judged and held together: their rows take some ten kilobytes each."""
LINES_A_BATCH = 8_000
MEMORY = "300MB"
LINE_ORDER = ("patient", "claim_id", "key", "ord", "number", "file")
"""By these columns lines are sorted: texts by their bytes, and what is missing comes last."""
RECORD_ORDER = LINE_ORDER[:3]


def lines(database: Any, work: Path, part: int) -> Iterator[pa.RecordBatch]:
    """The lines of a partition in the order of its records, in batches, as `SORTED`."""
    # A cursor of its own: while batches are read, the database may be asked for other things.
    cursor = database.cursor()
    for batch in cursor.sql(line_query(work, part)).to_arrow_reader(LINES_A_BATCH):
        given = dict(zip(batch.schema.names, batch.columns, strict=True))
        columns = [
            given[f.name].cast(f.type) if f.name in given else pa.nulls(batch.num_rows, f.type)
            for f in SORTED
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=SORTED)


def line_query(work: Path, part: int) -> str:
    """The SQL of `lines`, without the columns that hold nothing: to sort them takes time."""
    folder, files = work / LINES / f"part={part}", _documented(work, part)
    columns = [
        f"to_json({named(n)})::VARCHAR AS {named(n)}" if n in LISTS else named(n)
        for n in _held(folder)
    ]
    if files:
        columns.append(f"key IN (SELECT key FROM {_all_of(files)}) AS recorded")
    return f"SELECT {', '.join(columns)} FROM {_all_of(folder)} ORDER BY {', '.join(LINE_ORDER)}"


def _held(folder: Path) -> list[str]:
    """The columns in which any line holds anything, as the files tell at their ends."""
    found = {"key", "kind"}
    for path in folder.glob("*.parquet"):
        told = parquet.read_metadata(path)
        for group in map(told.row_group, range(told.num_row_groups)):
            for column in map(group.column, range(group.num_columns)):
                known = column.statistics
                told_of = known is not None and known.has_null_count
                if not told_of or known.null_count < column.num_values:
                    found.add(column.path_in_schema.split(".")[0])
    return [name for name in STAGED.names if name in found]


def records(work: Path, part: int) -> Iterator[pa.RecordBatch]:
    """The records of a partition, in batches."""
    with connect(work, 1, MEMORY) as database:
        yield from _records(database, record_query(work, part))


def records_of(
    database: Any, work: Path, part: int, patients: Sequence[str | None]
) -> Iterator[pa.RecordBatch]:
    """The records of some patients of a partition, in batches; None is who has no id."""
    wanted = pa.table({"patient": pa.array(patients, pa.string())})
    cursor = database.cursor()
    cursor.register("wanted_patients", wanted)
    yield from _records(cursor, record_query(work, part, WANTED))


WANTED = (
    "patient IN (SELECT patient FROM wanted_patients WHERE patient IS NOT NULL) OR "
    "(patient IS NULL AND EXISTS (FROM wanted_patients WHERE patient IS NULL))"
)
"""Of a line: its patient stands in the table `wanted_patients`."""


def _records(database: Any, query: str) -> Iterator[pa.RecordBatch]:
    for batch in database.sql(query).to_arrow_reader(BATCH):
        yield batch.cast(RECORD) if batch.schema != RECORD else batch


def record_query(work: Path, part: int, condition: str = "true") -> str:
    """The SQL of `records`, of the lines of which a condition holds. Lines become claims: what is
    equal for many stands in two texts, the rest beside them."""
    lines = _all_of(work / LINES / f"part={part}")
    about = ", ".join(f"{named(n)} := any_value({named(n)})" for n in _ABOUT)
    body = ", ".join(f"{named(n)} := {named(n)}" for n in (*_BODY, *OF_LINES))
    shown = ", ".join(f"{named(n)} := x.{named(n)}" for n in _BODY)
    return (
        f"WITH claims AS (SELECT patient, key, any_value(file) AS file, kind, "
        f"to_json(struct_pack({about}))::VARCHAR AS about, "
        f"list(struct_pack({body}) ORDER BY ord, number, file) AS rows, "
        f"CASE WHEN {_REPEATED} THEN list(file ORDER BY ord, number, file) END AS files, "
        f"{', '.join(f'any_value({named(n)}) AS {named(n)}' for n in OF_CLAIM)} "
        f"FROM {lines} WHERE {condition} GROUP BY patient, key, kind), "
        f"told AS (SELECT *, CASE WHEN files IS NULL THEN rows ELSE {_ONCE} END AS body "
        "FROM claims) "
        "SELECT patient, key, file, kind, about, "
        f"to_json([struct_pack({shown}) FOR x IN body])::VARCHAR AS body, "
        f"{_record(work, part)} AS record, (len(rows) - len(body))::INTEGER AS copies, "
        f"{', '.join(named(n) for n in OF_CLAIM)}, "
        f"{', '.join(f'[x.{named(n)} FOR x IN body] AS {named(n)}' for n in OF_LINES)} "
        f"FROM told {_join(work, part)} ORDER BY {', '.join(RECORD_ORDER)}"
    )


_REPEATED = (
    "count(number) > count(DISTINCT number) "
    "OR (count(number) < count(*) AND min(file) <> max(file))"
)
"""Whether some rows of a claim may be copies: a line number stands twice, or rows without one
stand in several files."""
_ONCE = (
    "list_filter(rows, lambda x, i: CASE WHEN x.number IS NOT NULL "
    "THEN list_position(rows, x) = i "
    "ELSE NOT list_has_any([files[j] < files[i] FOR j IN range(1, len(rows) + 1) "
    "IF rows[j] = x], [true]) END)"
)
"""Rows that are equal in every column count once: those with a number anywhere, those without
one where they stand in several files; two of them in one file are two lines."""


def _documented(work: Path, part: int) -> Path | None:
    folder = work / RECORDS / f"part={part}"
    return folder if folder.exists() else None


def _record(work: Path, part: int) -> str:
    return "records.record" if _documented(work, part) else "NULL::VARCHAR"


def _join(work: Path, part: int) -> str:
    folder = _documented(work, part)
    if folder is None:
        return ""
    return f"LEFT JOIN {_all_of(folder)} AS records USING (key)"


def _all_of(folder: Path) -> str:
    return f"read_parquet({quoted(str(folder / '*.parquet'))})"


def parts_of(work: Path, count: int) -> list[int]:
    """The partitions in which there is anything."""
    return [n for n in range(count) if (work / LINES / f"part={n}").exists()]


def claims_named(work: Path, keys: list[str]) -> dict[str, tuple[str, str]]:
    """Claim id and file by key."""
    files = quoted(str(work / LINES / "*/*.parquet"))
    sql = f"SELECT key, any_value(claim_id), any_value(file) FROM read_parquet({files}) "
    with connect(work, 1, MEMORY) as database:
        sql += f"WHERE key IN ({', '.join(map(quoted, keys))}) GROUP BY key"
        return {key: (claim_id, file) for key, claim_id, file in database.execute(sql).fetchall()}
