"""Goes through the terms of a rule, and notes what they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from engine.chain.matching import partners
from engine.chain.notes import Notes
from engine.chain.reads import GROUP, PROVIDER, RECORD, Looks, Reads
from engine.model.book import Rule, Span
from engine.model.term import (
    Active,
    All,
    Attribute,
    Bears,
    Counted,
    CountOf,
    FactOf,
    Fixed,
    Join,
    Key,
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


def reads_of_rule(bound: BoundBook, rule: Rule, code: str | None) -> Reads:
    """What a rule reads of lines of a procedure code; without one only which fields it reads."""
    reader = _Reader(bound, code)
    reader.rule(rule)
    return reader.found


def reads_of(bound: BoundBook, terms: Iterable[Term], code: str) -> Reads:
    """What some terms read of lines of a procedure code."""
    reader = _Reader(bound, code)
    for term in terms:
        reader.term(term)
    return reader.found


class _Reader(Notes):
    """Goes through the terms."""

    def rule(self, rule: Rule) -> None:
        """A whole rule, with what its remedy asks for."""
        remedy = rule.consequence.remedy
        self._spans([Span(rule.begin, rule.end, True)])
        for name in (rule.names or {}).values():
            self._parameter(name)
        for term in (rule.applies_to, rule.when, rule.when_stated, rule.requires):
            if term is not None:
                self.term(term)
        for exemption in rule.exemptions:
            self.term(exemption.when)
        if remedy is not None and remedy.support is not None:
            self.term(remedy.support)

    def term(self, term: Term) -> None:
        """Any term."""
        read = _READERS.get(type(term))
        if read is None:
            self.found.untold = True
        else:
            read(self, term)

    def fixed(self, _: Fixed) -> None:
        """Nothing is read."""

    def attribute(self, term: Attribute) -> None:
        owner, _, name = term.path.partition(".")
        self._of_code(owner)
        if owner == "procedure":
            self._codes(term.test.codes, own=not self._other)
        elif owner == "attributes":
            self._derived(name)
        elif self._other or _varies(term.test):
            self._field(term.path)
        else:
            self._leaf(term.path, term)
        self._test(term.test, codes=owner != "procedure")

    def bears(self, term: Bears) -> None:
        self._leaf("modifiers", term)
        self._codes(term.codes)

    def points(self, term: Points) -> None:
        self._leaf("diagnoses", term)
        self._codes(term.codes)

    def stated(self, term: Stated) -> None:
        self._field(RECORD)
        self._test(term.test)

    def selects(self, term: Selects) -> None:
        self._of_code("procedure")
        self._field(RECORD)
        self._field("modifiers")
        self._rests("decision", term.decision)
        for row in self._bound.book.decisions[term.decision].rows:
            for _, test in row.tests:
                self._test(test)

    def active(self, term: Active) -> None:
        self.found.untold = self.found.untold or self._other
        self._rests("table", term.table)
        if self._code is not None:
            self._spans(self._bound.validity(term).get(self._code, ()))

    def parts(self, term: All | Some | CountOf) -> None:
        if isinstance(term, CountOf):
            self._value(term.value)
        for part in term.terms:
            self.term(part)

    def negated(self, term: Not) -> None:
        self.term(term.term)

    def units(self, term: Units) -> None:
        self._field("units")
        self._value(term.value)
        if term.keys:
            self.found.beside.add("units")
            self._codes(term.of, own=True)
            self._look(term, term.keys, self._possible(term.of))
            self._codes(term.of, beside=True)

    def related(self, term: Related) -> None:
        self.found.payable = self.found.payable or term.payable
        wanted = self._partners(term.join) if term.join else self._possible(term.codes)
        self._look(term, (*term.same, *term.different), wanted)
        self._codes(term.codes, beside=True)
        self._where(term.where)

    def counted(self, term: Sessions | Spacing) -> None:
        counted: Counted = term.counted
        if counted.by != "any_provider":
            self.found.compared.add(GROUP if counted.by == "group" else PROVIDER)
        self._codes(counted.of, own=True)
        self._look(term, (*counted.same, *counted.different), self._possible(counted.of))
        self._codes(counted.of, beside=True)
        self._where(counted.where)
        self._value(term.value if isinstance(term, Sessions) else term.length)
        if isinstance(term, Sessions):
            if term.count == "units":
                self._field("units")
                self.found.beside.add("units")
            if term.window.fact is not None:
                self._field(RECORD)

    def outcome(self, term: OutcomeOf) -> None:
        if self._other:
            self.found.untold = True
        elif (term.rule, False) not in self._seen:
            self._seen.add((term.rule, False))
            self._rests("outcome", term.rule)
            for position in self._bound.positions(term.rule):
                self.rule(self._bound.book.rules[position])

    def _derived(self, name: str) -> None:
        """A fact that follows of a line, or what code sets say of its code."""
        self._of_code("attributes")
        if (name, self._other) in self._seen:
            return
        self._seen.add((name, self._other))
        book = self._bound.book
        spans = book.derivations.get(name)
        self._rests("derivation", name)
        if spans is None:
            self._rests("attribute", name)
            codes = book.attributes.get(name, {})
            own = () if self._code is None else (self._code,)
            for code in codes if self._other else own:
                self._spans(codes.get(code, ()), beside=self._other)
            return
        self._spans(spans)
        for span in spans:
            for term in (span.value.of, *(when for when, _ in span.value.cases)):
                self.term(term)
            if span.value.otherwise_attribute is not None:
                self._derived(span.value.otherwise_attribute)

    def _look(self, term: Looks, keys: tuple[Key, ...], codes: frozenset[str] | None) -> None:
        """A term that looks at other lines and compares them with this one."""
        if self._other:
            self.found.untold = True  # what another line in its turn looks at
            return
        self.found.looks.append((term, codes))
        for key in keys:
            self._key(key)

    def _key(self, key: Key) -> None:
        if key.kind in ("provider", "group"):
            self.found.compared.add(PROVIDER if key.kind == "provider" else GROUP)
            return
        for self._other in (True, False):
            self._of_code(key.kind)
            if key.kind == "side":
                self._field("modifiers")
            if key.kind in ("side", "fact"):
                self._field(RECORD)
            if key.kind == "attribute":
                self._derived(key.name)

    def _where(self, term: Term | None) -> None:
        """What is asked of other lines, among which the line itself may be counted."""
        if term is not None:
            for self._other in (True, False):
                self.term(term)

    def _partners(self, join: Join) -> frozenset[str]:
        self._rests("table", join.table)
        if self._code is None:
            return frozenset()
        found = partners(self._bound.book.tables[join.table], join).get(self._code, {})
        for spans in found.values():
            self._spans(spans)
        return frozenset(found)

    def _test(self, test: Test | None, *, codes: bool = True) -> None:
        if test is None:
            return
        if codes:
            self._codes(test.codes)
        for value in (*test.among, test.at_least, test.at_most, test.includes):
            if value is not None:
                self._value(value)

    def _value(self, value: Value) -> None:
        if isinstance(value, Parameter):
            self._parameter(value.name)
        elif isinstance(value, Lookup):
            self._rests("table", value.column.table)
            self.found.untold = self.found.untold or self._other
            if self._code is not None:
                rows = self._bound.lookup(value.column)
                self._spans([span for _, span in rows.get(self._code, ())])
        elif isinstance(value, FactOf):
            self._field(RECORD)
        elif isinstance(value, LineValue):
            owner, _, name = value.attribute.partition(".")
            self._derived(name) if owner == "attributes" else self._field(value.attribute)


def _varies(test: Test) -> bool:
    """Whether a test compares with something that is not the same for every line."""
    values = (*test.among, test.at_least, test.at_most, test.includes)
    return any(isinstance(value, FactOf | LineValue | Lookup) for value in values)


_READERS: dict[type, Callable[[_Reader, Any], None]] = {
    Fixed: _Reader.fixed,
    Attribute: _Reader.attribute,
    Bears: _Reader.bears,
    Points: _Reader.points,
    Units: _Reader.units,
    Stated: _Reader.stated,
    Related: _Reader.related,
    Sessions: _Reader.counted,
    Spacing: _Reader.counted,
    OutcomeOf: _Reader.outcome,
    Selects: _Reader.selects,
    Active: _Reader.active,
    All: _Reader.parts,
    Some: _Reader.parts,
    Not: _Reader.negated,
    CountOf: _Reader.parts,
}
