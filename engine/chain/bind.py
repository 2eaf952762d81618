"""Binds terms to functions of a line: the fast reading of a term, three-valued.

A binding knows the book, the subject's day (for parameters) and maybe the subject's code, so
that whatever depends on the code alone is decided once and folded away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.chain.counting import Counter, nearest, tally
from engine.chain.facts import MISSING, NOT_RECORDED, UNDEFINED, LineFacts
from engine.chain.matching import (
    code_test,
    compare,
    compare_range,
    disjunction,
    fixed_codes,
    negation,
)
from engine.chain.reading import reader
from engine.chain.relations import Relation, summed
from engine.chain.selection import active, selected
from engine.model.book import BARRING, Rule, Span, in_force
from engine.model.length import Length
from engine.model.outcome import Word
from engine.model.term import (
    Active,
    All,
    Attribute,
    Bears,
    Comparison,
    Constant,
    CountOf,
    FactOf,
    Fixed,
    LineValue,
    Lookup,
    Not,
    OutcomeOf,
    Parameter,
    Points,
    Related,
    Selects,
    Sessions,
    Some,
    Spacing,
    Stated,
    Term,
    Test,
    Units,
    Value,
)

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
        bound: Folded = _BINDERS[type(term)](self, term)
        return bound

    def part(self, position: int, name: str, terms: list[Term], decisive: bool) -> Folded:
        """A part of a rule, bound; what does not depend on the code serves for every code, so
        that a large book stays small in memory."""
        mark = (position, name, self.bound.stretch(self.day))
        if mark in self.bound.parts:
            return self.bound.parts[mark]
        self._coded = False
        found = _joined([self.bind(term) for term in terms], decisive)
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


def _to_compare_with(x: LineFacts, fact: str) -> Any:
    """A fact as a limit: a form that asks for what is not in the record is violated (A15)."""
    value = x.measured(fact)
    if value is None and x.around.null is False:
        return NOT_RECORDED
    return None if value is MISSING else value


def _fixed(_: Binding, term: Fixed) -> Folded:
    return term.value


def _attribute(b: Binding, term: Attribute) -> Folded:
    owner, _, name = term.path.partition(".")
    if term.path == "procedure" and term.test.codes is not None and b.code is not None:
        codes = term.test.codes
        return codes.same or code_test(b.bound, codes)(b.code, b.day)
    if owner == "attributes" and name not in b.bound.book.derivations and b.code is not None:
        value = b.bound.code_attribute(name, b.code, b.day)
        return passes(b, term.test)(value, None)
    read, test = reader(term.path), passes(b, term.test)
    return lambda x: test(read(x), x)


def passes(b: Binding, test: Test) -> Callable[[Any, LineFacts | None], bool | None]:
    """A function that says whether a value passes a test; MISSING and None are unknown."""
    single = _single(b, test)

    def check(value: Any, x: LineFacts | None) -> bool | None:
        if value is UNDEFINED:
            return False
        if value is None or value is MISSING:
            return None
        if not isinstance(value, tuple):
            return single(value, x)
        if test.includes is not None:
            wanted = b.number(test.includes)
            return x is not None and wanted(x) in value
        results = [single(item, x) for item in value]
        return False if not results or False in results else (None if None in results else True)

    return check


def _single(b: Binding, test: Test) -> Callable[[Any, LineFacts | None], bool | None]:
    if test.codes is not None:
        matches = code_test(b.bound, test.codes)
        return lambda v, x: matches(str(v), x.date if x is not None else b.day)
    if test.among and all(isinstance(v, Constant) and _plain(v.value) for v in test.among):
        allowed = frozenset(_kind(v.value) for v in test.among if isinstance(v, Constant))
        return lambda v, _x: _kind(v) in allowed
    return _bounded(b, test)


def _plain(value: Any) -> bool:
    return not isinstance(value, Length)


def _kind(value: Any) -> tuple[bool, Any]:
    """``True`` and 1 are not the same fact."""
    return isinstance(value, bool), value


def _bounded(b: Binding, test: Test) -> Callable[[Any, LineFacts | None], bool | None]:
    bounds: list[tuple[Any, ReadValue]] = []
    if test.at_least is not None:
        bounds.append(("at_least", b.number(test.at_least)))
    if test.at_most is not None:
        bounds.append(("at_most", b.number(test.at_most)))
    exact = [b.number(v) for v in test.among]

    def check(value: Any, x: LineFacts | None) -> bool | None:
        results = [compare(value, how, read(x)) for how, read in bounds]  # type: ignore[arg-type]
        if exact:
            results.append(disjunction(*(compare(value, "equals", r(x)) for r in exact)))  # type: ignore[arg-type]
        return False if False in results else (None if None in results else True)

    return check


def _bears(b: Binding, term: Bears) -> Folded:
    if term.how == "has_all":
        wanted = b.bound.possible_codes(term.codes) or frozenset()
        return lambda x: all(m in x.modifiers for m in wanted)
    fixed, none = fixed_codes(b.bound, term.codes), term.how == "has_none"
    if fixed is not None:
        if none:
            return lambda x: fixed.isdisjoint(x.modifiers)
        return lambda x: not fixed.isdisjoint(x.modifiers)
    matches = code_test(b.bound, term.codes)
    return lambda x: any(matches(m, x.date) for m in x.modifiers) is not none


def _points(b: Binding, term: Points) -> Folded:
    matches = code_test(b.bound, term.codes)
    if term.primary:
        return lambda x: bool(x.diagnoses) and matches(x.diagnoses[0], x.date)
    fixed = fixed_codes(b.bound, term.codes)
    if fixed is not None:
        return lambda x: not fixed.isdisjoint(x.diagnoses)
    return lambda x: any(matches(d, x.date) for d in x.diagnoses)


def _units(b: Binding, term: Units) -> Folded:
    if not term.keys:
        return _own_units(term.comparison, b.number(term.value), b.constant(term.value))
    limit = b.number(term.value)
    total = summed(b, term)

    def over(x: LineFacts) -> bool | None:
        found = total(x)
        return compare_range(found.low, found.high, term.comparison, limit(x))

    return over


def _own_units(how: Comparison, limit: ReadValue, number: Any) -> Evaluate:
    """This line's units; the common limit, a number, without a detour."""
    if how == "at_most" and isinstance(number, int):
        return lambda x: None if x.units is None else x.units <= number
    return lambda x: compare(x.units, how, limit(x))


