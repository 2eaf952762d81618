"""The rule book: everything that decides claims of one payer, contractor and plan.

A book is immutable and can be pickled. Everything dated in it is cut into spans that do not
overlap (clause A19): each holds from its `begin` until its `end`, which is the first day on
which it no longer holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

from engine.model.length import Length
from engine.model.problem import Location
from engine.model.record import Record
from engine.model.term import Decision, Number, Term
from engine.model.vocabulary import Fact

if TYPE_CHECKING:
    from engine.model.stored import Stored

FindingKind: TypeAlias = Literal["reject", "deny", "recode", "review", "warn", "info", "revenue"]
WEIGHTY: frozenset[str] = frozenset({"reject", "deny", "recode", "review"})
"""Findings that weigh on a verdict (clause A25)."""
BARRING: frozenset[str] = frozenset({"reject", "deny"})
"""Findings that make a line not payable (clause A13)."""
GRADES: tuple[str, ...] = ("primary", "secondary", "contested", "unverified")
"""Grades of evidence, weakest last."""

T = TypeVar("T")


class Span(Record, Generic[T]):
    """A value that holds from `begin` (None: always) until before `end` (None: for good)."""

    begin: date | None
    end: date | None
    value: T

    def holds(self, day: date) -> bool:
        """Whether the value is in force on a day."""
        return (self.begin is None or self.begin <= day) and (self.end is None or day < self.end)


def in_force(spans: tuple[Span[T], ...], day: date) -> T | None:
    """The value in force on a day, or None."""
    for span in spans:
        if span.holds(day):
            return span.value
    return None


class Cite(Record):
    """A sentence of a source, with its grade; interpretations are named apart."""

    source: str
    locator: str
    evidence: str
    says: str = ""


class CodeSet(Record):
    """A named set of codes; a member holds in the spans listed for it."""

    name: str
    says: str
    of: str
    members: Mapping[str, tuple[Span[bool], ...]]


class Dated(Record):
    """A parameter's value with the sentence that states it."""

    value: Number | Length
    cite: Cite


class Table(Record):
    """A reference relation; the first column of `key` holds the code.

    `rows` hold texts and numbers in the order of `columns`.
    `spans` has for each row the days on which it is in force. `complete_for` limits a complete
    table to some values of a column; None: complete for all (if `complete`). The rows of a
    large table are in `stored` instead.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | None, ...], ...]
    spans: tuple[tuple[date | None, date | None], ...]
    complete: bool
    complete_for: tuple[str, frozenset[str]] | None
    cite: Cite
    stored: Stored | None = None


class Derivation(Record):
    """How a fact of a line follows (clause A14): for lines `of`, the first case that holds."""

    fact: str
    of: Term
    cases: tuple[tuple[Term, str | bool | int], ...]
    otherwise: str | bool | int | None
    otherwise_attribute: str | None
    says: str
    cite: Cite


class Exemption(Record):
    """One labelled way to meet a rule without its requirement (clause A6)."""

    label: str
    when: Term
    cite: Cite


class Remedy(Record):
    """What would mend a violation (clause A27). `support` must hold for an edit that adds a
    modifier, side or level; without it the remedy is the question for `asks`."""

    kind: Literal["set", "add_modifier", "remove_modifiers", "split_line", "remove_line", "ask"]
    value: object
    support: Term | None = None
    asks: str | None = None


class Consequence(Record):
    """What a violation is called and which codes a remittance would bear."""

    finding: FindingKind
    on_claim: bool = False
    group: str | None = None
    carc: str | None = None
    rarc: str | None = None
    message: str | None = None
    remedy: Remedy | None = None


class Rule(Record):
    """One rule as it stands in one span of days. `id` is ``<policy>#<name>``.

    `adopted` is the sentence with which a payer took over the base; `cites` begins with it."""

    id: str
    policy: str
    name: str
    begin: date
    end: date | None
    says: str
    cites: tuple[Cite, ...]
    applies_to: Term
    requires: Term
    consequence: Consequence
    when: Term | None = None
    when_stated: Term | None = None
    exemptions: tuple[Exemption, ...] = ()
    for_diagnosis: bool = False
    interpretations: tuple[str, ...] = ()
    names: Mapping[str, str] | None = None
    location: Location | None = None
    adopted: Cite | None = None


class Scope(Record):
    """The lines of which a coverage policy speaks (clause A23)."""

    policy: str
    begin: date
    end: date | None
    term: Term


class PolicyMark(Record):
    """A policy that is part of a book, with the digest of what it says."""

    id: str
    title: str
    digest: str


class RuleBook(Record):
    """See the module. `index` maps a procedure code to positions in `rules`; `unindexed` holds
    the positions of rules that may apply to any code. `strata` orders rules by the outcomes they
    ask for: (rule position, code or "*") -> stratum, where it is above 0. `by_table` holds the
    positions of rules whose codes stand in a large table, which knows them. `by_contractor` says
    that the payer's contractors have policies of their own."""

    payer: str
    contractor: str | None
    plan: str | None
    known_on: date | None
    title: str
    policies: tuple[PolicyMark, ...]
    rules: tuple[Rule, ...]
    index: Mapping[str, tuple[int, ...]]
    unindexed: tuple[int, ...]
    strata: Mapping[tuple[int, str], int]
    breakpoints: tuple[date, ...]
    sets: Mapping[str, CodeSet]
    attributes: Mapping[str, Mapping[str, tuple[Span[str], ...]]]
    parameters: Mapping[str, tuple[Span[Dated], ...]]
    tables: Mapping[str, Table]
    decisions: Mapping[str, Decision]
    derivations: Mapping[str, tuple[Span[Derivation], ...]]
    facts: Mapping[str, Fact]
    scopes: tuple[Scope, ...]
    outside_covered: bool
    by_contractor: bool
    digest: str
    by_table: tuple[int, ...] = ()


def empty_book() -> RuleBook:
    """The book of a payer without policies: nothing in it ever makes a claim clean."""
    return RuleBook(
        payer="",
        contractor=None,
        plan=None,
        known_on=None,
        title="this payer",
        policies=(),
        rules=(),
        index={},
        unindexed=(),
        strata={},
        breakpoints=(),
        sets={},
        attributes={},
        parameters={},
        tables={},
        decisions={},
        derivations={},
        facts={},
        scopes=(),
        outside_covered=False,
        by_contractor=False,
        digest="none",
    )
