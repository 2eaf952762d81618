"""Mutants of rules: their conditions, requirement, exceptions and dates."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from engine.analysis.mutation.mutant import Mutant
from engine.analysis.mutation.records import with_, without
from engine.analysis.mutation.terms import quoted, term_changes
from engine.model.book import Rule, RuleBook
from engine.model.term import All, Attribute, Fixed, Not, Term

Apply = Callable[[RuleBook], RuleBook | None]
Part = tuple[Hashable, ...]
"""Names a part of a rule's text, so that a layer that adopts a rule does not test it again."""


def rule_mutants(policy: str, rule: Rule, seen: set[Part]) -> Iterator[Mutant]:
    """Every mutant of the parts of a rule that were not `seen`, but those of its dates."""
    known = set(seen)
    for part, change, apply in _changes(rule):
        mark = (rule.id, rule.location, *part)
        seen.add(mark)
        if mark not in known:
            yield Mutant(
                policy,
                "rule",
                rule.name,
                change,
                rule.says,
                rule.location,
                apply,
                frozenset({rule.id}),
            )


def _changes(rule: Rule) -> Iterator[tuple[Part, str, Apply]]:
    part: Part = ("applies_to", rule.applies_to)
    for change, term in _applying(rule.applies_to):
        yield part, f"applies to: {change}", _replaced(rule, "applies_to", term)
    for name in ("when", "when_stated"):
        term = getattr(rule, name)
        if term is not None:
            yield from _conditions(rule, name, term)
    part = ("requires", rule.requires)
    if not isinstance(rule.requires, Fixed):  # its own change says the same
        contrary = Not(rule.requires, rule.requires.words)
        words = f"the contrary of {quoted(rule.requires)} required"
        yield part, words, _replaced(rule, "requires", contrary)
    for change, changed in term_changes(rule.requires):
        yield part, f"requires: {change}", _replaced(rule, "requires", changed)
    for exemption in rule.exemptions:
        part, label = ("unless", exemption), exemption.label
        yield part, f"without the exception `{label}`", _exempted(rule, label, None)
        for change, changed in term_changes(exemption.when):
            yield part, f"unless {label}: {change}", _exempted(rule, label, changed)


def _conditions(rule: Rule, name: str, term: Term) -> Iterator[tuple[Part, str, Apply]]:
    part, label = (name, term), name.replace("_", " ")
    yield part, f"without `{label}` {quoted(term)}", _replaced(rule, name, None)
    for change, changed in term_changes(term):
        yield part, f"{label}: {change}", _replaced(rule, name, changed)


def _applying(term: Term) -> Iterator[tuple[str, Any]]:
    """Changes of a left side; its procedure stays, because a rule without one is no rule."""
    for change, changed in term_changes(term):
        if _asks_procedure(changed) == _asks_procedure(term):
            yield change, changed


def _asks_procedure(term: Any) -> bool:
    parts = term.terms if isinstance(term, All) else (term,)
    return any(isinstance(p, Attribute) and p.path == "procedure" for p in parts)


def _replaced(rule: Rule, part: str, value: Any) -> Apply:
    """Changes a part wherever a book has this very text of the rule."""
    original = getattr(rule, part)

    def change(found: Rule) -> Rule | None:
        return with_(found, **{part: value}) if getattr(found, part) == original else None

    return lambda book: _each(book, rule, change)


def _exempted(rule: Rule, label: str, when: Term | None) -> Apply:
    original = next(e for e in rule.exemptions if e.label == label)

    def change(found: Rule) -> Rule | None:
        if original not in found.exemptions:
            return None
        n = found.exemptions.index(original)
        rest = without(found.exemptions, n)
        if when is not None:
            kept = with_(original, when=when)
            rest = (*found.exemptions[:n], kept, *found.exemptions[n + 1 :])
        return with_(found, exemptions=rest)

    return lambda book: _each(book, rule, change)


def _each(book: RuleBook, rule: Rule, change: Callable[[Rule], Rule | None]) -> RuleBook | None:
    rules, touched = list(book.rules), False
    for n, found in enumerate(rules):
        if found.id == rule.id and found.location == rule.location:
            changed = change(found)
            if changed is not None:
                rules[n], touched = changed, True
    return with_(book, rules=tuple(rules)) if touched else None


def date_mutants(policy: str, rule: Rule, day: date) -> Iterator[Mutant]:
    """A day on which one text of a rule begins or ends, a day later and a day earlier."""
    ids = frozenset({rule.id})
    for to in neighbours(day):
        yield Mutant(
            policy,
            "rule",
            rule.name,
            f"{day} read as {to}",
            rule.says,
            rule.location,
            partial(moved, ids=ids, day=day, to=to),
            ids,
            days=frozenset({min(day, to)}),
        )


def neighbours(day: date) -> tuple[date, date]:
    """The day after and the day before."""
    return day + timedelta(days=1), day - timedelta(days=1)


def moved(book: RuleBook, ids: frozenset[str], day: date, to: date) -> RuleBook | None:
    """The book in which entries of rules begin, and those before them end, on another day."""
    rules = tuple(_moved(r, day, to) if r.id in ids else r for r in book.rules)
    if all(new is old for new, old in zip(rules, book.rules, strict=True)):
        return None
    return with_(book, rules=rules, breakpoints=cut(book, to))


def _moved(rule: Rule, day: date, to: date) -> Rule:
    if day not in (rule.begin, rule.end):
        return rule
    begin = to if rule.begin == day else rule.begin
    end = to if rule.end == day else rule.end
    return with_(rule, begin=begin, end=end)


def cut(book: RuleBook, day: date) -> tuple[date, ...]:
    """The book's breakpoints with one more."""
    return tuple(sorted({*book.breakpoints, day}))
