"""Which lines can matter to a book at all: what a database looks for before anything is built.

A line matters if a rule could be violated or undecided on it, or if a coverage policy has it in
scope. What a term needs for that is read from the lowered terms; where it cannot be told, every
line matters. History matters by its codes: those that some form counts or looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

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
    Not,
    Points,
    Related,
    Some,
    Term,
    Units,
)


@dataclass(frozen=True)
class Trigger:
    """Lines that matter bear one of these codes; `any_line`: every line does."""

    procedures: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()
    diagnoses: frozenset[str] = frozenset()
    any_line: bool = False

    def __or__(self, other: Trigger) -> Trigger:
        return Trigger(
            self.procedures | other.procedures,
            self.modifiers | other.modifiers,
            self.diagnoses | other.diagnoses,
            self.any_line or other.any_line,
        )

    @property
    def cost(self) -> tuple[bool, int, int, int]:
        """What is better to look for: procedures are rarer than modifiers and diagnoses."""
        return (
            self.any_line,
            len(self.diagnoses),
            len(self.modifiers),
            len(self.procedures),
        )


NEVER = Trigger()
ALWAYS = Trigger(any_line=True)


@dataclass(frozen=True)
class Relevance:
    """`lines` are the lines on which something could be said, `history` the procedure codes of
    other lines that could be counted with them (None: all codes)."""

    lines: Trigger = NEVER
    history: frozenset[str] | None = frozenset()

    def __or__(self, other: Relevance) -> Relevance:
        both = self.history is not None and other.history is not None
        history = (self.history or frozenset()) | (other.history or frozenset()) if both else None
        return Relevance(self.lines | other.lines, history)


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


def _coded(bound: BoundBook, codes: Codes, kind: str) -> Trigger:
    possible = bound.possible_codes(codes)
    return ALWAYS if possible is None else replace(NEVER, **{kind: possible})  # type: ignore[arg-type]


def _union(parts: Iterable[Trigger]) -> Trigger:
    found = NEVER
    for part in parts:
        found |= part
    return found


def _history(bound: BoundBook, lines: Trigger) -> frozenset[str] | None:
    """The codes that other lines of the patient may bear and count."""
    found = set(lines.procedures)
    for own, terms in _terms(bound):
        for term in terms:
            codes = looked_for(bound, term, own)
            if codes is None:
                return None
            found |= codes
    return frozenset(found)


def looked_for(bound: BoundBook, term: Record, own: frozenset[str] | None) -> frozenset[str] | None:
    """The codes that a term looks for among other lines; `own` are those of its subject."""
    if isinstance(term, Counted):
        return _possible(bound, term.of, own)
    if isinstance(term, Units) and term.keys and _beyond_claim(term):
        # Without codes of its own a sum is over lines of the subject's procedure.
        return _possible(bound, term.of, own) if term.of else own
    if isinstance(term, Related) and _beyond_claim(term):
        if term.codes is not None:
            return _possible(bound, term.codes, own)
        return _partners(bound, term.join) if term.join else None
    return frozenset()


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
