"""The same two steps on Spark: each is mapped over rows partitioned and sorted by patient.

Never a group for each patient: that is slower by two orders of magnitude. What comes out is one
table of rows of every kind, which is split into the outputs at the end.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc, parquet

from engine.batch.database import connect
from engine.batch.inputs.tables import quoted
from engine.batch.judge import Judge, Judged, whole_patients
from engine.batch.lock import WORK
from engine.batch.schemas import OUTPUTS, RECORD, SORTED, TEXT
from engine.batch.settings import Settings
from engine.batch.staging.records import (
    BATCH,
    LINE_ORDER,
    LINES_A_BATCH,
    RECORD_ORDER,
    WANTED,
    line_query,
    record_query,
)
from engine.batch.told import DONE, Told, room, write_json
from engine.batch.work.pool import WorkerError
from engine.batch.work.worker import write, writers
from engine.chain.garbage import look_seldom

_OUT = pa.schema(
    [
        ("told", TEXT),
        ("others", pa.list_(TEXT)),
        *((name, pa.binary()) for name in OUTPUTS),
    ]
)
"""A row for each table of patients: what is told of it as JSON, the patients who are left to their
records, and the rows of the outputs as streams of Arrow. Java has nothing to do with those: when
it made rows of its own of them, that took a third of the time of judging."""
Mapped = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


@lru_cache(maxsize=1)
def _judge(settings: bytes) -> Judge:
    """The judge of a worker process, which judges many partitions by the same books."""
    look_seldom()
    return Judge(pickle.loads(settings))


def by_lines(settings: bytes, skip: tuple[str, ...]) -> Mapped:
    """The function that judges plain patients by batches of lines, as `SORTED`; `settings` are
    those of the batch, pickled."""

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for table in whole_patients(batches, LINES_A_BATCH):
            yield _row(*_judge(settings).lines(table, skip=skip))

    return judge


def by_records(settings: bytes, skip: tuple[str, ...]) -> Mapped:
    """The function that judges the other patients by batches of records, as `RECORD`."""

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for table in whole_patients(batches):
            yield _row(_judge(settings)(table, skip=skip))

    return judge


def _row(judged: Judged, others: Sequence[str | None] = ()) -> pa.RecordBatch:
    told = Told(0)
    told.add(judged)
    streams = {name: _stream(table) for name, table in judged.written.tables.items()}
    row = {"told": json.dumps(asdict(told)), "others": list(others), **streams}
    return pa.RecordBatch.from_pylist([row], _OUT)


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = ipc.IpcWriteOptions(compression="lz4")
    with ipc.new_stream(sink, table.schema, options=options) as stream:
        stream.write_table(table)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def judge_on_spark(
    url: str, out: Path, settings: Settings, parts: list[int], skip: tuple[str, ...]
) -> None:
    """Judge some partitions on the Spark at `url` and write what came out under the number of the
    first, then the mark of all. Raises NoRoomError, and WorkerError if Spark fails."""
    work, given = out / WORK, pickle.dumps(settings)
    tables = _Tables(work, parts)
    with _session(url) as session:
        tables.map(session, "lines", SORTED, LINE_ORDER, by_lines(given, skip))
        if tables.others():
            tables.map(session, "records", RECORD, RECORD_ORDER, by_records(given, skip))
    _write(out, tables.made, parts)


@contextmanager
def _session(url: str) -> Iterator[Any]:
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder.master(url).appName("cleanclaim")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH)
    session: Any = None
    try:
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
    except (PySparkException, Py4JJavaError) as error:
        told = getattr(error, "java_exception", error)
        raise WorkerError(f"Spark could not do it: {str(told).splitlines()[0]}") from None
    finally:
        if session is not None:
            session.stop()


class _Tables:
    """What Spark reads and what it writes, in folders of the hidden one."""

    def __init__(self, work: Path, parts: list[int]) -> None:
        self._work, self._parts = work, parts
        self._given, self.made = work / "for-spark", work / "from-spark"
        for folder in (self._given, self.made):  # an earlier start may have left something
            shutil.rmtree(folder, ignore_errors=True)
        with connect(work, 1) as database:
            self._copy(database, "lines", lambda part: line_query(work, part))

    def map(
        self, session: Any, step: str, schema: pa.Schema, order: Sequence[str], function: Mapped
    ) -> None:
        """Have Spark map a function over the rows of a step."""
        from pyspark.sql.functions import col
        from pyspark.sql.pandas.types import from_arrow_schema

        # With the schema given, a column that a file lacks, since no line of it holds anything
        # there, is null.
        frame = session.read.schema(from_arrow_schema(schema)).parquet(str(self._given / step))
        frame = frame.repartition(max(len(self._parts), 2), "patient")
        frame = frame.sortWithinPartitions(*(col(name).asc_nulls_last() for name in order))
        result = frame.mapInArrow(function, from_arrow_schema(_OUT))
        result.write.parquet(str(self.made / step))

    def others(self) -> bool:
        """Write the records of the patients who were left to them; whether there are any."""
        with connect(self._work, 1) as database:
            made = quoted(str(self.made / "lines/*.parquet"))
            others = f"SELECT unnest(others) AS patient FROM read_parquet({made})"
            database.execute(f"CREATE TABLE wanted_patients AS {others}")
            (count,) = database.execute("SELECT count(*) FROM wanted_patients").fetchone()
            if count:
                self._copy(database, "records", lambda n: record_query(self._work, n, WANTED))
        return bool(count)

    def _copy(self, database: Any, step: str, query: Callable[[int], str]) -> None:
        folder = self._given / step
        folder.mkdir(parents=True)
        for part in self._parts:
            target = quoted(str(folder / f"{part}.parquet"))
            database.execute(f"COPY ({query(part)}) TO {target} (FORMAT parquet)")


def _write(out: Path, made: Path, parts: list[int]) -> None:
    """Write the outputs as every batch has them."""
    first, *others = parts
    total = Told(first, others)
    with room():
        with writers(out, first) as files:
            for path in sorted(made.glob("*/*.parquet")):
                for row in _rows(path):
                    total.join(json.loads(row["told"]))
                    for name, file in files.items():
                        write(file, ipc.open_stream(row[name]).read_all())
        write_json(out / WORK / DONE / f"{first:04d}.json", asdict(total))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1):
            yield from batch.to_pylist()
