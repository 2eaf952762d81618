"""What the changed rules rest on: sentences of sources with their grades, and readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.analysis.diff import Side
from engine.model.book import GRADES, Cite, Rule


@dataclass(frozen=True)
class Ground:
    """A rule as it will stand, with every sentence that it cites."""

    rule: str
    says: str
    cites: tuple[Cite, ...]
    readings: tuple[str, ...]

    @cached_property
    def grade(self) -> str:
        """The weakest grade among the sentences."""
        grades = [GRADES.index(c.evidence) for c in self.cites if c.evidence in GRADES]
        return GRADES[max(grades)] if grades else "interpretation"


def grounds(head: Side, rules: Iterable[str]) -> Iterator[Ground]:
    """The grounds of rules of the head; a rule that is gone has none."""
    for id in dict.fromkeys(rules):
        policy = id.split("#")[0]
        if policy in head.library.policies:
            entries = [r for r in head.book(policy).rules if r.id == id]
            if entries:
                yield _ground(head, max(entries, key=lambda r: r.begin))


def _ground(head: Side, rule: Rule) -> Ground:
    book = head.book(rule.policy)
    cites: dict[Cite, None] = dict.fromkeys(rule.cites)
    cites.update(dict.fromkeys(e.cite for e in rule.exemptions))
    for full in (rule.names or {}).values():
        spans = book.parameters.get(full, ())
        cites.update(dict.fromkeys(span.value.cite for span in spans[-1:]))
    return Ground(rule.id, rule.says, tuple(cites), rule.interpretations)
