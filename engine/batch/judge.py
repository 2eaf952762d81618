"""The pure function at the heart of a batch: records of claims in, rows of outcomes out.

A batch of records holds whole patients, so that whatever counts of a patient stands in it; the
function reads nothing else but the policies, and gives the same rows wherever it runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

import pyarrow as pa

from engine.batch.claims_of import claim_of, record_of
from engine.batch.days import UNCHANGED
from engine.batch.memo import Key, Memo
from engine.batch.patient import Person, person_of
from engine.batch.reading import Refused, refused
from engine.batch.rows import Rows, mark_of
from engine.batch.settings import Settings
from engine.batch.templates import Filled, Shared, Template, template_of
from engine.chain.bound import BoundBook
from engine.chain.decided import Decided
from engine.chain.stratified import decide
from engine.claims.addressed import BookKey, addressed, book_key
from engine.claims.documentation import attach, check_claim
from engine.compiler.shelf import Shelf
from engine.model.book import RuleBook, empty_book
from engine.model.claim import Claim, History
from engine.model.problem import Problem
from engine.report.result import Summary, summary

HISTORY_ONLY = 2
NOT_YET: Any = object()
Watch = Callable[[str], None]


MOST = 300_000


@dataclass
class Judged:
    """What became of the records of one batch. `filled` are rows of claims like others, `rows`
    those of claims that were judged by themselves; `books` the marks of the books that decided."""

    filled: Filled
    rows: Rows = field(default_factory=Rows)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Refused] = field(default_factory=list)
    books: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def tables(self) -> dict[str, pa.Table]:
        """All rows by output."""
        alike, alone = self.filled.tables(), self.rows.tables()
        return {name: pa.concat_tables([alike[name], alone[name]]) for name in alike}

    def count(self, name: str) -> int:
        """How many rows there are of an output."""
        return self.filled.count(name) + self.rows.count(name)

    @property
    def verdicts(self) -> Counter[str]:
        """How many claims have which verdict."""
        return self.filled.verdicts + self.rows.verdicts

    @property
    def charge(self) -> Decimal:
        """What the claims charge together."""
        return self.rows.charge + Decimal(self.filled.cents) / 100


class Judge:
    """Holds the books, bound once, and what became of claims like others; calling it judges a
    batch. With `alone` every claim is judged by itself."""

    def __init__(self, settings: Settings, *, alone: bool = False) -> None:
        self.settings = settings
        self.shelf = Shelf(settings.source, settings.known_on)
        self.books: dict[BookKey, BoundBook] = {}
        self._alone = alone
        self._forget()

    def _forget(self) -> None:
        self._shared = Shared()
        self._templates: dict[Any, Template | None] = {}

    @cached_property
    def _memo(self) -> Memo:
        return Memo(self.settings, self.shelf.directory, self.book)

    def __call__(
        self,
        batch: pa.RecordBatch | pa.Table,
        *,
        skip: Collection[str] = (),
        watch: Watch | None = None,
    ) -> Judged:
        """Judge every claim of a batch. `watch` is told the key of each before it is judged;
        claims whose keys are in `skip` are left out."""
        if len(self._templates) > MOST:
            self._forget()
        out = Judged(Filled(self._shared))
        columns = [column.to_pylist() for column in batch.columns]
        records = (
            dict(zip(batch.schema.names, r, strict=True)) for r in zip(*columns, strict=True)
        )
        for _, found in groupby(records, lambda record: record["patient"]):
            self._patient(list(found), out, skip, watch)
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
        skip: Collection[str],
        watch: Watch | None,
    ) -> None:
        keys = None if self._alone else self._memo.keys(records)
        person = None
        if keys is None:
            person = self._person(records)
            out.remarks += map(refused, person.problems)
            out.remarks += _unread(records, person)
        for record in records:
            if record["kind"] != 0 or record["key"] in skip:
                continue
            if watch is not None:
                watch(record["key"])
            try:
                if keys is not None and self._like(keys[record["key"]], out):
                    continue
                person = person or self._person(records)
                self._one(record, person, out, None if keys is None else keys[record["key"]])
            except Exception as error:
                out.refused.append(_fault(record, error))

    def _person(self, records: list[dict[str, Any]]) -> Person:
        return person_of(records, self._read, self.settings, self.shelf.directory.facts)

    def _like(self, key: Key, out: Judged) -> bool:
        """Put in the rows of a claim that came out before, if one like it did."""
        template = self._templates.get(key.same, NOT_YET)
        if template is None:  # its texts say days of which it cannot be told what they are
            template = self._templates.get((key.same, key.exact), NOT_YET)
        if template is NOT_YET or template is None:
            return False
        out.filled.add(template, key)
        self._mark(self.book(key.known.book).book, out)
        return True

    def _learn(self, key: Key, decided: Decided, shown: Summary, out: Judged) -> None:
        """Keep what became of a claim for others like it."""
        symbols = key.days.symbols(key.known.day, key.others)
        template = template_of(self._shared, decided, shown, key.days, symbols)
        self._templates[key.same] = template
        if template is None:
            template = template_of(self._shared, decided, shown, UNCHANGED, {})
            self._templates[key.same, key.exact] = template
        if template is not None:
            out.filled.add(template, key)

    def _mark(self, book: RuleBook, out: Judged) -> None:
        if book.digest not in out.books:
            out.books[book.digest] = mark_of(book)

    def _read(self, record: dict[str, Any]) -> tuple[Claim | None, list[Problem]]:
        """The claim of a record, addressed to its payer, with its documentation."""
        claim, problems = claim_of(record)
        if claim is None:
            return None, problems
        claim, more = self._documented(claim, record)
        claim, wrong = addressed(claim, self.shelf.directory, record["file"], self.settings.payer)
        return claim, [*problems, *more, *wrong]

    def _documented(self, claim: Claim, record: dict[str, Any]) -> tuple[Claim, list[Problem]]:
        stated = claim.documentation or any(line.documentation for line in claim.lines)
        if not stated and record["record"] is None:
            return claim, []
        problems: list[Problem] = []
        if record["record"] is not None:
            claim, problems = attach(claim, {claim.claim_id: record_of(record["record"])})
        claim, more = check_claim(claim, self.shelf.directory.facts, record["file"])
        return claim, [*problems, *more]

    def _one(self, record: dict[str, Any], person: Person, out: Judged, key: Key | None) -> None:
        claim, problems = person.claims[record["key"]]
        if claim is None:
            first = min(problems, key=lambda p: p.severity != "error")
            out.refused.append(refused(first, record["claim_id"]))
            return
        out.remarks += [refused(problem, record["claim_id"]) for problem in problems]
        decided, shown = self._decided(claim, person.history(record["key"]))
        self._mark(decided.around.bound.book, out)
        if key is not None:
            self._learn(key, decided, shown, out)
        else:
            out.rows.add(decided, shown, record["file"])

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