def _stated(b: Binding, term: Stated) -> Folded:
    name = term.fact
    test = passes(b, term.test) if term.test is not None else None

    def check(x: LineFacts) -> bool | None:
        value = x.measured(name)
        if value is MISSING:
            return None
        if value is None:
            return x.around.null
        return True if test is None else test(value, x)

    return check


def _related(b: Binding, term: Related) -> Folded:
    relation = Relation(b, term)
    if term.join is not None:
        pairs = relation.partners.get(b.code or "", {})
        b.expect_row(term.join.table, (span for spans in pairs.values() for span in spans))
    return relation.exists


def _sessions(b: Binding, term: Sessions) -> Folded:
    counter, limit = Counter(term.counted, b), b.number(term.value)

    def check(x: LineFacts) -> bool | None:
        found = tally(counter, term, x)
        if found.lacking:
            return False
        return compare_range(found.low, found.high, term.comparison, limit(x))

    return check


def _spacing(b: Binding, term: Spacing) -> Folded:
    counter, read = Counter(term.counted, b), b.number(term.length)

    def check(x: LineFacts) -> bool | None:
        length = read(x)
        return nearest(counter, length, x)[0] if isinstance(length, Length) else None

    return check


def _outcome(b: Binding, term: OutcomeOf) -> Folded:
    positions = b.bound.positions(term.rule)

    def check(x: LineFacts) -> bool | None:
        word = b.bound.word_on(x, positions)
        if word == "undecided":
            return None
        return (word == "violated") is term.violated

    return check


