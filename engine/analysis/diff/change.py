"""What a diff says: changes by topic, each with its clauses, dates, codes and states."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from engine.model.problem import Location

Kind: TypeAlias = Literal["new", "ended", "tightened", "loosened", "changed", "reworded"]
Effect: TypeAlias = Literal["loosens", "tightens", "changes", "neutral"]
What: TypeAlias = Literal["policy", "rule", "parameter", "set", "table", "definition"]


@dataclass(frozen=True)
class Clause:
    """One part of a rule or definition that reads differently; None: it was not there."""

    part: str
    before: str | None
    after: str | None
    effect: Effect


@dataclass(frozen=True)
class Change:
    """One thing that differs from `begin` until before `end`.

    `rule` is a rule's id; `layers` are policies that take the change over from `topic`; `states`
    are those in which it holds, or the one word ``every state``.
    """

    topic: str
    title: str
    what: What
    name: str
    kind: Kind
    rule: str | None = None
    begin: date | None = None
    end: date | None = None
    says: str = ""
    clauses: tuple[Clause, ...] = ()
    codes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    place: Location | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Diff:
    """All changes between two states of the policies, by topic, then rules before definitions."""

    base: str
    head: str
    changes: tuple[Change, ...]

    def rules(self) -> tuple[str, ...]:
        """The ids of the rules whose meaning or wording differs."""
        return tuple(dict.fromkeys(c.rule for c in self.changes if c.rule is not None))


def kind_of(clauses: tuple[Clause, ...]) -> Kind:
    """Loosened or tightened if every clause that matters says so, else changed."""
    effects = {clause.effect for clause in clauses} - {"neutral"}
    if not effects:
        return "reworded"
    if effects == {"loosens"}:
        return "loosened"
    return "tightened" if effects == {"tightens"} else "changed"
