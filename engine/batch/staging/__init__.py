"""Brings what can matter of all inputs into partitions by patient, with a database, on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from engine.batch.inputs.tables import Lines, lines_of, named, parsed, quoted, rows_of
from engine.batch.schemas import FIELDS, HISTORY
from engine.batch.staging.conditions import Conditions, from_ledger, told_by_ledger
from engine.batch.staging.counting import Counts, counted, wanted_of
from engine.batch.staging.picking import expected, kept, note_wanted, people_of
from engine.batch.staging.trigger import Relevance

LINES, RECORDS = "lines", "records"
ROWS_A_PART = 6_000
"""Lines of claims to judge and entries of histories: few enough that the last partitions keep every
worker busy, and cheap to do again. How many other lines count beside them is not known before."""
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
        given = self._read(staged)
        if given or self._tables("csv"):
            try:
                with connect(self.work, self.threads) as database:
                    self._pick(database, given, staged, relevance)
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
        given: list[Lines],
        staged: Staged,
        relevance: Callable[[frozenset[str]], Relevance],
    ) -> None:
        given += self._texts(database)
        plans = self._plans(database, given)
        found, counts, given = self._looked_at(database, given, lambda: relevance(plans))
        staged.lines, staged.claims = dict(sorted(counts.lines.items())), counts.by_file()
        staged.charge = str(counts.charge)
        staged.refused += faulty_rows(database, self.inputs, counts.unnamed)
        chosen = self._chosen(database, staged, given, found)
        lines = expected(database, given) + int(staged.ledger.get("services", 0))
        every = counts.lines.total() if found.past.any_line else 0
        self._stage(database, staged, chosen, max(lines, every))
        wanted = wanted_of(database, self._staged()) if staged.parts else Counter[int]()
        staged.wanted, staged.untouched = wanted.total(), counts.without(wanted)

    def _looked_at(
        self, database: Any, given: list[Lines], relevance: Callable[[], Relevance]
    ) -> tuple[Relevance, Counts, list[Lines]]:
        """What can matter, which is told while claims are counted."""
        with ThreadPoolExecutor(1) as aside:
            try:
                counting = aside.submit(counted, database, given, self.threads)
                return relevance(), *counting.result()
            except BaseException:
                database.interrupt()
                raise

    def _chosen(self, database: Any, staged: Staged, given: list[Lines], found: Relevance) -> str:
        """The SQL of all lines that matter or count beside them."""
        conditions = Conditions(database, self._recorded)
        note_wanted(database, conditions, found.lines, given)
        chosen = [
            f"{each.select()} WHERE {kept(each, conditions.counts(found.past, each))}"
            for each in given
        ]
        if self.fetch is not None:
            people = database.sql(people_of(given)).to_arrow_reader(_ROWS)
            staged.ledger = self.fetch(people, self._told)
            told = told_by_ledger(self._told)
            chosen.append(from_ledger(told, conditions.counts(found.past, told)))
        return " UNION ALL BY NAME ".join(chosen)

    @property
    def _told(self) -> Path:
        """What a ledger knows of the patients, once it is asked."""
        return self.work / "ledger.parquet"

    @property
    def _recorded(self) -> Path:
        """What is documented apart from the claims, once it is read."""
        return self.work / "records.parquet"

    def _read(self, staged: Staged) -> list[Lines]:
        """The lines of every input that the database can see by itself."""
        given = [lines_of(group) for group in self._tables("parquet")]
        writer = Writer(self.work / "read.parquet")
        for n, one in enumerate(self.inputs):
            if not one.table:
                self._claims(writer, one, n, staged)
        staged.remarks += history_into(writer, self.history)
        writer.close()
        if writer.path.exists():
            given.append(rows_of(writer.path))
        if self.documentation:
            staged.remarks += records_into(self._recorded, self.documentation)
        return given

    def _texts(self, database: Any) -> list[Lines]:
        """CSV files, parsed once: which rows are faulty hangs on the columns that are asked for."""
        found = []
        for n, group in enumerate(self._tables("csv")):
            parse, lines = parsed(group, self.work / f"table-{n}.parquet")
            database.execute(parse)
            found.append(lines)
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

    def _plans(self, database: Any, given: list[Lines]) -> frozenset[str]:
        if all(i.table and "plan" not in i.layout.fields for i in self.inputs):
            return frozenset()
        plans = " UNION ".join(f"SELECT {g.texts['plan']} AS plan FROM {g.relation}" for g in given)
        found = database.execute(f"SELECT plan FROM ({plans}) WHERE plan IS NOT NULL")
        return frozenset(row[0] for row in found.fetchall())

    def _stage(self, database: Any, staged: Staged, chosen: str, lines: int) -> None:
        """Write the lines that matter, by patient, and what is documented of their claims."""
        parts = max(1, min(MOST_PARTS, -(-lines // ROWS_A_PART)))
        database.execute(
            f"COPY (SELECT hash(patient) % {parts} AS part, {_STAGED} "
            f"FROM ({chosen}) LEFT JOIN wanted USING (key)) "
            f"TO {quoted(str(self.work / LINES))} (FORMAT parquet, PARTITION_BY (part))"
        )
        if any((self.work / LINES).glob("*/*")):
            staged.parts = parts
            self._torn(database, staged)
            if self._recorded.exists():
                self._records(database)

    def _torn(self, database: Any, staged: Staged) -> None:
        """Refuse the claims that name two patients."""
        torn = database.execute(
            f"SELECT key, any_value(claim_id), any_value(file) FROM {self._staged()} "
            "WHERE kind = 0 GROUP BY key HAVING count(DISTINCT coalesce(patient, '')) > 1"
        ).fetchall()
        for key, claim_id, file in torn:
            staged.torn.append(key)
            reason = "the lines of this claim name different patients"
            staged.refused.append(Refused(file, None, claim_id, "two-patients", reason))

    def _records(self, database: Any) -> None:
        records = quoted(str(self._recorded))
        database.execute(
            f"COPY (SELECT DISTINCT part, key, record FROM {self._staged()} "
            f"JOIN read_parquet({records}) USING (claim_id) WHERE kind <> {HISTORY}) "
            f"TO {quoted(str(self.work / RECORDS))} (FORMAT parquet, PARTITION_BY (part))"
        )

    def _staged(self) -> str:
        return f"read_parquet({quoted(str(self.work / LINES / '*/*.parquet'))})"


_STAGED = (
    "file, ord, key, CASE WHEN kind = 1 THEN 1 WHEN wanted.key IS NOT NULL "
    f"THEN 0 ELSE 2 END::TINYINT AS kind, {', '.join(map(named, FIELDS))}"
)


def _first_line(error: Exception) -> str:
    """What a database's error says first, without what it found in the file."""
    return str(error).splitlines()[0][:300]


def _layout(given: Input) -> tuple[Any, ...]:
    layout = given.layout
    return (given.kind, given.delimiter, tuple(given.columns.items()), tuple(layout.fields.items()))
