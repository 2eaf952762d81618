"""Watches a book decide an example or a case, and notes what was asked and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.coverage.clauses import Clause, Key, RuleSeen, parts, terms
from engine.chain.binding import Binding
from engine.chain.bound import BoundBook
from engine.chain.decided import diagnosed
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.selection import NotJudged
from engine.chain.stratified import Decided
from engine.model.book import Rule
from engine.model.term import All, Decision, Selects, Stated, Term


class Watch:
    """Notes into `clauses`, `rules` and `rows` what tests reach."""

    def __init__(self, clauses: dict[Key, Clause], rules: dict[str, RuleSeen]) -> None:
        self.clauses = clauses
        self.rules = rules
        self.rows: dict[str, set[int]] = {}

    def note(self, bound: BoundBook, decided: Decided, only: str | None = None) -> None:
        """Note every rule on every line; or one rule on the first line, as examples are judged."""
        for rule, x in _subjects(bound, decided.around):
            if only is None or (rule.id == only and x.index == 0):
                self._rule(bound, rule, x)

    def _rule(self, bound: BoundBook, rule: Rule, x: LineFacts) -> None:
        binding = Binding(bound, x.date, None if rule.for_diagnosis else x.procedure)
        values: dict[str, bool | None] = {}
        try:
            for label, whole in parts(rule):
                if label in ("applies to", "when") or _goes_on(values):
                    values[label] = self._part(binding, rule, label, whole, x)
        except NotJudged:
            return
        seen = self.rules.get(rule.id)
        if seen is not None:
            seen.words.add(_word(values))
            for label, value in values.items():
                if label.startswith("unless ") and value is True:
                    name = label.removeprefix("unless ")
                    seen.exceptions[name] = seen.exceptions.get(name, 0) + 1

    def _part(
        self, binding: Binding, rule: Rule, label: str, whole: Term, x: LineFacts
    ) -> bool | None:
        result = None
        for n, term in enumerate(terms(whole)):
            bound = binding.bind(term)
            value = bound(x) if callable(bound) else bound
            clause = self.clauses.get((rule.id, label, term))
            if clause is not None:
                clause.seen.add(value)
            if isinstance(term, Selects):
                self._decision(binding, binding.bound.book.decisions[term.decision], x)
            if n == 0:
                result = value
        return result

    def _decision(self, binding: Binding, decision: Decision, x: LineFacts) -> None:
        for n, row in enumerate(decision.rows):
            bound = binding.bind(All(tuple(Stated(fact, test) for fact, test in row.tests)))
            if (bound(x) if callable(bound) else bound) is True:
                self.rows.setdefault(decision.name, set()).add(n)


def _goes_on(values: dict[str, bool | None]) -> bool:
    """Whether the rule is looked at any further once its left side is known."""
    left = [values.get("applies to"), values.get("when", True)]
    return False not in left and values.get("when stated", True) is True


def _word(values: dict[str, bool | None]) -> str:
    if not _goes_on(values):
        return "not_applicable"
    ways = [v for label, v in values.items() if label == "requires" or label.startswith("unless ")]
    if True in ways:
        return "met"
    sure = values["applies to"] is True and values.get("when", True) is True
    return "violated" if sure and None not in ways else "undecided"


def _subjects(bound: BoundBook, around: Surroundings) -> Iterator[tuple[Rule, LineFacts]]:
    """Each rule in force with each line, or diagnosis, that its index finds."""
    book = bound.book
    for x in around.lines:
        for n in (*book.index.get(x.procedure, ()), *book.unindexed, *book.by_table):
            rule = book.rules[n]
            stands = rule.begin <= x.date and (rule.end is None or x.date < rule.end)
            if stands and not rule.for_diagnosis:
                yield rule, x
    plans = [bound.plan(x.procedure, x.date) for x in around.lines]
    for item in diagnosed(around, plans):
        yield item.bound.rule, item.alone
