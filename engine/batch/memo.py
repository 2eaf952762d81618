"""Decides equal claims once: a key of all that an outcome can hang on, and outcomes by key.

Equal means equal for the book: who is treated by whom, which days it was and what else no term
reads is left out, and how the days lie to each other is put in (`reads`, `shape`, `days`). A claim
with a record, a history file, several dates or anything else that is not usual is not looked for
here. A test holds this together with judging every claim by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.batch.days import Days
from engine.batch.reads import Reads
from engine.batch.relevance import looked_for, parts_of
from engine.batch.settings import Settings
from engine.batch.shape import Record, Shape
from engine.chain.bound import BoundBook
from engine.claims import codes
from engine.claims.addressed import BookKey, addressed, book_key
from engine.claims.npi import is_npi
from engine.claims.where import writable
from engine.model.directory import Directory
from engine.model.term import Counted, Related, Units

MOST_SHAPES = 200_000
_WHO = ("provider", "group", "prior_authorization", "provider.npi", "provider.group")
MOST_PLANS = 20_000
MOST_OTHERS = 12
"""A patient with more other lines than that is judged by itself: its like is not seen again."""


@dataclass(slots=True)
class Known:
    """A claim of a patient as the memo sees it."""

    record: Record
    shape: Shape
    day: date
    book: BookKey
    contractor: str | None
    folder: str | None


@dataclass(slots=True)
class Key:
    """`same` is equal for claims that come out alike but for their days, `exact` says the days."""

    same: Any
    exact: Any
    days: Days
    known: Known
    others: Sequence[date]


class _OfPlan:
    """What can matter to claims of some codes in one stretch of a book's days. `counted` are the
    codes of other lines that may count, `beside` those that matter on the same day (None: all)."""

    def __init__(
        self, bound: BoundBook, procedures: tuple[str, ...], day: date, settings: Settings
    ) -> None:
        plans = [bound.plan(code, day) for code in procedures]
        bounds = [b for p in plans for stratum in p.strata for b in stratum]
        bounds += [b for p in plans for b in (*p.unjudged, *(b for _, b in p.diagnoses))]
        rules = list({b.position: b.rule for b in bounds}.values())
        self.reads = Reads(bound, rules)
        self.days = Days(self.reads, settings.complete_from, settings.complete_to)
        read = self.reads.of_others
        self.asks_who = read is None or not read.isdisjoint(_WHO)
        terms = [term for rule in rules for term in parts_of(rule)]
        own = frozenset(procedures)
        self.counted = _codes(bound, [t for t in terms if isinstance(t, Counted)], own)
        beside = _codes(bound, [t for t in terms if isinstance(t, Related | Units)], own)
        both = self.counted is not None and beside is not None
        self.beside = (self.counted or own) | (beside or own) if both else None


def _codes(bound: BoundBook, terms: Sequence[Any], own: frozenset[str]) -> frozenset[str] | None:
    found: set[str] = set()
    for term in terms:
        wanted = looked_for(bound, term, own)
        if wanted is None:
            return None
        found |= wanted
    return frozenset(found)


class Memo:
    """Finds the key of each claim of a patient, where it has one."""

    def __init__(
        self, settings: Settings, directory: Directory, book: Callable[[BookKey], BoundBook]
    ) -> None:
        self._settings, self._directory, self._book = settings, directory, book
        self._shapes: dict[tuple[str, str], Shape] = {}
        self._addresses: dict[Any, tuple[BookKey, str | None, str | None] | None] = {}
        self._plans: dict[Any, _OfPlan] = {}
        self._texts: dict[tuple[str, str | None], bool] = {}

    def keys(self, records: Sequence[Record]) -> dict[str, Key] | None:
        """The keys of a patient's claims by their records' keys; None if this patient is to be
        judged claim by claim."""
        known = []
        for record in records:
            one = self._known(record)
            if one is None:
                return None
            known.append(one)
        if len(known) > MOST_OTHERS:
            return None
        found = {}
        for one in known:
            if one.record["kind"] == 0:
                key = self._key(one, known)
                if key is None:
                    return None
                found[one.record["key"]] = key
        return found

    def _known(self, record: Record) -> Known | None:
        if not self._usual(record):
            return None
        day = codes.iso_day(record["service_date"][0] or "")
        mark = (record["about"], record["body"])
        shape = self._shapes.get(mark)
        if shape is None:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            shape = self._shapes[mark] = Shape(record)
        if day is None or not shape.sound:
            return None
        address = self._address(shape, day)
        return None if address is None else Known(record, shape, day, *address)

    def _usual(self, record: Record) -> bool:
        days = record["service_date"]
        if record["kind"] == 1 or record["record"] is not None or record["replaces"] is not None:
            return False
        if record["birth_date"] is not None and codes.iso_day(record["birth_date"]) is None:
            return False
        if record["note"] is not None or record["claim_id"] is None or record["patient"] is None:
            return False
        if any(day != days[0] for day in days) or any(record["line_note"]):
            return False
        if not all(self._fit("charge", text) for text in record["charge"]):
            return False
        npis = (record["billing_npi"], *record["rendering_npi"])
        plain = (record["claim_id"], record["patient"], record["group"])
        return all(self._fit("npi", n) for n in npis) and all(
            text is None or (writable(text) and text.strip() == text) for text in plain
        )

    def _fit(self, what: str, text: str | None) -> bool:
        """Whether a reader of claims has nothing to say to a text."""
        if text is None:
            return True
        if what == "charge":
            money = codes.money(text)
            return money is not None and money >= 0
        mark = (what, text)
        found = self._texts.get(mark)
        if found is None:
            if len(self._texts) >= MOST_SHAPES:
                self._texts.clear()
            found = self._texts[mark] = is_npi(text)
        return found

    def _address(self, shape: Shape, day: date) -> tuple[BookKey, str | None, str | None] | None:
        """Book, contractor and payer's folder; None if there is something to be said of that."""
        mark = (shape.payer, day)
        if mark not in self._addresses:
            if len(self._addresses) >= MOST_SHAPES:
                self._addresses.clear()
            self._addresses[mark] = self._find(shape, day)
        return self._addresses[mark]

    def _find(self, shape: Shape, day: date) -> tuple[BookKey, str | None, str | None] | None:
        claim = shape.claim
        if claim is None:
            return None
        claim = replace(claim, lines=(replace(claim.lines[0], service_date=day),))
        claim, problems = addressed(claim, self._directory, "", self._settings.payer)
        if problems:
            return None
        return book_key(claim, self._directory), claim.payer.contractor, claim.payer.id

    def _plan(self, one: Known) -> _OfPlan:
        bound = self._book(one.book)
        mark = (one.book, one.shape.codes, bound.stretch(one.day))
        found = self._plans.get(mark)
        if found is None:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
                self._shapes.clear()  # they keep what belongs to plans
            found = _OfPlan(bound, one.shape.codes, one.day, self._settings)
            self._plans[mark] = found
        return found

    def _key(self, one: Known, known: Sequence[Known]) -> Key | None:
        kept = self._plan(one)
        reads, day = kept.reads, one.day
        if reads.unsafe or (reads.reads_age and one.record["birth_date"] is not None):
            return None
        names: dict[str | None, int] = {None: -1}
        who = _who(one.record, names)
        others = self._others(one, known, kept, names)
        days = sorted({d for d, _ in others} | {day})
        at = {d: n for n, d in enumerate(days)}
        pairs = tuple(
            kept.days.pair(a, b) for n, b in enumerate(days) for a in days[:n] if b <= day
        )
        history = tuple((at[d], item) for d, item in others)
        same = (
            one.book, one.contractor, one.shape.codes, one.shape.sign(reads, day),
            kept.days.own(day), who, at[day], pairs, history,
        )  # fmt: skip
        exact = (day, tuple(days))
        return Key(same, exact, kept.days, one, days)

    def _others(
        self, one: Known, known: Sequence[Known], kept: _OfPlan, names: dict[str | None, int]
    ) -> list[tuple[date, Any]]:
        """The lines of other claims that can matter, in the order in which they are told."""
        found: list[tuple[date, Any]] = []
        if len(known) == 1:
            return found
        for other in known:
            if other is one or other.record["claim_id"] == one.record["claim_id"]:
                continue
            if other.day > one.day and not kept.reads.shows_later:
                continue
            wanted = kept.beside if other.day == one.day else kept.counted
            if wanted is not None and wanted.isdisjoint(other.shape.codes):
                continue
            signs = other.shape.others(kept.reads, other.day)
            for n, code in enumerate(other.shape.codes):
                if wanted is None or code in wanted:
                    who = _of_line(other.record, n, names) if kept.asks_who else None
                    status = other.record["status"][n]
                    stretch = kept.reads.bound.stretch(other.day)
                    found.append((other.day, (signs[n], who, other.folder, status, stretch)))
        return found


def _who(record: Record, names: dict[str | None, int]) -> tuple[Any, ...]:
    """Who rendered and billed, as far as two of them are one: numbers in order of appearance."""
    lines = range(len(record["rendering_npi"]))
    given = bool(record["prior_authorization"])
    return (_number(record["group"], names), given, *(_of_line(record, n, names) for n in lines))


def _of_line(record: Record, n: int, names: dict[str | None, int]) -> tuple[Any, ...]:
    npi, group = record["rendering_npi"][n], record["group"]
    own = bool(record["line_prior_authorization"][n])
    # A group and a provider are never compared: they may share numbers.
    return _number(npi, names), _number(group, names), own


def _number(name: str | None, names: dict[str | None, int]) -> int:
    found = names.get(name)
    if found is None:
        found = names[name] = len(names)
    return found
