"""Accounts of a patient's sessions by a policy's own definitions: which count, which do not, why.

A limit is judged for one service. The services thought of here are those that the record already
knows, done once more on the day of the account; equal accounts are given once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.analysis.frequency import Counts, counts_in, planned
from engine.analysis.left_out import Count, shown
from engine.chain.binding import Binding
from engine.chain.bound import BoundBook
from engine.chain.bound_rule import BoundRule
from engine.chain.counter import Counter
from engine.chain.counting import Tally, nearest, tally
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.matching import key_value
from engine.chain.windows import first_day, next_eligible
from engine.ledger.complete import taken_as_empty, who_could_say
from engine.ledger.entries import Entry, Record
from engine.model.claim import Claim, History, Line, Payer
from engine.model.length import Length
from engine.model.term import Sessions, Window


@dataclass(frozen=True, slots=True)
class Left:
    """A service that does not count, and why."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True)
class Account:
    """One count or distance of one rule on one day.

    `used` are sessions surely counted before a service of `day`; `open` may count, too. `first`
    is the window's first day (None: ever). `next` is the first day from `day` on with room, if
    nothing else is done. `lacking` says what the record would need, where it is not complete.
    """

    rule: str
    says: str
    of: str
    day: date
    window: str
    first: date | None
    limit: int | str | None
    used: int
    counted: tuple[Entry, ...]
    open: tuple[Entry, ...]
    left_out: tuple[Left, ...]
    next: date | None
    lacking: str | None
    assumed: str | None
    applies: bool | None


class Accountant:
    """Makes accounts by one book. `payer` is whom the services are asked of."""

    def __init__(self, bound: BoundBook, payer: Payer, today: date) -> None:
        self.bound = bound
        self.payer = payer
        self.today = today

    def accounts(self, record: Record, day: date) -> list[Account]:
        """Every account of a patient on a day, by rule."""
        found: dict[Any, Account] = {}
        for line, group in _repeated(record, day):
            claim = planned(self.payer, record.patient_id, line, group)
            for account in self.of_claim(record, claim):
                counted = tuple(id(e) for e in (*account.counted, *account.open))
                found.setdefault((account.rule, account.of, account.limit, counted), account)
        return sorted(found.values(), key=lambda a: (a.rule, a.of))

    def of_claim(self, record: Record, claim: Claim) -> Iterator[Account]:
        """The accounts of the first line of a claim."""
        seen = dict(_visible(record, self.today))
        history = History(tuple(s for s, _ in seen.values()), _spans(record))
        x = Surroundings(self.bound, claim, history).lines[0]
        for stratum in self.bound.plan(x.procedure, x.date).strata:
            for bound in stratum:
                applies = bound.applies(x) if callable(bound.applies) else bound.applies
                for term in counts_in(bound.rule.requires) if applies is not False else ():
                    sheet = _Sheet(self, record, {k: e for k, (_, e) in seen.items()}, x)
                    yield sheet.account(bound, term, applies)


