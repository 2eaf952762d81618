"""All mutants of a policies folder: each written thing once, under the policy that writes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from engine.analysis.mutation import of_definitions as definitions
from engine.analysis.mutation.mutant import NOTHING, Kind, Mutant
from engine.analysis.mutation.of_rules import cut, date_mutants, moved, neighbours, rule_mutants
from engine.analysis.mutation.records import inside, with_
from engine.analysis.mutation.uses import Node
from engine.compiler.library import Library, day
from engine.model.book import RuleBook, Scope
from engine.model.problem import Location
from engine.model.term import Window


@dataclass
class Population:
    """Collects the mutants of one policy after another; a base comes before its layers."""

    library: Library
    users: dict[Node, frozenset[str]]
    seen: set[Any] = field(default_factory=set)
    named: Counter[str] = field(default_factory=Counter)

    def of(self, policy: str, book: RuleBook) -> Iterator[Mutant]:
        """The mutants of a policy, given the book of that policy alone."""
        first = day(self.library.policies[policy].data.get("from")) or date.min
        found = [*self._rules(policy, book, first), *self._dated(policy, book, first)]
        for kind in ("parameters", "sets", "decisions", "derivations"):
            for name in getattr(book, kind):
                found += self._definition(policy, book, kind, name, first)
        found += self._windows(policy, book)
        for mutant in found:
            self.named[str(mutant)] += 1
            count = self.named[str(mutant)]
            change = f"{mutant.change} ({count})" if count > 1 else mutant.change
            yield replace(mutant, change=change, says=_filled(mutant.says, book))

    def _rules(self, policy: str, book: RuleBook, first: date) -> Iterator[Mutant]:
        for rule in book.rules:
            yield from self._touching(rule_mutants(policy, rule, self.seen))
            for on in (rule.begin, rule.end):
                if on is not None and on != first and (rule.id, on) not in self.seen:
                    self.seen.add((rule.id, on))
                    yield from self._touching(date_mutants(policy, rule, on))

    def _touching(self, mutants: Iterator[Mutant]) -> Iterator[Mutant]:
        """With the rules that ask for the outcome of the one that differs."""
        for mutant in mutants:
            (id,) = mutant.rules
            yield replace(mutant, rules=self.users.get(("rule", id), mutant.rules))

    def _dated(self, policy: str, book: RuleBook, first: date) -> Iterator[Mutant]:
        """The first day of a policy; where others adopt it, theirs counts."""
        document = self.library.policies[policy]
        if document.data.get("applies") == "where_adopted":
            return
        ids = frozenset(r.id for r in book.rules if first in (r.begin, r.end))
        base = str(document.data.get("extends") or policy)
        for to in neighbours(first):
            yield Mutant(
                policy,
                "policy",
                "from",
                f"{first} read as {to}",
                f"{document.data.get('title')}: from {first}",
                _place(self.library, policy, ("from",)),
                partial(_begun, policy=policy, base=base, ids=ids, first=first, to=to),
                frozenset().union(*(self.users.get(("rule", id), {id}) for id in ids)),
                days=frozenset({min(first, to)}),
            )

    def _definition(
        self, policy: str, book: RuleBook, field: str, full: str, first: date
    ) -> Iterator[Mutant]:
        rules = self.users.get((field, full), NOTHING)
        if not rules or "@" in full:
            return
        folder, name = full.split(":", 1)
        count: Counter[str] = Counter()
        for change, apply, needs in self._changes(book, field, full, first):
            count[change] += 1
            mark = (full, change, count[change])
            if mark in self.seen:
                continue
            self.seen.add(mark)
            owner = policy if self._writes(policy, field, name) else folder
            says = _says(book, field, full, rules)
            where = _place(self.library, owner, (field, name))
            kind = definitions.KINDS[field]
            yield Mutant(owner, kind, name, change, says, where, apply, **{"rules": rules, **needs})

    def _changes(
        self, book: RuleBook, field: str, full: str, first: date
    ) -> Iterator[definitions.Change]:
        if field == "parameters":
            yield from definitions.parameter_changes(book, full, first)
        elif field == "sets":
            yield from definitions.set_changes(book, full)
            for attribute in self._attributes(full):
                users = self.users.get(("attributes", attribute))
                if users:
                    codes = book.sets[full].members
                    yield from definitions.attribute_changes(book, codes, attribute, users)
        elif field == "decisions":
            yield from definitions.decision_changes(book, full)
        else:
            yield from definitions.derivation_changes(book, full)

    def _attributes(self, full: str) -> list[str]:
        """The attributes that a set itself gives its codes."""
        folder, name = full.split(":", 1)
        for document in self.library.documents:
            if document.folder == folder and document.kind in ("policy", "codes"):
                found = (document.data.get("sets") or {}).get(name)
                if found:
                    return sorted(found.get("attributes") or ())
        return []

    def _writes(self, policy: str, field: str, name: str) -> bool:
        written = self.library.policies[policy].data.get(
            "derives" if field == "derivations" else field
        )
        if isinstance(written, list):
            return any(entry.get("fact") == name for entry in written)
        return name in (written or {})

    def _windows(self, policy: str, book: RuleBook) -> Iterator[Mutant]:
        payer = policy.split("/", 1)[0]
        for window in dict.fromkeys(w for w in inside(book.rules) if isinstance(w, Window)):
            shared = self.library.payers.get(payer)
            own = window.name in (self.library.policies[policy].data.get("windows") or {})
            owner = payer if shared and not own else policy
            rules = self.users.get(("windows", window.name), NOTHING)
            where = _place(self.library, owner, ("windows", window.name))
            for change, apply, _ in definitions.window_changes(window):
                if (owner, window, change) not in self.seen:
                    self.seen.add((owner, window, change))
                    says = window.says
                    yield Mutant(owner, "window", window.name, change, says, where, apply, rules)


def _filled(says: str, book: RuleBook) -> str:
    """A sentence with the latest values of its parameters."""
    short = {name.split(":")[-1]: spans for name, spans in book.parameters.items() if spans}

    def value(match: re.Match[str]) -> str:
        spans = short.get(match[1])
        return str(spans[-1].value.value) if spans else match[1].replace("_", " ")

    return re.sub(r"\{([^{}]*)\}", value, says)


def _says(book: RuleBook, field: str, full: str, rules: frozenset[str]) -> str:
    if field == "sets":
        return book.sets[full].says
    if field == "decisions":
        return book.decisions[full].says
    if field == "derivations":
        return book.derivations[full][0].value.says
    return next(
        (r.says for r in book.rules if r.id in rules and full in (r.names or {}).values()), ""
    )


def _place(library: Library, folder: str, path: tuple[str, ...]) -> Location | None:
    """Where a policy, payer or codes document of a folder writes something."""
    for document in library.documents:
        if document.folder == folder and document.kind in ("policy", "payer", "codes"):
            data = document.data if isinstance(document.data, dict) else {}
            if path[0] in data and (len(path) < 2 or path[1] in data[path[0]]):
                return document.marks.at_key(path)
    return None


def _begun(
    book: RuleBook, *, policy: str, base: str, ids: frozenset[str], first: date, to: date
) -> RuleBook | None:
    """The book in which a policy holds from another day."""
    if policy not in {mark.id for mark in book.policies}:
        return None
    scopes = tuple(_scoped(s, (policy, base), first, to) for s in book.scopes)
    changed = moved(book, ids, first, to)
    if changed is None and scopes == book.scopes:
        return None
    return with_(changed or book, scopes=scopes, breakpoints=cut(book, to))


def _scoped(scope: Scope, policies: tuple[str, str], first: date, to: date) -> Scope:
    own = scope.policy in policies and scope.begin == first
    return with_(scope, begin=to) if own else scope


__all__ = ["Kind", "Population"]
