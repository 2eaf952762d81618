"""Brings what can matter of all inputs into partitions by patient, with a database, on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from engine.batch.database import BadTableError, connect
from engine.batch.inputs import Input
from engine.batch.inputs.beside import history_into, records_into
from engine.batch.inputs.faulty import faulty_rows
from engine.batch.inputs.reading import Refused, Writer, read_into
from engine.batch.inputs.tables import named, quoted, select
from engine.batch.schemas import FIELDS, HISTORY
from engine.batch.staging.conditions import counts, from_ledger, matters
from engine.batch.staging.trigger import Relevance

LINES, RECORDS = "lines", "records"
ROWS_A_PART = 8_000
"""Small enough that the last partitions keep every worker busy, and cheap enough to do again."""
MOST_PARTS = 64
_ROWS = 20_000


@dataclass
class Staged:
    """What was read: claims and lines by file and by payer as written, what was refused, and how
    many partitions there are. `torn` are keys of claims that name two patients, `ledger` says what
    a ledger knew of the patients."""

    parts: int = 0
    claims: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    untouched: list[tuple[str | None, str | None, str | None, int]] = field(default_factory=list)
    wanted: int = 0
    charge: str = "0"
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Refused] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    ledger: dict[str, Any] = field(default_factory=dict)


Fetch = Callable[[Any, Path], dict[str, Any]]


@dataclass
class Stager:
    """Stages inputs below `work`. `relevance` is asked for once the plans are known; `fetch` asks
    a ledger for patients and their claims, and writes what it knows to a file."""

    work: Path
    inputs: Sequence[Input]
    history: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    threads: int = 1
    note: Callable[[int], None] = lambda _n: None
    fetch: Fetch | None = None

    def run(self, relevance: Callable[[frozenset[str]], Relevance]) -> Staged:
        """Read everything once for what can matter, and once for what matters."""
        staged = Staged()
        self.work.mkdir(parents=True, exist_ok=True)
        views = self._read(staged)
        if views or self._tables("csv"):
            try:
                with connect(self.work, self.threads) as database:
                    self._pick(database, views, staged, relevance)
            except duckdb.InterruptException:
                raise KeyboardInterrupt from None
            except duckdb.Error as error:
                if "No space left" in str(error) or "max_temp_directory_size" in str(error):
                    raise
                raise BadTableError(_first_line(error)) from None
        return staged

    def _pick(
        self,
        database: Any,
        views: list[str],
        staged: Staged,
        relevance: Callable[[frozenset[str]], Relevance],
    ) -> None:
        views += self._texts(database)
        database.execute(f"CREATE TEMP VIEW given AS {' UNION ALL BY NAME '.join(views)}")
        staged.refused += faulty_rows(database, self.inputs)
        found = relevance(self._plans(database))
        self._count(database, staged, matters(found.lines, self._recorded))
        database.execute(
            "CREATE TEMP TABLE matter AS SELECT DISTINCT patient, service_date "
            "FROM given SEMI JOIN wanted USING (key) WHERE kind = 0"
        )
        condition = counts(found.past, self._recorded)
        chosen = f"SELECT {_STAGED} FROM {_MARKED} WHERE {_KEPT}{condition})"
        if self.fetch is not None:
            people = database.sql(_PEOPLE).to_arrow_reader(_ROWS)
            staged.ledger = self.fetch(people, self._told)
            chosen += f" UNION ALL BY NAME {from_ledger(self._told, condition)}"
        self._stage(database, staged, chosen)

    @property
    def _told(self) -> Path:
        """What a ledger knows of the patients, once it is asked."""
        return self.work / "ledger.parquet"

    @property
    def _recorded(self) -> Path:
        """What is documented apart from the claims, once it is read."""
        return self.work / "records.parquet"

    def _read(self, staged: Staged) -> list[str]:
        """The selects by which the database sees every input."""
        views = [select(group) for group in self._tables("parquet")]
        writer = Writer(self.work / "read.parquet")
        for n, given in enumerate(self.inputs):
            if not given.table:
                self._claims(writer, given, n, staged)
        staged.remarks += history_into(writer, self.history)
        writer.close()
        if writer.path.exists():
            views.append(f"SELECT * FROM read_parquet({quoted(str(writer.path))})")
        if self.documentation:
            staged.remarks += records_into(self._recorded, self.documentation)
        return views

    def _texts(self, database: Any) -> list[str]:
        """CSV files, parsed once: which rows are faulty hangs on the columns that are asked for."""
        found = []
        for n, group in enumerate(self._tables("csv")):
            path = quoted(str(self.work / f"table-{n}.parquet"))
            database.execute(f"COPY ({select(group)}) TO {path} (FORMAT parquet)")
            found.append(f"SELECT * FROM read_parquet({path})")
        return found

    def _tables(self, kind: str) -> list[list[Input]]:
        """The tables of a kind, those of one layout together."""
        found = sorted((i for i in self.inputs if i.kind == kind), key=lambda i: repr(_layout(i)))
        return [list(group) for _, group in groupby(found, key=_layout)]

    def _claims(self, writer: Writer, given: Input, source: int, staged: Staged) -> None:
        nested = bool(given.columns)
        items = read_into(writer, given, source, nested=nested)
        for done, item in enumerate(items):
            if isinstance(item, Refused):
                (staged.remarks if item.warning else staged.refused).append(item)
            self.note(done)

    def _plans(self, database: Any) -> frozenset[str]:
        if all(i.table and "plan" not in i.layout.fields for i in self.inputs):
            return frozenset()
        found = database.execute("SELECT DISTINCT plan FROM given WHERE plan IS NOT NULL")
        return frozenset(row[0] for row in found.fetchall())

    def _count(self, database: Any, staged: Staged, condition: str) -> None:
        """Count claims and lines, and note the keys of the claims that matter."""
        lines = "FROM given WHERE kind = 0 AND claim_id IS NOT NULL"
        rows = database.execute(f"SELECT file, count(*) {lines} GROUP BY file").fetchall()
        staged.lines = dict(rows)
        database.execute(f"CREATE TEMP TABLE wanted AS SELECT DISTINCT key {lines} AND {condition}")
        one = ", ".join(f"any_value({n}) AS {n}" for n in _OF_COUNTS.split(", "))
        found = database.execute(
            f"SELECT {_OF_COUNTS}, matters, count(*), sum(charge) FROM (SELECT key, {one}, "
            "sum(TRY_CAST(charge AS DECIMAL(18, 2))) AS charge, "
            f"any_value(wanted.key IS NOT NULL) AS matters {lines.replace('given', _MARKED)} "
            "GROUP BY key) GROUP BY ALL"
        ).fetchall()
        charge = 0
        for file, payer, name, identifier, wanted, count, money in found:
            staged.claims[file] = staged.claims.get(file, 0) + count
            charge += money or 0
            if wanted:
                staged.wanted += count
            else:
                staged.untouched.append((payer, name, identifier, count))
        staged.charge = str(charge)

    def _stage(self, database: Any, staged: Staged, chosen: str) -> None:
        """Write the lines that matter, by patient, and what is documented of their claims."""
        count = database.execute(f"SELECT count(*) FROM ({chosen})").fetchone()[0]
        if not count:
            return
        staged.parts = min(MOST_PARTS, -(-count // ROWS_A_PART))
        database.execute(
            f"COPY (SELECT hash(patient) % {staged.parts} AS part, * FROM ({chosen})) "
            f"TO {quoted(str(self.work / LINES))} (FORMAT parquet, PARTITION_BY (part))"
        )
        torn = database.execute(
            f"SELECT key, any_value(claim_id), any_value(file) FROM {self._staged()} "
            "WHERE kind = 0 GROUP BY key HAVING count(DISTINCT coalesce(patient, '')) > 1"
        ).fetchall()
        for key, claim_id, file in torn:
            staged.torn.append(key)
            reason = "the lines of this claim name different patients"
            staged.refused.append(Refused(file, None, claim_id, "two-patients", reason))
        if self._recorded.exists():
            self._records(database)

    def _records(self, database: Any) -> None:
        records = quoted(str(self._recorded))
        database.execute(
            f"COPY (SELECT DISTINCT part, key, record FROM {self._staged()} "
            f"JOIN read_parquet({records}) USING (claim_id) WHERE kind <> {HISTORY}) "
            f"TO {quoted(str(self.work / RECORDS))} (FORMAT parquet, PARTITION_BY (part))"
        )

    def _staged(self) -> str:
        return f"read_parquet({quoted(str(self.work / LINES / '*/*.parquet'))})"


_OF_COUNTS = "file, payer, payer_name, payer_identifier"
_MARKED = "given LEFT JOIN wanted USING (key)"
_STAGED = (
    "file, ord, coalesce(key, '') AS key, CASE WHEN kind = 1 THEN 1 WHEN wanted.key IS NOT NULL "
    f"THEN 0 ELSE 2 END::TINYINT AS kind, {', '.join(map(named, FIELDS))}"
)
_PEOPLE = (
    "SELECT DISTINCT patient, claim_id, replaces FROM given WHERE kind = 0 AND claim_id IS NOT "
    "NULL AND patient IN (SELECT patient FROM given SEMI JOIN wanted USING (key) WHERE kind = 0) "
    "ORDER BY patient"
)
_KEPT = "(kind = 1 OR claim_id IS NOT NULL) AND (kind = 1 OR wanted.key IS NOT NULL OR "


def _first_line(error: Exception) -> str:
    """What a database's error says first, without what it found in the file."""
    return str(error).splitlines()[0][:300]


def _layout(given: Input) -> tuple[Any, ...]:
    layout = given.layout
    return (given.kind, given.delimiter, tuple(given.columns.items()), tuple(layout.fields.items()))
