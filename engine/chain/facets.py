"""Rules that read the same of a line stand together: what they say of it is kept by what it says.

A facet is a group of rules of one plan. Its key of a line holds what they read of it, of the
lines beside it and of how its day lies to the windows that they count in; lines with equal keys
come out alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.chain.binding import Binding
from engine.chain.facts import LineFacts
from engine.chain.reads import GROUP, PROVIDER, Look, Reads
from engine.chain.windows import before_gap, first_day
from engine.model.claim import Claim, Line
from engine.model.facility import claim_kind
from engine.model.length import Length
from engine.model.term import Related, Sessions, Spacing, Term, Units, Window

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook

Key = tuple[Hashable, ...]
Values = tuple[Any, ...]
NAMES = (
    "modifiers", "diagnoses", "units", "place_of_service", "prior_authorization",
    "provider.specialty", "provider.taxonomy", PROVIDER, "charge", "service_date", "patient.age",
    "patient.sex", "patient.birth_date", "claim.form", "claim.stage", "claim.frequency",
    "claim.type_of_bill", "claim.facility_type", "claim.kind", "claim.payer", "claim.state",
    "claim.contractor", "claim.plan", GROUP,
)  # fmt: skip
"""The fields of a line as they stand in its `Values`."""
_AT = {name: n for n, name in enumerate(NAMES)}
_DIAGNOSES = _AT["diagnoses"]


def values_of_claim(claim: Claim) -> Values:
    """What all lines of a claim have in common, from ``patient.sex`` on."""
    payer, billing = claim.payer, claim.billing_provider
    return (
        claim.patient.sex, claim.patient.birth_date, claim.form, claim.stage, claim.frequency,
        claim.type_of_bill, claim.facility_type, claim_kind(claim)[0], payer.id, payer.state,
        payer.contractor, payer.plan, billing.group if billing else None,
    )  # fmt: skip


def values_of(line: Line, claim: Claim, common: Values) -> Values:
    """What a line says, in the order of `NAMES`."""
    who, born, day, units = (
        line.rendering_provider, claim.patient.birth_date, line.service_date, line.units,
    )  # fmt: skip
    age = None
    if born is not None:
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return (
        line.modifiers,
        line.diagnoses,
        units if type(units) is int else str(units),
        line.place_of_service,
        bool(line.prior_authorization or claim.prior_authorization),
        *((None, None, None) if who is None else (who.specialty, who.taxonomy, who.npi)),
        line.charge,
        day,
        age,
        *common,
    )


class Beside(NamedTuple):
    """A line of a patient: where it stands, and what it says."""

    claim: int
    line: int
    number: int
    procedure: str
    date: date
    values: Values
    group: str | None
    payer: str | None
    claim_id: str


class Setting(NamedTuple):
    """A line among the others of its patient, its claim's first; `payable` says of the position
    of a line of the claim whether it is payable, as far as that is known."""

    own: Beside
    others: Sequence[Beside]
    payable: Callable[[int], bool | None]


@dataclass
class Stretch:
    """How a day lies to the windows of a facet: their first days (None: all that was before),
    and what tells days apart that lie differently to the time that the history is complete for."""

    begins: tuple[date | None, ...]
    kind: Hashable
    least: date


Covers = Callable[["date | None", date], bool]
"""Whether a history holds everything from a day on (None: ever) until another one."""


@dataclass
class Facet:
    """Some rules, or other terms, that read the same of lines of one code in one stretch of days.

    `alone` and `among` keep what was said of lines without and with others beside them; they are
    shared with other stretches of days in which nothing of it changes. `told`: their keys tell
    lines apart; `looks`: they look at other lines.
    """

    reads: Reads
    bound: BoundBook
    code: str
    day: date
    covers: Covers
    mark: Hashable
    alone: dict[Hashable, Any]
    among: dict[Hashable, Any]
    seen: dict[tuple[int, Hashable], int]
    content: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        reads = self.reads
        self.told = not reads.untold and all(n in _AT or n == "record" for n in self._names())
        self.looks = bool(reads.looks)
        self._fields = sorted(_AT[n] for n in reads.fields if n in _AT)
        left: dict[int, list[Term]] = {}
        for name, term in reads.leaves:
            if name not in reads.fields and name in _AT:
                left.setdefault(_AT[name], []).append(term)
        self._leaves = sorted(left.items())
        self._beside = sorted(_AT[n] for n in reads.beside if n in _AT)
        self._compared = sorted(reads.compared)
        self._near = [look for look in reads.looks if isinstance(look[0], Related | Units)]
        self._counted = [look for look in reads.looks if isinstance(look[0], Sessions | Spacing)]
        self._near_codes, self._counted_codes = _codes(self._near), _codes(self._counted)
        self._in_claim = all(_in_claim(term) for term, _ in self._near)
        self._starts = [start for term, _ in self._counted for start in self._start(term)]
        self._chained = any(_chained(term) for term, _ in self._counted)
        self._stretches: dict[date, Stretch] = {}

    def _names(self) -> set[str]:
        return {*self.reads.names, *self.reads.beside}

    @property
    def places(self) -> set[int]:
        """Where in its values stands what the rules read of a line."""
        return {*self._fields, *(at for at, _ in self._leaves)}

    def own_key(self, values: Values, x: Callable[[], LineFacts]) -> Key:
        """What the rules read of the line itself; `x` gives it as the terms see it."""
        key: list[Hashable] = [values[n] for n in self._fields]
        for at, terms in self._leaves:
            value = values[at]
            kind = self.seen.get((at, value))
            if kind is None:
                kind = self.seen[at, value] = self._kind(terms, x())
            key.append(kind)
        return tuple(key)

    def _kind(self, terms: list[Term], x: LineFacts) -> int:
        """What the terms say of a field's value, as one number."""
        binding, number = Binding(self.bound, x.date, x.procedure), 1
        for term in terms:
            found = binding.bind(term)
            value = found(x) if callable(found) else found
            number = number * 3 + (2 if value is None else int(value))
        return number

    def stretch(self, day: date) -> Stretch:
        """How a day lies to the windows."""
        found = self._stretches.get(day)
        if found is None:
            found = self._stretches[day] = self._stretch(day)
        return found

    def _stretch(self, day: date) -> Stretch:
        begins = tuple(start(day) for start in self._starts)
        until = date.fromordinal(day.toordinal() - 1)
        covered = tuple(self.covers(begin, until) for begin in begins)
        pattern = tuple(begins.index(begin) for begin in begins)
        lowest = (
            date.min if None in begins or self._chained else min(filter(None, begins), default=day)
        )
        return Stretch(begins, (covered, pattern), lowest)

    def _start(self, term: Any) -> list[Callable[[date], date | None]]:
        if isinstance(term, Spacing):
            length = Binding(self.bound, self.day, self.code).constant(term.length)
            if not isinstance(length, Length):
                return []
            return [lambda day: first_day(day, Window("", "rolling", False, length))]
        window: Window = term.window
        if window.kind in ("rolling", "calendar"):
            return [lambda day: first_day(day, window)]
        if window.kind == "since_gap_of":
            length = window.length or Length(0, "day")
            return [lambda day: before_gap(day, length)]
        return [lambda _day: None]

    def beside(self, setting: Setting, stretch: Stretch) -> tuple[list[Beside], list[Key]] | None:
        """The other lines that the rules may look at, and what they read of each; None where days
        hang together as no key tells."""
        own, found = setting.own, list[Beside]()
        for other in setting.others:
            if self._matters(own, other, stretch):
                found.append(other)
        if self._chained and any(other.date < own.date for other in found):
            return None
        days = sorted({other.date for other in found})
        return found, [self._of(setting, other, stretch, days) for other in found]

    def _matters(self, own: Beside, other: Beside, stretch: Stretch) -> bool:
        code, here = other.procedure, other.claim == own.claim
        near = here or (other.date == own.date and not self._in_claim)
        if self._near and near and (self._near_codes is None or code in self._near_codes):
            return True
        if self._counted and stretch.least <= other.date <= own.date:
            return self._counted_codes is None or code in self._counted_codes
        return False

    def _of(self, setting: Setting, other: Beside, stretch: Stretch, days: list[date]) -> Key:
        own, values = setting.own, other.values
        here = other.claim == own.claim
        key: list[Hashable] = [here, other.number, other.procedure]
        if other.date == own.date:
            key.append(0)
        elif other.date > own.date:
            key += [1, self.bound.stretch(other.date)]
        else:
            inside = sum(
                1 << n for n, b in enumerate(stretch.begins) if b is None or b <= other.date
            )
            key += [2, inside, bisect_right(days, other.date), self.bound.stretch(other.date)]
        key += [values[n] for n in self._beside]
        if not here:
            key.append(_agree(other.payer, own.payer))
        for name in self._compared:
            at = _AT[name]
            key.append(_agree(values[at], own.values[at]))
        if self.reads.payable and here:
            key.append(setting.payable(other.line))
        return tuple(key)


def _agree(other: Hashable, own: Hashable) -> int:
    if other is not None and own is not None:
        return int(other == own)
    return 2 + (other is None) + 2 * (own is None)


def _codes(looks: list[Look]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for _, codes in looks:
        if codes is None:
            return None
        found |= codes
    return found


def _in_claim(term: Any) -> bool:
    keys = term.keys if isinstance(term, Units) else term.same
    return any(key.kind == "claim" for key in keys)


def _chained(term: Any) -> bool:
    return isinstance(term, Sessions) and term.window.kind in ("since_gap_of", "periods_from_first")