def _selects(b: Binding, term: Selects) -> Folded:
    decision = b.bound.book.decisions[term.decision]
    rows = [
        (row.code, [(fact, passes(b, test)) for fact, test in row.tests]) for row in decision.rows
    ]
    return lambda x: selected(decision, rows, x).value


def _active(b: Binding, term: Active) -> Folded:
    if b.code is not None and not b.bound.judges(term, b.code):
        b.unjudged = True
        return None
    return lambda x: active(b.bound, term, x)


def _all(b: Binding, term: All) -> Folded:
    return _joined([b.bind(t) for t in term.terms], False)


def _some(b: Binding, term: Some) -> Folded:
    return _joined([b.bind(t) for t in term.terms], True)


def _joined(parts: list[Folded], decisive: bool) -> Folded:
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


def _not(b: Binding, term: Not) -> Folded:
    part = b.bind(term.term)
    if not callable(part):
        return negation(part)
    return lambda x: negation(part(x))


def _count(b: Binding, term: CountOf) -> Folded:
    parts = [b.bind(t) for t in term.terms]
    limit = b.number(term.value)

    def check(x: LineFacts) -> bool | None:
        values = [part(x) if callable(part) else part for part in parts]
        low = sum(v is True for v in values)
        return compare_range(low, low + values.count(None), term.comparison, limit(x))

    return check


_BINDERS: dict[type, Callable[[Binding, Any], Folded]] = {
    Fixed: _fixed,
    Attribute: _attribute,
    Bears: _bears,
    Points: _points,
    Units: _units,
    Stated: _stated,
    Related: _related,
    Sessions: _sessions,
    Spacing: _spacing,
    OutcomeOf: _outcome,
    Selects: _selects,
    Active: _active,
    All: _all,
    Some: _some,
    Not: _not,
    CountOf: _count,
}


class BoundRule:
    """A rule bound for one code and one stretch of days.

    `applies`, `stated` and `fulfilled` are A, S and R of clause A5; `bars` says that a violation
    makes its line not payable, and `on_claim` that it concerns all lines.
    """

    __slots__ = (
        "applies",
        "bars",
        "fulfilled",
        "on_claim",
        "position",
        "rule",
        "stated",
        "unjudged",
    )

    def __init__(self, binding: Binding, position: int, rule: Rule) -> None:
        self.position = position
        self.rule = rule
        self.bars = rule.consequence.finding in BARRING
        self.on_claim = rule.consequence.on_claim
        when, stated = ([t] if t else [] for t in (rule.when, rule.when_stated))
        on = binding.part(position, "applies_to", [rule.applies_to], False)
        self.applies = _joined([on, binding.part(position, "when", when, False)], False)
        self.stated = binding.part(position, "when_stated", stated, False)
        self.fulfilled: Folded = True
        if self.applies is not False:
            ways = [rule.requires, *(e.when for e in rule.exemptions)]
            self.fulfilled = binding.part(position, "requires", ways, True)
        self.unjudged = binding.unjudged

    def decide(self, x: LineFacts) -> Word:
        """The outcome by clause A5."""
        applies = self.applies(x) if callable(self.applies) else self.applies
        if applies is False:
            return "not_applicable"
        stated = self.stated(x) if callable(self.stated) else self.stated
        if stated is not True:
            return "not_applicable"
        return self.judge(x, applies)

    def judge(self, x: LineFacts, applies: bool | None) -> Word:
        """The outcome of a rule whose left side is true or unknown."""
        result = self.fulfilled(x) if callable(self.fulfilled) else self.fulfilled
        if result is True:
            return "met"
        return "violated" if applies is True and result is False else "undecided"


__all__ = ["Binding", "BoundRule", "Decimal", "Evaluate", "Folded", "passes"]