class _Sheet:
    """One account under work: `entries` are the ledger's, by the service made of each."""

    def __init__(
        self, accountant: Accountant, record: Record, entries: dict[int, Entry], x: LineFacts
    ) -> None:
        self.accountant = accountant
        self.record = record
        self.entries = entries
        self.x = x
        self.binding = Binding(accountant.bound, x.date, x.procedure)

    def account(self, bound: BoundRule, term: Counts, applies: bool | None) -> Account:
        counter = self.binding.counter(term.counted)
        if isinstance(term, Sessions):
            found = tally(counter, term, self.x)
            window, limit, opening = self._limits(term, found)
        else:
            length = self.binding.number(term.length)(self.x)
            found, opening = self._distance(counter, length)
            window, limit = f"at least {length} apart", str(length)
        counted = self._entries(found.sure)
        rule = bound.rule
        return Account(
            rule=rule.id,
            says=_says(rule.says, limit),
            of=self._of(term),
            day=self.x.date,
            window=window,
            first=found.begin,
            limit=limit,
            used=len({e.service.line.service_date for e in counted if self._earlier(e)}),
            counted=counted,
            open=self._entries(found.maybe),
            left_out=tuple(self._left_out(Count(self.binding, self.x, counter, term, found))),
            next=opening,
            lacking=None if found.covered else self._lacking(found.begin),
            assumed=taken_as_empty(self.record.complete, self.x.date),
            applies=applies,
        )

    def _limits(self, term: Sessions, found: Tally) -> tuple[str, Any, date | None]:
        limit = self.binding.number(term.value)(self.x)
        opening = None
        if term.comparison == "at_most" and isinstance(limit, int) and term.count == "dates":
            earlier = [day for day in found.days if day != self.x.date]
            opening = next_eligible(earlier, self.x.date, term.window, limit)
        return term.window.says or term.window.name, limit, opening

    def _distance(self, counter: Counter, length: Any) -> tuple[Tally, date | None]:
        if not isinstance(length, Length):
            return Tally(covered=False), None
        _, near, doubtful, covered = nearest(counter, length, self.x)
        begin = first_day(self.x.date, Window("", "rolling", False, length))
        last = max((y.date for y in near), default=None)
        opening = self.x.date if last is None else length.after(last)
        return Tally(sure=near, maybe=doubtful, covered=covered, begin=begin), opening

    def _entries(self, lines: Sequence[LineFacts]) -> tuple[Entry, ...]:
        found = [self.entries[id(y.past)] for y in lines if y.past is not None]
        return tuple(sorted(found, key=_when))

    def _earlier(self, entry: Entry) -> bool:
        return entry.service.line.service_date < self.x.date

    def _left_out(self, count: Count) -> Iterator[Left]:
        kept = {id(y.past) for y in (*count.found.sure, *count.found.maybe)}
        lines = {id(y.past): y for y in self.x.around.past}
        for mark, entry in sorted(self.entries.items(), key=lambda item: _when(item[1])):
            why = count.why_left_out(entry, lines.get(mark))
            if mark not in kept and why is not None:
                yield Left(entry, why)

    def _of(self, term: Counts) -> str:
        """What the account is about, as far as the rule tells services apart."""
        values = [(str(key), key_value(self.x, key)) for key in term.counted.same]
        return ", ".join(f"{name} {shown(value)}" for name, value in values)

    def _lacking(self, begin: date | None) -> str:
        complete = self.record.complete
        since = f"from {begin}" if begin else "from the first service on"
        return (
            f"the record would have to be complete {since}: "
            f"{who_could_say(complete, begin, self.x.date)}"
        )


def _says(says: str, limit: Any) -> str:
    """The sentence of a rule with its one parameter filled in."""
    start, brace, rest = says.partition("{")
    _, _, end = rest.partition("}")
    return f"{start}{limit}{end}" if brace and "{" not in end else says


def _when(entry: Entry) -> tuple[date, str, int]:
    line = entry.service.line
    return line.service_date, entry.claim_id, line.number


def _visible(record: Record, today: date) -> Iterator[tuple[int, tuple[Any, Entry]]]:
    """Each entry as a policy sees it; a hold counts as sent, one that has ended stays planned."""
    for entry in record.entries:
        service = entry.service
        if entry.held(today):
            service = replace(service, status="submitted")
        yield id(service), (service, entry)


def _spans(record: Record) -> tuple[Any, ...]:
    return tuple(c.coverage for c in record.complete)


def _repeated(record: Record, day: date) -> Iterator[tuple[Line, str | None]]:
    """Each kind of service in the record, done once more on a day."""
    seen = set()
    for entry in sorted(record.entries, key=_when):
        line, group = entry.service.line, entry.service.group
        documented = tuple(sorted((k, str(v)) for k, v in line.documentation.items()))
        mark = (line.procedure, line.modifiers, line.diagnoses, group, documented)
        if mark not in seen:
            seen.add(mark)
            yield replace(line, service_date=day), group
