"""Which lines can matter to a book at all: what a database looks for before anything is built.

A line matters if a rule could be violated or undecided on it, or if a coverage policy has it in
scope. What a term needs for that is read from the lowered terms; where it cannot be told, every
line matters. History matters by its codes: those that some form counts or looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from engine.batch.staging.trigger import (
    ALL_OF_IT,
    ALWAYS,
    NEVER,
    RECORDED,
    Past,
    Relevance,
    Trigger,
)
from engine.chain.bound import BoundBook
from engine.model.book import Rule
from engine.model.record import Record
from engine.model.term import (
    All,
    Attribute,
    Bears,
    Codes,
    Counted,
    Fixed,
    Join,
    Key,
    Not,
    Points,
    Related,
    Sessions,
    Some,
    Stated,
    Term,
    Units,
)


def relevance(bound: BoundBook) -> Relevance:
    """What can matter to one book."""
    found = NEVER
    for rule in bound.book.rules:
        found |= _of_rule(bound, rule)
    for scope in bound.book.scopes:
        found |= _open(bound, scope.term, value=True)
    return Relevance(found, _history(bound, found))


def _of_rule(bound: BoundBook, rule: Rule) -> Trigger:
    """What must be so for a rule to be violated or undecided."""
    parts = [_open(bound, rule.applies_to, value=True), _open(bound, rule.requires, value=False)]
    if rule.when is not None:
        parts.append(_open(bound, rule.when, value=True))
    if rule.when_stated is not None:
        parts.append(_certain(rule.when_stated))
    return min(parts, key=lambda p: p.cost)


def _open(bound: BoundBook, term: Term, *, value: bool) -> Trigger:
    """What must be so for a term to be possibly `value`."""
    if isinstance(term, Not):
        return _open(bound, term.term, value=not value)
    if isinstance(term, All | Some):
        parts = [_open(bound, part, value=value) for part in term.terms]
        if isinstance(term, All) is value:  # all parts must be so: the rarest of them will do
            return min(parts, key=lambda p: p.cost, default=ALWAYS)
        return _union(parts)
    if isinstance(term, Fixed):
        return ALWAYS if term.value in (None, value) else NEVER
    if isinstance(term, Bears):
        if (term.how == "has_none") is value:
            return ALWAYS
        return _coded(bound, term.codes, "modifiers")
    if value and isinstance(term, Points):
        return _coded(bound, term.codes, "diagnoses")
    if value and isinstance(term, Attribute) and term.path == "procedure" and term.test.codes:
        return _coded(bound, term.test.codes, "procedures")
    return ALWAYS


def _certain(term: Term) -> Trigger:
    """What must be so for a condition that waits for the record to be true, not only possible."""
    if isinstance(term, All | Some):
        parts = [_certain(part) for part in term.terms]
        if isinstance(term, All):
            return min(parts, key=lambda p: p.cost, default=ALWAYS)
        return _union(parts)
    return RECORDED if isinstance(term, Stated) else ALWAYS


def _coded(bound: BoundBook, codes: Codes, kind: str) -> Trigger:
    possible = bound.possible_codes(codes)
    return ALWAYS if possible is None else replace(NEVER, **{kind: possible})  # type: ignore[arg-type]


def _union(parts: Iterable[Trigger]) -> Trigger:
    found = NEVER
    for part in parts:
        found |= part
    return found


def _history(bound: BoundBook, lines: Trigger) -> Past:
    """What other lines of the patient may count."""
    found = Past(lines.procedures)
    waiting = {id(counted) for rule in bound.book.rules for counted in _awaited(rule)}
    for own, terms in _terms(bound):
        for term in terms:
            if id(term) in waiting:
                found |= Past(recorded=True)
            else:
                found |= _looked_for(bound, term, own)
    return found


def _awaited(rule: Rule) -> Iterator[Counted]:
    """Services that a rule waits for, of which a record states something: until some are there
    for sure it does not apply, so that those without a record change nothing."""
    terms = list(_within(rule.when_stated))
    if any(isinstance(term, Not) for term in terms):
        return
    for term in terms:
        if isinstance(term, Sessions) and term.comparison == "at_least":
            where = term.counted.where
            if where is not None and _certain(where) == RECORDED:
                yield term.counted


def _looked_for(bound: BoundBook, term: Record, own: frozenset[str] | None) -> Past:
    """What a term looks for among other lines; `own` are the codes of its subject."""
    if isinstance(term, Counted):
        return _with(_possible(bound, term.of, own), ALL_OF_IT)
    if isinstance(term, Units) and term.keys and _beyond_claim(term):
        # Without codes of its own a sum is over lines of the subject's procedure.
        return _with(_possible(bound, term.of, own) if term.of else own, _of_day(term.keys))
    if isinstance(term, Related) and _beyond_claim(term):
        if term.codes is None:
            return Past(_partners(bound, term.join)) if term.join else ALL_OF_IT
        return _with(_possible(bound, term.codes, own), _of_day(term.same))
    return Past()


def _with(codes: frozenset[str] | None, otherwise: Past) -> Past:
    return otherwise if codes is None else Past(codes)


def _of_day(keys: tuple[Key, ...]) -> Past:
    return Past(same_day=True) if any(key.kind == "date" for key in keys) else ALL_OF_IT


def _beyond_claim(term: Units | Related) -> bool:
    keys = term.keys if isinstance(term, Units) else term.same
    return all(key.kind != "claim" for key in keys)


def _possible(bound: BoundBook, codes: Codes, own: frozenset[str] | None) -> frozenset[str] | None:
    if codes.any or (codes.same and own is None):
        return None
    fixed, dated = bound.members(codes)
    return fixed.union(dated, own or () if codes.same else ())


def _partners(bound: BoundBook, join: Join) -> frozenset[str]:
    table = bound.book.tables[join.table]
    if table.stored is not None:
        return frozenset(str(v) for v in table.stored.values(join.other, join.rows))
    at = table.columns.index(join.other)
    return frozenset(str(row[at]) for row in table.rows)


def _terms(bound: BoundBook) -> Iterator[tuple[frozenset[str] | None, Iterable[Record]]]:
    """The terms of each rule with the codes that it is about (None: any), then all others."""
    for rule in bound.book.rules:
        about = _open(bound, rule.applies_to, value=True)
        only = about.procedures and not (about.any_line or about.modifiers or about.diagnoses)
        yield (about.procedures if only else None), parts_of(rule)
    yield None, _within([scope.term for scope in bound.book.scopes])
    for spans in bound.book.derivations.values():
        for span in spans:
            yield None, _within((span.value.of, [case[0] for case in span.value.cases]))


def parts_of(rule: Rule) -> Iterator[Record]:
    """Every term of a rule, with what stands inside."""
    yield from _within((rule.applies_to, rule.when, rule.when_stated, rule.requires))
    yield from _within([e.when for e in rule.exemptions])
    remedy = rule.consequence.remedy
    yield from _within(remedy.support if remedy else None)


def _within(value: Any) -> Iterator[Record]:
    if isinstance(value, Record):
        yield value
        for name in value._fields:
            yield from _within(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _within(part)
