"""Rules that read the same of a line stand together: what they say of it is kept by what it says.

A facet is a group of rules of one plan. Its key of a line holds what they read of it, of the
lines beside it and of how its day lies to the windows that they count in; lines with equal keys
come out alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from engine.chain.beside import AT, NAMES, Beside, Setting, Values
from engine.chain.binding import Binding
from engine.chain.facts import LineFacts
from engine.chain.reads import Leaf, Reads
from engine.model.length import Length
from engine.model.term import Related, Sessions, Spacing, Term, Units, Window

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook
    from engine.chain.shared import Shared

Key = tuple[Hashable, ...]


Found: TypeAlias = tuple[int, Beside]
"""Another line, and a bit for each term that looks at it."""


class Looking(NamedTuple):
    """How a facet looks at lines of one code, a bit for each term: at those of the same claim, of
    the same day, and at those before it in windows."""

    facet: Facet
    in_claim: int
    of_day: int
    windows: int


@dataclass(eq=False)
class Facet:
    """Some rules, or other terms, that read the same of lines of one code in one stretch of days.

    `alone` and `among` keep what was said of lines without and with others beside them; all
    facets of the same `mark` share them, in stretches of days in which nothing of it changes.
    `told`: their keys tell lines apart; `looks`: they look at other lines.
    """

    reads: Reads
    bound: BoundBook
    code: str
    day: date
    mark: Hashable
    shared: Shared
    content: list[Any] = field(default_factory=list)
    bit: int = 0

    def __post_init__(self) -> None:
        reads = self.reads
        self.told = not reads.untold and all(n in AT or n == "record" for n in self._names())
        self.looks = bool(reads.looks)
        self._fields = sorted(AT[n] for n in reads.fields if n in AT)
        self._leaves = _by_field(reads.leaves, reads.fields)
        self._beside = sorted(AT[n] for n in reads.beside if n in AT)
        self._leaves_beside = _by_field(reads.leaves_beside, reads.beside)
        self._compared = sorted(reads.compared)
        self._near = [look for look in reads.looks if isinstance(look[0], Related | Units)]
        windows = [(w, codes) for t, codes in reads.looks if (w := self._window(t)) is not None]
        self._sought = [codes for _, codes in windows]
        self._chained = "chain" in reads.how
        calendar = self.shared.calendar([window for window, _ in windows], chained=self._chained)
        self.stretch = calendar.stretch
        self._years = sorted(reads.days_beside)
        kept = self.shared.answers
        era, both = self._era(reads.days), self._era(reads.days | reads.days_beside)
        self.alone = kept(self.mark, "alone", era)
        self.among = kept(self.mark, "among", both)
        self._kinds = kept(self.mark, "kinds", era)
        self._kinds_beside = kept(self.mark, "kinds beside", both)

    def _era(self, days: set[date]) -> int:
        """Which of the stretches between some days this one is."""
        return bisect_right(sorted(days), self.day)

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
            kind = self._kinds.get((at, value))
            if kind is None:
                kind = self._kinds[at, value] = self._kind(terms, x())
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

    def _window(self, term: Any) -> Window | None:
        """The window in which a term counts."""
        if isinstance(term, Spacing):
            length = Binding(self.bound, self.day, self.code).constant(term.length)
            return Window("", "rolling", False, length) if isinstance(length, Length) else None
        return term.window if isinstance(term, Sessions) else None

    def looking(self, code: str) -> Looking | None:
        """How the rules look at lines of a code; None if they do not."""
        windows = sum(1 << n for n, of in enumerate(self._sought) if of is None or code in of)
        in_claim = of_day = 0
        for n, (term, codes) in enumerate(self._near, len(self._sought)):
            if codes is None or code in codes:
                if _in_claim(term):
                    in_claim |= 1 << n
                else:
                    of_day |= 1 << n
        if not (in_claim or of_day or windows):
            return None
        return Looking(self, in_claim | of_day, of_day | windows, windows)

    def keys(
        self, setting: Setting, found: list[Found], x: Callable[[], LineFacts]
    ) -> list[Key] | None:
        """What the rules read of the lines at which they look; None where days hang together as
        no key tells."""
        own = setting.own
        if self._chained and any(other.date < own.date for _, other in found):
            return None
        days = sorted({other.date for _, other in found})
        keys: list[Key] = [(own.number,)]
        keys += [self._of(setting, other, n, days, x) for n, other in found]
        return keys

    def _of(
        self,
        setting: Setting,
        other: Beside,
        looked_at: int,
        days: list[date],
        x: Callable[[], LineFacts],
    ) -> Key:
        """What is read of another line."""
        own, values, era = setting.own, other.values, -1
        here = other.claim == own.claim
        key: list[Hashable] = [looked_at, other.number if here else None]
        if other.date == own.date:
            key.append(0)
        else:
            era = bisect_right(self._years, other.date)
            key += [bisect_right(days, other.date) * (1 if other.date < own.date else -1), era]
        if self._near:
            key += [other.procedure, other.number]
        elif self.reads.code_beside:
            key.append(other.procedure)
        key += [values[n] for n in self._beside]
        for at, terms in self._leaves_beside:
            mark = (at, values[at], era)
            kind = self._kinds_beside.get(mark)
            if kind is None:
                other_x = _like(x(), other, at)
                kind = self._kinds_beside[mark] = self._kind(terms, other_x)
            key.append(kind)
        if not here:
            key.append(_agree(other.payer, own.payer))
        for name in self._compared:
            at = AT[name]
            key.append(_agree(values[at], own.values[at]))
        if self.reads.payable and here:
            key.append(setting.payable(other.line))
        return tuple(key)


def _by_field(leaves: list[Leaf], fields: set[str]) -> list[tuple[int, list[Term]]]:
    """The terms that read a field, by its place in the values; without fields read by value."""
    found: dict[int, list[Term]] = {}
    for name, term in leaves:
        if name not in fields and name in AT:
            found.setdefault(AT[name], []).append(term)
    return sorted(found.items())


def _like(x: LineFacts, other: Beside, at: int) -> LineFacts:
    """A line of the day of another one, with its codes in one field."""
    codes: Any = {NAMES[at]: other.values[at], "service_date": other.date}
    return LineFacts(x.around, replace(x.line, **codes), x.index, None)


def _agree(other: Hashable, own: Hashable) -> int:
    if other is not None and own is not None:
        return int(other == own)
    return 2 + (other is None) + 2 * (own is None)


def _in_claim(term: Any) -> bool:
    keys = term.keys if isinstance(term, Units) else term.same
    return any(key.kind == "claim" for key in keys)
