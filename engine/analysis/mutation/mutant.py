"""A mutant: one written thing of a policy that reads otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from engine.model.book import RuleBook
from engine.model.problem import Location

Kind: TypeAlias = Literal["rule", "parameter", "set", "decision", "derivation", "window", "policy"]
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mutant:
    """`policy` is the folder of the document that writes it, `of` the name of the rule or
    definition, `change` what reads otherwise, `says` the sentence that would be untested.

    `apply` makes the book that differs, or None where a book does not hold the thing. `rules` are
    the rules that it can touch; `codes` and `days`, where given, are what a claim must bear.
    """

    policy: str
    kind: Kind
    of: str
    change: str
    says: str
    where: Location | None
    apply: Callable[[RuleBook], RuleBook | None] = field(compare=False, repr=False)
    rules: frozenset[str] = NOTHING
    codes: frozenset[str] = NOTHING
    days: frozenset[date] = frozenset()

    @property
    def owner(self) -> str:
        """The rule or definition by its full name."""
        return f"{self.policy}{'#' if self.kind == 'rule' else ':'}{self.of}"

    def __str__(self) -> str:
        return f"{self.owner}: {self.change}"
