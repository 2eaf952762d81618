"""The same function on Spark: it is mapped over records that are partitioned and sorted by patient.

Never a group for each patient: that is slower by two orders of magnitude. What came out is one
table of rows of every kind, which is split into the parts of the output at the end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from engine.batch.database import connect
from engine.batch.inputs.tables import quoted
from engine.batch.judge import Judge, whole_patients
from engine.batch.lock import WORK
from engine.batch.schemas import OUTPUTS
from engine.batch.settings import Settings
from engine.batch.staging.records import record_query
from engine.batch.told import DONE, Told, write_json
from engine.chain.garbage import look_seldom

_OUT = pa.schema(
    [("told", pa.string()), *((name, pa.struct(list(schema))) for name, schema in OUTPUTS.items())]
)


def mapped(
    settings: Settings, skip: tuple[str, ...]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """The function that Spark maps over batches of records; the books are made once a worker."""

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        look_seldom()
        judged_by = Judge(settings)
        for batch in whole_patients(batches):
            judged = judged_by(batch, skip=skip)
            told = Told(0)
            told.add(judged)
            yield from _of_one_schema({"told": pa.array([json.dumps(asdict(told))])})
            for name, table in judged.written.tables.items():
                for piece in table.cast(OUTPUTS[name]).to_struct_array().chunks:
                    yield from _of_one_schema({name: piece})

    return judge


def _of_one_schema(given: dict[str, pa.Array]) -> Iterator[pa.RecordBatch]:
    """Rows of one kind, the other kinds null."""
    (count,) = {len(column) for column in given.values()}
    if count:
        columns = [given.get(field.name, pa.nulls(count, field.type)) for field in _OUT]
        yield pa.RecordBatch.from_arrays(
            [c.cast(f.type) for c, f in zip(columns, _OUT, strict=True)], schema=_OUT
        )


def judge_on_spark(
    url: str, out: Path, settings: Settings, parts: list[int], skip: tuple[str, ...]
) -> None:
    """Judge all partitions on the Spark at `url` and write the parts, then the mark of all."""
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    work = out / WORK
    given, made = work / "for-spark", work / "from-spark"
    given.mkdir(exist_ok=True)
    with connect(work, 1) as database:
        for part in parts:
            target = quoted(str(given / f"{part}.parquet"))
            database.execute(f"COPY ({record_query(work, part)}) TO {target} (FORMAT parquet)")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session: Any = SparkSession.builder.master(url).appName("cleanclaim").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        frame = session.read.parquet(str(given)).repartition(max(len(parts), 2), "patient")
        frame = frame.sortWithinPartitions("patient", "claim_id", "key")
        result = frame.mapInArrow(mapped(settings, skip), from_arrow_schema(_OUT))
        result.write.mode("overwrite").parquet(str(made))
    finally:
        session.stop()
    _split(out, made)


def _split(out: Path, made: Path) -> None:
    """Write rows of one schema as the parts that every batch has."""
    work = out / WORK
    rows = f"read_parquet({quoted(str(made / '*.parquet'))})"
    total = Told(0)
    with connect(work, 2) as database:
        for (text,) in database.execute(
            f"SELECT told FROM {rows} WHERE told IS NOT NULL"
        ).fetchall():
            total.join(json.loads(text))
        for name in reversed(OUTPUTS):
            draft = work / f"{name}.parquet"
            database.execute(
                f"COPY (SELECT unnest({name}) FROM {rows} WHERE {name} IS NOT NULL) "
                f"TO {quoted(str(draft))} (FORMAT parquet)"
            )
            draft.replace(out / name / "part-0000.parquet")
    write_json(work / DONE / "0000.json", asdict(total))
