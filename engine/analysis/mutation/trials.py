"""Examples and cases as trials of a book: what they look at, and whether they still hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from engine.analysis.cases import Case, Cases, differences
from engine.analysis.examples import Example, examples_of, judged, word_on
from engine.analysis.mutation.mutant import Mutant
from engine.chain.bound import BoundBook
from engine.chain.stratified import Decided, decide
from engine.compiler.book import compile_policy
from engine.compiler.library import Library
from engine.model.book import RuleBook
from engine.model.claim import Claim, History
from engine.report.result import result

Key: TypeAlias = tuple[Any, ...]
Words: TypeAlias = list[tuple[str, tuple[int, ...], str]]


@dataclass
class Trial:
    """One example or case. `rules` are those that it can judge, `codes` and `days` those that
    its claim and history bear; `words` is how every rule came out of the unchanged book."""

    name: str
    policy: str
    key: Key
    source: Example | Case
    rules: frozenset[str]
    codes: frozenset[str]
    days: frozenset[date]
    words: Words = field(default_factory=list)

    def touched_by(self, mutant: Mutant) -> bool:
        """Whether the mutant could make a difference here."""
        return not (
            self.rules.isdisjoint(mutant.rules)
            or (mutant.codes and self.codes.isdisjoint(mutant.codes))
            or (mutant.days and self.days.isdisjoint(mutant.days))
        )

    def holds(self, bound: BoundBook) -> bool:
        """Whether it comes out of another book as it should."""
        if isinstance(self.source, Example):
            return word_on(judged(bound, self.source), self.source.rule, 0) == self.source.expect
        case = self.source
        assert case.claim is not None
        decided = decide(bound, case.claim, case.history)
        if words_of(decided) == self.words and "undecided" not in case.expect:
            return True
        shown = result(decided, case.history)
        return not any(differences(case.expect, shown, decided))


def words_of(decided: Decided) -> Words:
    """How every rule came out, and which lines nobody speaks of."""
    found = [(bound.rule.id, lines, word) for _, bound, word, lines in decided.outcomes]
    silent = [(bound.rule.id, (x.index,), "silent") for x, bound in decided.silent]
    open_scope = [("scope", (x.index,), "undecided") for x in decided.scope_open]
    return sorted([*found, *silent, *open_scope, ("no policy", tuple(decided.no_policy), "")])


@dataclass
class Trials:
    """Every example and case of a library that holds, with the books they are judged by."""

    library: Library
    books: dict[Key, BoundBook] = field(default_factory=dict)
    failing: list[str] = field(default_factory=list)

    @cached_property
    def all(self) -> list[Trial]:
        """The examples, then the cases; those that do not hold are set aside in `failing`."""
        found = []
        for trial in (*self._examples(), *self._cases()):
            bound = self.books[trial.key]
            if trial.source.faults or not trial.holds(bound):
                self.failing.append(trial.name)
                continue
            if isinstance(trial.source, Case) and trial.source.claim is not None:
                decided = decide(bound, trial.source.claim, trial.source.history)
                trial.words = words_of(decided)
            found.append(trial)
        return found

    def alone(self, policy: str, known_on: date | None = None) -> RuleBook:
        """The book of one policy by itself."""
        key = ("alone", policy, known_on)
        if key not in self.books:
            self.books[key] = BoundBook(compile_policy(self.library, policy, known_on)[0])
        return self.books[key].book

    def _examples(self) -> Iterator[Trial]:
        for policy in self.library.policies:
            for example in examples_of(self.library, policy):
                self.alone(policy, example.known_on)
                key = ("alone", policy, example.known_on)
                name = f"{example.rule}: {example.name}"
                codes, days = _borne(example.claim, example.history)
                yield Trial(name, policy, key, example, frozenset({example.rule}), codes, days)

    def _cases(self) -> Iterator[Trial]:
        cases = Cases(self.library)
        for document in self.library.cases:
            for case in cases.read(document):
                name = f"{document.folder}: {case.name}"
                if case.claim is None or case.key is None:
                    self.failing.append(name)
                    continue
                key = ("stack", *case.key)
                bound = self.books.setdefault(key, cases.book(case.key))
                codes, days = _borne(case.claim, case.history)
                rules = _judges(bound.book, case.claim)
                yield Trial(name, case.policy, key, case, rules, codes, days)


def _judges(book: RuleBook, claim: Claim) -> frozenset[str]:
    positions = {*book.unindexed, *book.by_table}
    for line in claim.lines:
        positions.update(book.index.get(line.procedure, ()))
    return frozenset(book.rules[n].id for n in positions)


def _borne(claim: Claim, history: History) -> tuple[frozenset[str], frozenset[date]]:
    lines = [*claim.lines, *(service.line for service in history.services)]
    codes: set[str] = set()
    for line in lines:
        provider = line.rendering_provider
        single = (line.procedure, line.place_of_service, line.revenue_code)
        codes.update(c for c in single if c)
        codes.update(line.modifiers, line.diagnoses)
        if provider and provider.specialty:
            codes.add(provider.specialty)
    return frozenset(codes), frozenset(line.service_date for line in lines)
