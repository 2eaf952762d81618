"""Runs mutants: which tests can notice each one, and whether one does."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.analysis.mutation.mutant import Mutant
from engine.analysis.mutation.patched import Patched
from engine.analysis.mutation.population import Population
from engine.analysis.mutation.trials import Key, Trial, Trials
from engine.analysis.mutation.uses import users
from engine.chain.bound import BoundBook
from engine.compiler.library import Library

CHUNK = 8


@dataclass(frozen=True)
class Tried:
    """A mutant with the test that noticed it (None: it survived) and how many were asked."""

    mutant: Mutant
    noticed_by: str | None
    asked: int


class Bench:
    """The mutants of a library and the tests to try them on."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.trials = Trials(library)
        self.tests = self.trials.all
        for policy in library.policies:
            self.trials.alone(policy)
        books = [bound.book for bound in self.trials.books.values()]
        population = Population(library, users(books))
        self.mutants = [
            mutant
            for policy in sorted(library.policies, key=bases_first(library))
            for mutant in population.of(policy, self.trials.alone(policy))
        ]

    def try_one(self, mutant: Mutant) -> Tried:
        """Try a mutant on the tests that it can touch, the rule's own examples first."""
        books: dict[Key, BoundBook | None] = {}
        asked = 0
        for test in sorted(self._touched(mutant), key=lambda t: _nearness(t, mutant)):
            if test.key not in books:
                base = self.trials.books[test.key]
                changed = mutant.apply(base.book)
                patched = Patched(changed, base, mutant.rules) if changed is not None else None
                books[test.key] = patched
            bound = books[test.key]
            if bound is not None:
                asked += 1
                if not test.holds(bound):
                    return Tried(mutant, test.name, asked)
        return Tried(mutant, None, asked)

    def _touched(self, mutant: Mutant) -> Iterator[Trial]:
        found = {n for rule in mutant.rules for n in self._by_rule.get(rule, ())}
        return (self.tests[n] for n in sorted(found) if self.tests[n].touched_by(mutant))

    @cached_property
    def _by_rule(self) -> dict[str, list[int]]:
        """Where the tests of each rule stand; most changes touch few of some thousand tests."""
        found: dict[str, list[int]] = {}
        for n, test in enumerate(self.tests):
            for rule in test.rules:
                found.setdefault(rule, []).append(n)
        return found


def bases_first(library: Library) -> Callable[[str], tuple[int, str]]:
    """A key that sorts policies so that each comes after those that it extends."""

    def depth(policy: str) -> tuple[int, str]:
        seen, document = [policy], library.policies.get(policy)
        while document is not None and (base := str(document.data.get("extends"))) not in seen:
            seen.append(base)
            document = library.policies.get(base)
        return len(seen), policy

    return depth


def _nearness(test: Trial, mutant: Mutant) -> tuple[bool, bool, int]:
    own = mutant.kind == "rule" and f"{test.key[1]}#{mutant.of}" in test.rules
    return test.key[0] != "alone", not own or test.policy != mutant.policy, len(test.rules)


_SHARED: list[tuple[Bench, list[Mutant]]] = []
"""What the processes that were forked off inherit; functions cannot be sent to them."""


def try_all(
    bench: Bench,
    mutants: Iterable[Mutant],
    processes: int | None = None,
    progress: Callable[[], None] = lambda: None,
) -> list[Tried]:
    """Try mutants, on as many processes as there are processors where the system can fork."""
    chosen = list(mutants)
    count = processes or os.cpu_count() or 1
    found: list[Tried] = []
    if count < 2 or len(chosen) < 4 * CHUNK or not hasattr(os, "fork"):
        for mutant in chosen:
            found.append(bench.try_one(mutant))
            progress()
        return found
    _SHARED.append((bench, chosen))
    try:
        # A tracer of the parent would only slow the children, whose traces are lost.
        with multiprocessing.get_context("fork").Pool(count, sys.settrace, (None,)) as pool:
            for n, (noticed, asked) in enumerate(pool.imap(_try, range(len(chosen)), CHUNK)):
                found.append(Tried(chosen[n], noticed, asked))
                progress()
    finally:
        _SHARED.pop()
    return found


def _try(n: int) -> tuple[str | None, int]:
    bench, mutants = _SHARED[-1]
    tried = bench.try_one(mutants[n])
    return tried.noticed_by, tried.asked
