"""The pure function at the heart of a batch: records of claims in, rows of outcomes out.

A batch of records holds whole patients, so that whatever counts of a patient stands in it; the
function reads nothing else but the policies, and gives the same rows wherever it runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.batch.inputs.reading import Refused, refused
from engine.batch.judge.claims_of import claim_of, record_of
from engine.batch.judge.patient import Person, person_of
from engine.batch.judge.recorded import asked_in
from engine.batch.judge.repeated import hinted, repeated_rows
from engine.batch.judge.rows import Rows, mark_of
from engine.batch.judge.together import Together, Watch
from engine.batch.judge.written import Written
from engine.batch.schemas import HISTORY_ONLY
from engine.batch.settings import Settings
from engine.chain.bound import BoundBook
from engine.chain.decided import Decided
from engine.chain.stratified import decide
from engine.claims.addressed import BookKey, addressed, book_key
from engine.claims.documentation import attach, check_claim
from engine.compiler.shelf import Shelf
from engine.model.book import empty_book
from engine.model.claim import Claim, History
from engine.model.problem import Problem
from engine.report.result import Summary, summary


def _unwatched(_: str) -> None:
    """Nobody wants to know which claim is judged."""


@dataclass
class Judged:
    """What became of the records of one batch; `books` are the marks of the books that decided."""

    written: Written = field(default_factory=Written)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Refused] = field(default_factory=list)
    books: dict[str, dict[str, str | None]] = field(default_factory=dict)


class Judge:
    """Holds the books, bound once; calling it judges a batch."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shelf = Shelf(settings.source, settings.known_on)
        self.books: dict[BookKey, BoundBook] = {}
        self._together = Together(settings, self.shelf.directory, self.book)

    def lines(
        self, lines: pa.Table, *, skip: Collection[str] = (), watch: Watch = _unwatched
    ) -> tuple[Judged, list[str | None]]:
        """Judge the claims of plain patients by their lines, as `SORTED`; with the patients whose
        records are to be judged one by one: all of them, where questions say what a ledger has."""
        if self.settings.ledger_day is not None:
            return Judged(), pc.unique(lines["patient"]).to_pylist()
        written, books, others = self._together(lines, skip, watch)
        marks = {bound.book.digest: mark_of(bound.book) for bound in books}
        return Judged(written, books=marks), others

    def __call__(
        self,
        batch: pa.RecordBatch | pa.Table,
        *,
        skip: Collection[str] = (),
        watch: Watch = _unwatched,
    ) -> Judged:
        """Judge every claim of a batch; claims whose keys are in `skip` are left out."""
        out, rows = Judged(), Rows()
        columns = [column.to_pylist() for column in batch.columns]
        records = (
            dict(zip(batch.schema.names, r, strict=True)) for r in zip(*columns, strict=True)
        )
        for _, found in groupby(records, lambda record: record["patient"]):
            self._patient(list(found), out, rows, skip, watch)
        watch("")
        out.written += rows.written()
        return out

    def book(self, key: BookKey) -> BoundBook:
        """The bound book of a payer, contractor and plan."""
        if key not in self.books:
            self.books[key] = BoundBook(self.shelf.book(*key) if key[0] else empty_book())
        return self.books[key]

    def _patient(
        self,
        records: list[dict[str, Any]],
        out: Judged,
        rows: Rows,
        skip: Collection[str],
        watch: Watch,
    ) -> None:
        def read(record: dict[str, Any]) -> tuple[Claim | None, list[Problem]]:
            watch(record["key"])
            return self._read(record)

        person = person_of(records, read, self.settings, self.shelf.directory.facts)
        out.remarks += map(refused, person.problems)
        out.remarks += _unread(records, person)
        for record in records:
            if record["kind"] != 0 or record["key"] in skip:
                continue
            watch(record["key"])
            try:
                self._one(record, person, out, rows)
            except Exception as error:
                out.refused.append(_fault(record, error))

    def _read(self, record: dict[str, Any]) -> tuple[Claim | None, list[Problem]]:
        """The claim of a record, addressed to its payer, with its documentation."""
        claim, problems = claim_of(record)
        if claim is None:
            return None, hinted(record, problems)
        claim, more = self._documented(claim, record)
        claim, wrong = addressed(claim, self.shelf.directory, record["file"], self.settings.payer)
        return claim, [*problems, *more, *wrong, *repeated_rows(record)]

    def _documented(self, claim: Claim, record: dict[str, Any]) -> tuple[Claim, list[Problem]]:
        stated = claim.documentation or any(line.documentation for line in claim.lines)
        if not stated and record["record"] is None:
            return claim, []
        problems: list[Problem] = []
        if record["record"] is not None:
            claim, problems = attach(claim, {claim.claim_id: record_of(record["record"])})
        claim, more = check_claim(claim, self.shelf.directory.facts, record["file"])
        return claim, [*problems, *more]

    def _one(self, record: dict[str, Any], person: Person, out: Judged, rows: Rows) -> None:
        claim, problems = person.claims[record["key"]]
        if claim is None:
            first = min(problems, key=lambda p: p.severity != "error")
            out.refused.append(refused(first, record["claim_id"]))
            return
        out.remarks += [refused(problem, record["claim_id"]) for problem in problems]
        decided, shown = self._decided(claim, person.history(record["key"]))
        if self.settings.ledger_day is not None:
            shown = asked_in(shown, person.recorded, self.settings.ledger_day)
        book = decided.around.bound.book
        if book.digest not in out.books:
            out.books[book.digest] = mark_of(book)
        rows.add(decided, shown, record["file"])

    def _decided(self, claim: Claim, history: History) -> tuple[Decided, Summary]:
        book = self.book(book_key(claim, self.shelf.directory))
        decided = decide(book, claim, history)
        return decided, summary(decided, history)


def _unread(records: list[dict[str, Any]], person: Person) -> Iterator[Refused]:
    """Claims that would be history, and could not be read."""
    for record in records:
        if record["kind"] == HISTORY_ONLY and person.claims[record["key"]][0] is None:
            yield refused(person.claims[record["key"]][1][0], record["claim_id"])


def _fault(record: dict[str, Any], error: Exception) -> Refused:
    kind = type(error).__name__
    reason = f"a fault of the program, not of the claim: {kind}: {str(error)[:200]}"
    hint = "please report it; the other claims were judged"
    return Refused(record["file"], None, record["claim_id"], "fault", reason, hint)


def whole_patients(batches: Iterator[pa.RecordBatch], least: int = 2000) -> Iterator[pa.Table]:
    """Batches that are sorted by patient, cut so that no patient stands in two of them."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        held.append(batch)
        if sum(b.num_rows for b in held) < least:
            continue
        table = pa.Table.from_batches(held)
        cut = _last_patient(table["patient"])
        if cut:
            yield table.slice(0, cut)
        held = table.slice(cut).to_batches()
    if held:
        yield pa.Table.from_batches(held)


def _last_patient(patients: Any) -> int:
    """Where the last patient of a column begins."""
    last = patients[len(patients) - 1].as_py()
    low, high = 0, len(patients) - 1
    while low < high:
        middle = (low + high) // 2
        if patients[middle].as_py() == last:
            high = middle
        else:
            low = middle + 1
    return low
