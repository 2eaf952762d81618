"""Mutants of what rules lean on: parameters, code sets, decisions, derived facts, windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from engine.analysis.mutation.mutant import Kind
from engine.analysis.mutation.of_rules import cut, neighbours
from engine.analysis.mutation.records import mapped, with_, without
from engine.analysis.mutation.terms import quoted, term_changes
from engine.analysis.mutation.values import said, shifted, test_changes
from engine.model.book import CodeSet, RuleBook, Span
from engine.model.record import Record
from engine.model.term import Decision, Window

Apply = Callable[[RuleBook], RuleBook | None]
Change = tuple[str, Apply, dict[str, Any]]
"""What was changed, how to change it in a book, and what a claim must bear."""
Found = Iterator[Change]


def parameter_changes(book: RuleBook, name: str, first: date) -> Found:
    """Every value one more and one less; every date after the policy's `first` a day off."""
    for span in book.parameters[name]:
        for value in shifted(span.value.value):
            words = f"{span.value.value} read as {value}"
            dated = with_(span.value, value=value)
            yield words, _put("parameters", name, span, with_(span, value=dated)), {}
        if span.begin is not None and span.begin > first:
            for to in neighbours(span.begin):
                words = f"from {span.begin} read as {to}"
                yield words, _shift("parameters", name, span.begin, to), _day(span.begin, to)


def _put(field: str, name: str, old: Span[Any], new: Span[Any]) -> Apply:
    """Replaces a span by another, in books that hold it with this value."""

    def apply(book: RuleBook) -> RuleBook | None:
        spans = getattr(book, field).get(name, ())
        changed = tuple(with_(s, value=new.value) if s.value == old.value else s for s in spans)
        return _with(book, field, name, changed) if changed != spans else None

    return apply


def _shift(field: str, name: str, day: date, to: date) -> Apply:
    def apply(book: RuleBook) -> RuleBook | None:
        spans = getattr(book, field).get(name, ())
        changed = moved_spans(spans, day, to)
        if changed == spans:
            return None
        return with_(_with(book, field, name, changed), breakpoints=cut(book, to))

    return apply


def moved_spans(spans: tuple[Span[Any], ...], day: date, to: date) -> tuple[Span[Any], ...]:
    """The spans in which one ends and another begins on another day."""
    return tuple(
        with_(
            s,
            begin=to if s.begin == day else s.begin,
            end=to if s.end == day else s.end,
        )
        for s in spans
    )


def _with(book: RuleBook, field: str, name: str, value: Any) -> RuleBook:
    return with_(book, **{field: {**getattr(book, field), name: value}})


def _day(day: date, to: date) -> dict[str, Any]:
    return {"days": frozenset({min(day, to)})}


def set_changes(book: RuleBook, name: str) -> Found:
    """The set without each code; every date of a member a day off."""
    for code, spans in book.sets[name].members.items():
        needs = {"codes": frozenset({code})}
        yield f"without `{code}`", _member(name, code, ()), needs
        for day in sorted({d for s in spans for d in (s.begin, s.end) if d is not None}):
            for to in neighbours(day):
                changed = moved_spans(spans, day, to)
                words = f"`{code}`: {day} read as {to}"
                yield words, _member(name, code, changed, to), {**needs, **_day(day, to)}


def _member(name: str, code: str, spans: tuple[Span[bool], ...], day: date | None = None) -> Apply:
    def apply(book: RuleBook) -> RuleBook | None:
        found: CodeSet | None = book.sets.get(name)
        if found is None or code not in found.members:
            return None
        members = {c: s for c, s in found.members.items() if c != code}
        if spans:
            members[code] = spans
        changed = _with(book, "sets", name, with_(found, members=members))
        return with_(changed, breakpoints=cut(book, day)) if day else changed

    return apply


