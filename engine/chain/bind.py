"""Binds the terms that ask of other lines, of history, outcomes and tables, and joins terms."""

from __future__ import annotations

from engine.chain.bind_line import OF_THE_LINE
from engine.chain.binding import Binders, Binding, Folded, joined
from engine.chain.counter import Counter
from engine.chain.counting import nearest, tally
from engine.chain.facts import LineFacts
from engine.chain.matching import compare_range, negation
from engine.chain.relations import Relation
from engine.chain.selection import active, selected
from engine.chain.values import passes
from engine.model.length import Length
from engine.model.term import (
    Active,
    All,
    CountOf,
    Not,
    OutcomeOf,
    Related,
    Selects,
    Sessions,
    Some,
    Spacing,
)


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
    return joined([b.bind(t) for t in term.terms], False)


def _some(b: Binding, term: Some) -> Folded:
    return joined([b.bind(t) for t in term.terms], True)


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


BINDERS: Binders = {
    **OF_THE_LINE,
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
