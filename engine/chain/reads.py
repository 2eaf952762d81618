"""What a rule reads of a line and of what stands beside it: lines equal in that come out alike.

A chain may keep what it worked out of one line for another one that is equal in everything that
the rules read. This is told from the terms, as they stand for one procedure code; where it cannot
be told, `untold` says so, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

from engine.model.term import Related, Sessions, Spacing, Term, Units

RECORD = "record"
"""What documentation states of a line and its claim."""
PROVIDER, GROUP = "provider.npi", "group"
OF_CODES = ("modifiers", "diagnoses")
"""The fields of other lines that are read through what a term says of them."""
Leaf: TypeAlias = tuple[str, Term]
"""A field, and a term that reads nothing else: what it says stands for the field's value."""
Looks: TypeAlias = Related | Units | Sessions | Spacing
Look: TypeAlias = tuple[Looks, frozenset[str] | None]
MADE_OF = {
    "claim.facility_type": ("claim.facility_type", "claim.type_of_bill", "place_of_service"),
    "provider.group": (GROUP,),
}
"""Fields that follow from others."""
UNLIKE = ("patient.age", "prior_authorization")
"""Fields that lines of other claims do not have as their own claims have them: the age follows
from the birth date of the claim that is judged, and of an earlier one the authorization of the
whole claim is not known."""


class Reads:
    """What is read.

    `fields` of the line are read by value, `leaves` through what a term says of a field. Where
    other lines are looked at, `looks` are the terms that do, each with the codes that it looks
    for (None: any), `beside` and `leaves_beside` are what is read of those lines, and `compared`
    fields in which they agree or not; `code_beside`: their codes are read. On `days` something
    changes; on `days_beside` something about other lines. `rests_on` are definitions of the
    book, by kind and name.
    """

    def __init__(self, rests_on: Iterable[tuple[str, str]] = ()) -> None:
        # No dataclass: `check` imports this, and a start pays for every class that is made.
        self.fields: set[str] = set()
        self.leaves: list[Leaf] = []
        self.looks: list[Look] = []
        self.beside: set[str] = set()
        self.leaves_beside: list[Leaf] = []
        self.compared: set[str] = set()
        self.days: set[date] = set()
        self.days_beside: set[date] = set()
        self.rests_on: set[tuple[str, str]] = set(rests_on)
        self.code_beside = False
        self.payable = False
        self.untold = False

    def add(self, other: Reads) -> None:
        """What two read together."""
        for mine, more in zip(self._sets(), other._sets(), strict=True):
            mine |= more
        self.leaves += [leaf for leaf in other.leaves if leaf not in self.leaves]
        known = self.leaves_beside
        known += [leaf for leaf in other.leaves_beside if leaf not in known]
        self.looks += other.looks
        self.code_beside = self.code_beside or other.code_beside
        self.payable = self.payable or other.payable
        self.untold = self.untold or other.untold

    def _sets(self) -> tuple[set[Any], ...]:
        return (
            self.fields, self.beside, self.compared, self.days, self.days_beside, self.rests_on,
        )  # fmt: skip

    @property
    def how(self) -> frozenset[str]:
        """How other lines are looked at: those of the day, those that are counted in a window,
        those that are counted from one to the next."""
        return frozenset(_how(term) for term, _ in self.looks)

    @property
    def sought(self) -> frozenset[frozenset[str] | None]:
        """The codes for which services in windows are looked for."""
        return frozenset(codes for term, codes in self.looks if _how(term) != "day")

    @property
    def names(self) -> frozenset[str]:
        """The fields of the line, however they are read."""
        return frozenset(self.fields).union(name for name, _ in self.leaves)


def _how(term: Looks) -> str:
    if isinstance(term, Related | Units):
        return "day"
    if isinstance(term, Sessions) and term.window.kind in ("since_gap_of", "periods_from_first"):
        return "chain"
    return "window"
