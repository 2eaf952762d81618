"""Orders rules by the outcomes they ask for, and refuses a cycle with its path (clause A13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.model.book import BARRING, Rule, Table
from engine.model.stored import Stored
from engine.model.term import All, Codes, CountOf, Join, Not, OutcomeOf, Related, Some, Term

Node = tuple[int, str]
ANY = "*"


@dataclass
class Strata:
    """Finds the stratum of each pair of a rule and a code; `cycle` is a path, if there is one."""

    rules: tuple[Rule, ...]
    index: Mapping[str, tuple[int, ...]]
    unindexed: tuple[int, ...]
    codes_of: Callable[[Codes], frozenset[str] | None]
    tables: Mapping[str, Table]

    def __post_init__(self) -> None:
        self.found: dict[Node, int] = {}
        self.cycle: list[Node] = []
        self._asks = {n: list(_references(r)) for n, r in enumerate(self.rules)}
        self._on_claim = [
            (n, code)
            for code, positions in self.index.items()
            for n in positions
            if self.rules[n].consequence.on_claim and self._bars(n)
        ]

    def compute(self) -> dict[Node, int]:
        """Every pair whose stratum is above 0."""
        for code in (*self.index, ANY):
            for n in (*self.index.get(code, ()), *self.unindexed):
                if self._asks[n] and not self.cycle:
                    self._stratum((n, code), [])
        return {node: height for node, height in self.found.items() if height}

    def _bars(self, n: int) -> bool:
        return self.rules[n].consequence.finding in BARRING

    def _stratum(self, node: Node, path: list[Node]) -> int:
        if node in self.found:
            return self.found[node]
        if node in path:
            self.cycle = [*path[path.index(node) :], node]
            return 0
        if not self._asks[node[0]]:
            return 0
        height = 0
        for below in self._below(node):
            height = max(height, 1 + self._stratum(below, [*path, node]))
            if self.cycle:
                return 0
        self.found[node] = height
        return height

    def _below(self, node: Node) -> Iterator[Node]:
        n, code = node
        for term in self._asks[n]:
            if isinstance(term, OutcomeOf):
                yield from ((m, code) for m, r in enumerate(self.rules) if r.id == term.rule)
            else:
                yield from self._on_claim
                for other in sorted(self._others(term, code)):
                    here = (*self.index.get(other, ()), *self.unindexed)
                    yield from ((m, other) for m in here if self._bars(m))

    def _others(self, term: Related, code: str) -> set[str]:
        if term.join is not None:
            table = self.tables[term.join.table]
            if table.stored is not None:
                return _partners(table.stored, term.join, code)
            line, other = (table.columns.index(c) for c in (term.join.line, term.join.other))
            return {str(row[other]) for row in table.rows if row[line] == code or code == ANY}
        if term.codes is None or term.codes.any:
            return {*self.index, ANY}
        found = set(self.codes_of(term.codes) or ())
        return found | {code} if term.codes.same else found


def _partners(stored: Stored, join: Join, code: str) -> set[str]:
    if code == ANY:
        return set(stored.values(join.other))
    return {str(row[join.other]) for row, _ in stored.find(((join.line, code),))}


def asks_outcome(rule: Rule) -> bool:
    """Whether a rule waits for the outcomes of others."""
    return any(True for _ in _references(rule))


def _references(rule: Rule) -> Iterator[OutcomeOf | Related]:
    terms = [rule.applies_to, rule.when, rule.when_stated, rule.requires]
    for term in [*terms, *(e.when for e in rule.exemptions)]:
        if term is not None:
            yield from _within(term)


def _within(term: Term) -> Iterator[OutcomeOf | Related]:
    if isinstance(term, OutcomeOf) or (isinstance(term, Related) and term.payable):
        yield term
    elif isinstance(term, All | Some | CountOf):
        for part in term.terms:
            yield from _within(part)
    elif isinstance(term, Not):
        yield from _within(term.term)
