"""Where a term is bound to a function of a line: the book, the day, and maybe the code.

A binding knows the book, the subject's day (for parameters) and maybe the subject's code, so
that whatever depends on the code alone is decided once and folded away. How each kind of term is
bound stands in `bind_line` and `bind`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.chain.counter import Counter
from engine.chain.facts import MISSING, NOT_RECORDED, LineFacts
from engine.chain.reading import reader
from engine.model.book import Span, in_force
from engine.model.term import Constant, Counted, FactOf, LineValue, Lookup, Parameter, Term, Value

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook

Evaluate: TypeAlias = Callable[[LineFacts], bool | None]
Folded: TypeAlias = bool | Evaluate | None
ReadValue: TypeAlias = Callable[[LineFacts], Any]


class Binding:
    """Where a term is bound. `code` is the subject's procedure, None for other lines and for
    diagnoses. `unjudged` is set when an incomplete table lacks the code (clause A21)."""

    def __init__(self, bound: BoundBook, day: date, code: str | None = None) -> None:
        self.bound = bound
        self.day = day
        self.unjudged = False
        self._code = code
        self._coded = False

    @property
    def code(self) -> str | None:
        """The subject's procedure; whoever reads it binds for this one code."""
        self._coded = True
        return self._code

    def elsewhere(self) -> Binding:
        """The same day, for a line whose code is not known beforehand."""
        return Binding(self.bound, self.day)

    def expect_row(self, table: str, spans: Iterable[Span[bool]]) -> None:
        """Judge nothing where a table that is not complete has no row of the code on the day."""
        if self.code is not None and not any(span.holds(self.day) for span in spans):
            self.unjudged = self.unjudged or not self.bound.complete(table, self.code)

    def bind(self, term: Term) -> Folded:
        """The value of a term where it is already certain, else a function of the line."""
        bound: Folded = self.bound.binders[type(term)](self, term)
        return bound

    def counter(self, counted: Counted) -> Counter:
        """What finds the services that a count looks at; made once for a stretch of days."""
        mark = (id(counted), self.bound.stretch(self.day))
        found = self.bound.counters.get(mark)
        if found is None:
            found = self.bound.counters[mark] = Counter(counted, self)
        return found

    def part(self, position: int, name: str, terms: list[Term], decisive: bool) -> Folded:
        """A part of a rule, bound; what does not depend on the code serves for every code, so
        that a large book stays small in memory."""
        mark = (position, name, self.bound.stretch(self.day))
        if mark in self.bound.parts:
            return self.bound.parts[mark]
        self._coded = False
        found = joined([self.bind(term) for term in terms], decisive)
        if not self._coded:
            self.bound.parts[mark] = found
        return found

    def constant(self, value: Value) -> Any:
        """A value to compare with that is the same for every line; None if there is none."""
        if isinstance(value, Parameter):
            dated = in_force(self.bound.book.parameters.get(value.name, ()), self.day)
            return dated.value if dated else None
        return value.value if isinstance(value, Constant) else None

    def number(self, value: Value) -> ReadValue:
        """A function that reads a value to compare with; it returns None where unknown."""
        if isinstance(value, Constant | Parameter):
            constant = self.constant(value)
            return lambda _x: constant
        if isinstance(value, FactOf):
            return lambda x: _to_compare_with(x, value.fact)
        if isinstance(value, LineValue):
            return reader(value.attribute)
        return self._lookup(value)

    def _lookup(self, value: Lookup) -> ReadValue:
        rows = self.bound.lookup(value.column)
        self.expect_row(value.column.table, (span for _, span in rows.get(self.code or "", ())))

        def read(x: LineFacts) -> Any:
            return next((v for v, span in rows.get(x.procedure, ()) if span.holds(x.date)), None)

        return read


Binders: TypeAlias = dict[type, Callable[[Binding, Any], Folded]]
"""How each kind of term is bound."""


def _to_compare_with(x: LineFacts, fact: str) -> Any:
    """A fact as a limit: a form that asks for what is not in the record is violated (A15)."""
    value = x.measured(fact)
    if value is None and x.around.null is False:
        return NOT_RECORDED
    return None if value is MISSING else value


def joined(parts: list[Folded], decisive: bool) -> Folded:
    """All (decisive False) or some (decisive True) of the parts, in Kleene's logic."""
    if any(part is decisive for part in parts):
        return decisive
    open_already = any(part is None for part in parts)
    rest = [part for part in parts if callable(part)]
    if not rest:
        return None if open_already else not decisive
    if len(rest) == 1 and not open_already:
        return rest[0]
    certain: bool | None = None if open_already else not decisive

    def check(x: LineFacts) -> bool | None:
        result = certain
        for part in rest:
            value = part(x)
            if value is decisive:
                return decisive
            if value is None:
                result = None
        return result

    return check
