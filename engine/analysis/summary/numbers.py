"""The numbers of a report: what was counted, and how the money was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.model.book import WEIGHTY

ZERO = Decimal("0.00")
Names = tuple[str, ...]
"""What a group is called: payer and contractor, provider and group, a month, a place."""


@dataclass(frozen=True)
class Claims:
    """Judged claims by verdict. Money is in dollars: `charged` is all of it, `stake` the charges
    of lines on which a finding denies or rejects, each line once, `waiting` those of undecided
    claims."""

    clean: int = 0
    not_clean: int = 0
    undecided: int = 0
    stake: Decimal = ZERO
    waiting: Decimal = ZERO
    charged: Decimal = ZERO

    @property
    def judged(self) -> int:
        """All of them."""
        return self.clean + self.not_clean + self.undecided

    @property
    def rate(self) -> float | None:
        """The first-pass rate: the share of clean ones; None of no claim."""
        return self.clean / self.judged if self.judged else None


@dataclass(frozen=True)
class Group:
    """The claims of one payer, provider, month or place."""

    names: Names
    claims: Claims


@dataclass(frozen=True)
class Groups:
    """The groups of one kind that are shown, those with most at stake first, out of `all`."""

    shown: tuple[Group, ...] = ()
    all: int = 0


@dataclass(frozen=True)
class Reason:
    """The findings of one rule or under one reason code. `kinds` counts them by kind, `mended`
    those with a correction that was tried; `stake` counts a line once for each claim."""

    names: Names
    kinds: Mapping[str, int]
    claims: int
    mended: int
    stake: Decimal
    says: str = ""

    @property
    def findings(self) -> int:
        """All of them."""
        return sum(self.kinds.values())

    @property
    def weighs(self) -> bool:
        """Whether one of them keeps a claim from being clean."""
        return not WEIGHTY.isdisjoint(self.kinds)


@dataclass(frozen=True)
class Fact:
    """A fact that undecided claims ask for: how many do, how many ask for nothing else, and how
    many are decided once this and all facts listed before it are known. `charge` is the money
    of those that ask for nothing else."""

    name: str
    question: str
    claims: int
    alone: int
    charge: Decimal
    so_far: int


@dataclass(frozen=True)
class Best:
    """The few facts that together decide the most undecided claims."""

    facts: Names = ()
    claims: int = 0
    charge: Decimal = ZERO


@dataclass(frozen=True)
class Waiting:
    """Undecided claims: facts, the best few of them, and claims that no record could decide."""

    facts: tuple[Fact, ...] = ()
    best: Best = Best()
    beyond: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Held:
    """Claims or records set aside for one reason."""

    code: str
    reason: str
    hint: str
    files: Names
    count: int


@dataclass(frozen=True)
class Named:
    """One claim by its id."""

    claim_id: str
    payer: str
    day: date | None
    charge: Decimal
    why: Names


@dataclass(frozen=True)
class Summary:
    """Everything that a report says; `overlapping` claims have findings on lines that overlap
    in part, so that their money is an upper bound; `uncharged` ones state no charge for a line
    that counts; `repeated` claims share their id with another one. `not_clean` and `undecided`
    name claims, where that is wanted."""

    claims: Claims = Claims()
    days: tuple[date, date] | None = None
    by_payer: Groups = Groups()
    by_provider: Groups = Groups()
    by_month: Groups = Groups()
    by_place: Groups = Groups()
    by_rule: tuple[Reason, ...] = ()
    by_code: tuple[Reason, ...] = ()
    waiting: Waiting = Waiting()
    held: tuple[Held, ...] = ()
    overlapping: int = 0
    uncharged: int = 0
    repeated: int = 0
    not_clean: tuple[Named, ...] = ()
    undecided: tuple[Named, ...] = ()
