"""Judges many claims together: those of plain patients by what was said of claims like them.

Who is not plain is left to the records, which are judged one by one.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.batch.judge.bundles import Lines
from engine.batch.judge.people import People
from engine.batch.judge.plain import Plain, PlainClaims
from engine.batch.judge.quick import Outcome, outcome
from engine.batch.judge.rows import Rows
from engine.batch.judge.said import Said
from engine.batch.judge.wide import About, Kind, Wide
from engine.batch.judge.written import Written
from engine.batch.settings import Settings
from engine.chain.bound import BoundBook
from engine.chain.counter import joined
from engine.chain.decided import Decided
from engine.chain.shared import Shared
from engine.chain.stratified import decide
from engine.claims.addressed import BookKey, book_key
from engine.model.claim import Claim, Coverage, Payer
from engine.model.directory import Directory
from engine.report.result import Summary, summary

Watch = Callable[[str], None]
"""Is told the key of each claim before it is read or judged by itself, and an empty text before
anything that concerns many claims: whoever ends there is at nobody's claim."""
MOST = 250_000
"""So many answers and rows are kept before all of them are let go. On 100,000 claims a process grew
by one and a half kilobytes for each, so that these are some 370 MB; 77,000 were kept at the end."""


_Quick = tuple[int, Said, Outcome]
_Whole = tuple[int, Decided, Summary]
"""The position of a claim in its table, and what was decided of it."""


class Together:
    """Judges tables of lines; what was said of one table it knows in the next."""

    def __init__(
        self, settings: Settings, directory: Directory, book: Callable[[BookKey], BoundBook]
    ) -> None:
        self._settings = settings
        self._directory = directory
        self._book = book
        self._plain = Plain(directory, settings.payer)
        self.forget()

    def __call__(
        self, lines: pa.Table, skip: Collection[str], watch: Watch
    ) -> tuple[Written, set[BoundBook], list[str | None]]:
        """What is written of the claims of plain patients, the books that decided, and the
        patients who are left to the records: everybody, if the program fails on the table."""
        try:
            given = self._plain(lines, skip)
            table = _Table(self, given, watch)
            written = table.judge()
        except Exception:  # whose claim it is comes out when each is judged by itself
            self.forget()
            return Written(), set(), pc.unique(lines["patient"]).to_pylist()
        books, left = table.books, [*given.others, *table.left]
        if self.kept > MOST:
            del table  # its outcomes hang on what was said
            self.forget()
            gc.collect()  # it is too old for the collector to look at it of its own accord
        return written, books, left

    @property
    def kept(self) -> int:
        """How many answers and rows are kept by now."""
        own = sum(said.size for said in self._said.values())
        return own + self._shared.size + len(self.wide)

    def coverage(self, patient: str) -> tuple[Coverage, ...]:
        """What the corpus is complete for."""
        covered = self._settings.coverage(patient)
        return () if covered is None else (covered,)

    def said(self, claim: Claim) -> Said:
        """What the book of a claim has said; a payer stands in many claims as one object."""
        payer = claim.payer
        found = self._of_payer.get(id(payer))
        if found is None:
            key = book_key(claim, self._directory)
            if key not in self._said:
                self._said[key] = Said(self._book(key), self._shared, self._number)
            found = self._of_payer[id(payer)] = (payer, self._said[key])
        return found[1]

    def _covers(self, begin: date | None, until: date) -> bool:
        """What the corpus is complete for is the same of every patient."""
        if begin is not None and begin > until:
            return True
        return joined(list(self.coverage("")), begin, until, open_end=False)

    def forget(self) -> None:
        """Let everything go that was said; no outcome may wait that hangs on it."""
        self.wide = Wide()
        self._shared = Shared(self._covers)
        self._said: dict[BookKey, Said] = {}
        self._of_payer: dict[int, tuple[Payer, Said]] = {}
        self._numbers: dict[Hashable, int] = {}

    def _number(self, kind: Kind, row: Mapping[str, Any]) -> int:
        """The number of a row's template; equal rows have one."""
        mark = (kind, *(tuple(v) if isinstance(v, list) else v for v in row.values()))
        found = self._numbers.get(mark)
        if found is None:
            found = self._numbers[mark] = self.wide.template(kind, row)
        return found


class _Table:
    """The claims of one table on their way: outcomes that are put together of what was said wait
    until they are written by columns, claims judged by themselves stand in rows."""

    def __init__(self, together: Together, given: PlainClaims, watch: Watch) -> None:
        self._together = together
        self._given = given
        self._watch = watch
        self._outcomes = list[_Quick]()
        self._rows = Rows()
        self.books: set[BoundBook] = set()
        self.left: list[str | None] = []

    def judge(self) -> Written:
        """Judge all that are to be judged; `books` and `left` are known then."""
        begin = 0
        for patient, group in groupby(self._given.patients):
            end = begin + sum(1 for _ in group)
            try:
                quick, whole = self._patient(patient, range(begin, end))
            except Exception:  # as above: the records will tell which claim it was
                self.left.append(patient)
            else:
                self._outcomes += quick
                for n, decided, shown in whole:
                    self.books.add(decided.around.bound)
                    self._rows.add(decided, shown, self._given.files[n])
            begin = end
        return self._written() + self._rows.written()

    def _patient(self, patient: str, places: range) -> tuple[list[_Quick], list[_Whole]]:
        """What is decided of a patient's claims: with what was said, and of those by themselves."""
        given, coverage = self._given, self._together.coverage(patient)
        people = People([given.claims[n] for n in places], coverage)
        quick, whole = list[_Quick](), list[_Whole]()
        for c, n in enumerate(places):
            if given.judged[n]:
                self._watch(given.keys[n])
                said = self._together.said(given.claims[n])
                found = outcome(said, people, c)
                if found is not None:
                    quick.append((n, said, found))
                else:
                    whole.append((n, *by_itself(said.bound, people, c)))
        return quick, whole

    def _written(self) -> Written:
        """The rows of the outcomes that wait."""
        self._watch("")
        given, found = self._given, self._outcomes
        self.books |= {said.bound for _, said, _ in found}
        outcomes = [outcome for _, _, outcome in found]
        return self._together.wide.written(
            [given.claims[n] for n, _, _ in found],
            [said.bound.book.digest for _, said, _ in found],
            [given.files[n] for n, _, _ in found],
            [outcome.verdict for outcome in outcomes],
            [outcome.checked for outcome in outcomes],
            _about(outcome.findings for outcome in outcomes),
            _about(outcome.needs for outcome in outcomes),
        )


def by_itself(bound: BoundBook, people: People, c: int) -> tuple[Decided, Summary]:
    """Judge a claim of a patient as `check` does."""
    history = people.history(c)
    decided = decide(bound, people.claims[c], history)
    return decided, summary(decided, history)


def _about(of_claims: Iterable[list[tuple[list[int], Lines]]]) -> About:
    """The rows of claims in the order of the claims."""
    claims, templates, lines = list[int](), list[int](), list[Lines]()
    for n, found in enumerate(of_claims):
        for numbers, about in found:
            templates += numbers
            claims += [n] * len(numbers)
            lines += [about] * len(numbers)
    return About(claims, templates, lines)
