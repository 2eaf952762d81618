"""What the pages are made of: the compiled rules of every policy, and who names what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.analysis.examples import Example, examples_of
from engine.compiler.book import compile_policy
from engine.compiler.library import Library
from engine.documents.document import Document
from engine.model.book import GRADES, Rule, RuleBook
from engine.model.record import Record
from engine.model.term import Codes, Stated


@dataclass
class Shelves:
    """A library with everything in it compiled once. Paths are those of the pages."""

    library: Library
    books: dict[str, RuleBook] = field(default_factory=dict)

    def book(self, policy: str) -> RuleBook:
        """The book of one policy alone."""
        if policy not in self.books:
            self.books[policy] = compile_policy(self.library, policy)[0]
        return self.books[policy]

    def rules(self, policy: str) -> dict[str, list[Rule]]:
        """The entries of each rule that a policy writes or changes, by name, earliest first."""
        document = self.library.policies[policy]
        written = {r.get("rule") for r in document.data.get("rules") or ()}
        changed = {c.get("rule") for c in document.data.get("changes") or ()}
        found: dict[str, list[Rule]] = {}
        for rule in sorted(self.book(policy).rules, key=lambda r: r.begin):
            if rule.name in (written if rule.policy == policy else changed):
                found.setdefault(rule.name, []).append(rule)
        order = [
            r.get("rule") for key in ("rules", "changes") for r in document.data.get(key) or ()
        ]
        return {name: found[name] for name in dict.fromkeys(order) if name in found}

    @cached_property
    def examples(self) -> dict[str, list[Example]]:
        """The examples of each rule, by its id."""
        found: dict[str, list[Example]] = defaultdict(list)
        for policy in self.library.policies:
            for example in examples_of(self.library, policy):
                found[example.rule].append(example)
        return found

    @cached_property
    def layers(self) -> dict[str, list[str]]:
        """The policies that extend each policy."""
        found: dict[str, list[str]] = defaultdict(list)
        for id, document in sorted(self.library.policies.items()):
            if document.data.get("extends"):
                found[str(document.data["extends"])].append(id)
        return found

    @cached_property
    def users(self) -> dict[tuple[str, str], list[str]]:
        """The rules that name a set, or ask for a fact, by ("set" or "fact", full name)."""
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for policy in sorted(self.library.policies):
            for rule in self.book(policy).rules:
                for record in _inside(rule):
                    for mark in _marks(record):
                        found[mark][rule.id] = None
        return {mark: list(ids) for mark, ids in found.items()}

    @cached_property
    def cited(self) -> dict[str, list[str]]:
        """The rules that cite each ``source/sentence``."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for policy in sorted(self.library.policies):
            for rule in self.book(policy).rules:
                for cite in (*rule.cites, *(e.cite for e in rule.exemptions)):
                    found[f"{cite.source}/{cite.locator}"][rule.id] = None
                for reading in rule.interpretations:
                    found[reading][rule.id] = None
        return {name: list(ids) for name, ids in found.items()}

    def sets(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every written code set: folder, name and data."""
        for document in self.library.documents:
            if document.kind in ("policy", "codes") and isinstance(document.data, dict):
                for name, data in (document.data.get("sets") or {}).items():
                    yield document.folder, name, data

    def of_kind(self, kind: str) -> list[Document]:
        """The documents of a kind."""
        return [d for d in self.library.documents if d.kind == kind and isinstance(d.data, dict)]

    def codes(self, policy: str, rule: Rule) -> tuple[str, ...] | None:
        """The codes to which a rule may apply; None for any code."""
        book = self.book(policy)
        at = book.rules.index(rule)
        if at in book.unindexed:
            return None
        return tuple(code for code, found in book.index.items() if at in found)


def grade(rule: Rule) -> str:
    """The weakest grade of the sentences that a rule cites."""
    grades = [GRADES.index(c.evidence) for c in rule.cites if c.evidence in GRADES]
    return GRADES[max(grades)] if grades else "interpretation"


def _marks(record: Record) -> Iterator[tuple[str, str]]:
    if isinstance(record, Codes):
        yield from (("set", name) for name in record.sets)
    elif isinstance(record, Stated):
        yield "fact", record.fact


def _inside(value: Any) -> Iterator[Record]:
    if isinstance(value, Record):
        yield value
        for part in value.__dict__.values():
            yield from _inside(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _inside(part)
