"""Measures the coverage of a library: runs every example and case and watches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.analysis.coverage.clauses import Clause, Key, RuleSeen, clauses, parts, unconditional
from engine.analysis.coverage.tables import RowWatch, TableSeen, billed
from engine.analysis.coverage.watch import Watch
from engine.analysis.examples import Example, judged
from engine.analysis.mutation.run import bases_first
from engine.analysis.mutation.trials import Trial, Trials
from engine.chain.stratified import decide
from engine.compiler.library import Library


@dataclass(frozen=True)
class Coverage:
    """What the tests of a library reach."""

    rules: tuple[RuleSeen, ...]
    clauses: tuple[Clause, ...]
    tables: tuple[TableSeen, ...]

    def of(self, policy: str) -> Coverage:
        """The part about one policy; tables belong to the folder in which they stand."""
        return Coverage(
            tuple(r for r in self.rules if r.policy == policy),
            tuple(c for c in self.clauses if c.policy == policy),
            tuple(t for t in self.tables if t.name.split(":")[0] == policy),
        )

    @property
    def exceptions(self) -> list[tuple[RuleSeen, str, int]]:
        """Each exception of each rule with how often it saved a claim."""
        return [(r, name, n) for r in self.rules for name, n in r.exceptions.items()]

    @property
    def percent(self) -> int:
        """The share of clauses seen on both sides, rounded down."""
        whole = sum(not c.one_sided for c in self.clauses)
        both = sum(not c.one_sided and c.gap is None for c in self.clauses)
        return 100 * both // whole if whole else 100


def measure(library: Library) -> Coverage:
    """Run everything once; what fails is watched all the same."""
    trials = Trials(library)
    tests = trials.all
    found_clauses: dict[Key, Clause] = {}
    found_rules: dict[str, RuleSeen] = {}
    for policy in sorted(library.policies, key=bases_first(library)):
        _collect(trials, policy, found_clauses, found_rules)
    watch = Watch(found_clauses, found_rules)
    rows = RowWatch(library, (bound.book for bound in trials.books.values()))
    for test in tests:
        _note(trials, test, watch, rows)
    return Coverage(
        tuple(found_rules.values()),
        tuple(found_clauses.values()),
        (*rows.seen(), *_decisions(trials, watch.rows)),
    )


def _collect(
    trials: Trials, policy: str, found: dict[Key, Clause], rules: dict[str, RuleSeen]
) -> None:
    for rule in trials.alone(policy).rules:
        new = RuleSeen(policy, rule.id, rule.says, rule.location, unconditional(rule))
        seen = rules.setdefault(rule.id, new)
        for label, _ in parts(rule):
            if label.startswith("unless "):
                seen.exceptions.setdefault(label.removeprefix("unless "), 0)
        for key, clause in clauses(policy, rule):
            found.setdefault(key, clause)


def _note(trials: Trials, test: Trial, watch: Watch, rows: RowWatch) -> None:
    bound, source = trials.books[test.key], test.source
    if isinstance(source, Example):
        decided = judged(bound, source)
        watch.note(bound, decided, source.rule)
    else:
        assert source.claim is not None
        decided = decide(bound, source.claim, source.history)
        watch.note(bound, decided)
    rows.note(billed(decided.around))


def _decisions(trials: Trials, reached: dict[str, set[int]]) -> Iterable[TableSeen]:
    found = {}
    for bound in trials.books.values():
        for name, decision in bound.book.decisions.items():
            if "@" not in name:
                found[name] = TableSeen(name, len(decision.rows), len(reached.get(name, ())))
    return [found[name] for name in sorted(found)]