def attribute_changes(
    book: RuleBook, codes: Mapping[str, Any], attribute: str, rules: frozenset[str]
) -> Found:
    """Each code of a set with another value of an attribute that `rules` ask for."""
    given = book.attributes.get(attribute, {})
    values = sorted({s.value for code in codes for s in given.get(code, ())})
    for code in codes:
        for span in given.get(code, ()):
            other = next((v for v in values if v != span.value), None)
            if other is not None:
                words = f"`{code}`: {attribute} `{span.value}` read as `{other}`"
                needs = {"codes": frozenset({code}), "rules": rules}
                yield words, _attribute(attribute, code, span.value, other), needs


def _attribute(attribute: str, code: str, value: str, other: str) -> Apply:
    def apply(book: RuleBook) -> RuleBook | None:
        given = book.attributes.get(attribute, {})
        spans = given.get(code, ())
        changed = tuple(with_(s, value=other) if s.value == value else s for s in spans)
        if changed == spans:
            return None
        return _with(book, "attributes", attribute, {**given, code: changed})

    return apply


def decision_changes(book: RuleBook, name: str) -> Found:
    """A decision without each row, and each test of a row changed."""
    decision = book.decisions[name]
    for n, row in enumerate(decision.rows):
        label = f"row {n + 1} (`{row.code}`)"
        yield f"without {label}", _decided(decision, without(decision.rows, n)), {}
        for m, (fact, test) in enumerate(row.tests):
            plain = fact.replace("_", " ")
            for words, changed in test_changes(test):
                tests = (*row.tests[:m], (fact, changed), *row.tests[m + 1 :])
                rows = (*decision.rows[:n], with_(row, tests=tests), *decision.rows[n + 1 :])
                yield f"{label}: {words} in `{plain}`", _decided(decision, rows), {}
            rest = with_(row, tests=without(row.tests, m))
            rows = (*decision.rows[:n], rest, *decision.rows[n + 1 :])
            yield f"{label}: without `{plain}`", _decided(decision, rows), {}


def _decided(decision: Decision, rows: tuple[Any, ...]) -> Apply:
    def apply(book: RuleBook) -> RuleBook | None:
        if book.decisions.get(decision.name) != decision:
            return None
        return _with(book, "decisions", decision.name, with_(decision, rows=rows))

    return apply


def derivation_changes(book: RuleBook, name: str) -> Found:
    """A derived fact without each case, and each case changed."""
    for span in book.derivations[name]:
        derived = span.value
        for n, (when, value) in enumerate(derived.cases):
            rest = with_(derived, cases=without(derived.cases, n))
            words = f"without the case `{said(value)}` {quoted(when)}"
            yield words, _put("derivations", name, span, with_(span, value=rest)), {}
            for change, changed in term_changes(when):
                cases = (*derived.cases[:n], (changed, value), *derived.cases[n + 1 :])
                other = with_(span, value=with_(derived, cases=cases))
                yield f"case `{said(value)}`: {change}", _put("derivations", name, span, other), {}


def window_changes(window: Window) -> Found:
    """A window one longer and one shorter, its far edge and its own day turned round."""
    if window.length is not None:
        for length in shifted(window.length):
            words = f"{window.length} read as {length}"
            yield words, _windowed(window, with_(window, length=length)), {}
    if window.kind == "rolling":
        edge = "outside" if window.far_edge_inside else "inside"
        changed = with_(window, far_edge_inside=not window.far_edge_inside)
        yield f"its far edge {edge}", _windowed(window, changed), {}
    this = "left out" if window.this_date else "counted"
    changed = with_(window, this_date=not window.this_date)
    yield f"the day itself {this}", _windowed(window, changed), {}


def _windowed(window: Window, other: Window) -> Apply:
    def change(record: Record) -> Record:
        return other if record == window else record

    def apply(book: RuleBook) -> RuleBook | None:
        rules = mapped(book.rules, change)
        return with_(book, rules=rules) if rules is not book.rules else None

    return apply


KINDS: dict[str, Kind] = {
    "parameters": "parameter",
    "sets": "set",
    "decisions": "decision",
    "derivations": "derivation",
}
