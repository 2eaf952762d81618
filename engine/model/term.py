"""Core terms: what every form of the language becomes. Each is evaluated and explained, no more.

Terms are plain data: they can be pickled, compared and read by every room. `words` is the
sentence of the form from which a term was lowered, with the names of parameters in braces.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from engine.model.length import Length
from engine.model.record import Record

Number: TypeAlias = int | Decimal
Comparison: TypeAlias = Literal["at_most", "at_least", "equals"]


class Column(Record):
    """Values of a table's column, in its rows in force that hold one of the wanted values."""

    table: str
    column: str
    rows: tuple[tuple[str, frozenset[str]], ...] = ()


class Codes(Record):
    """A choice of codes: written out, by set, by table column, the line's own, or every code."""

    literal: frozenset[str] = frozenset()
    sets: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    same: bool = False
    any: bool = False


class Constant(Record):
    """A number, word, truth, day or length written in the rule."""

    value: Number | str | bool | date | Length


class Parameter(Record):
    """A dated number of the policy, by its full name; read at the subject's date."""

    name: str


class Lookup(Record):
    """A number of a table, found by the line's procedure."""

    column: Column


class FactOf(Record):
    """A number that the record states."""

    fact: str


class LineValue(Record):
    """A value of the line itself."""

    attribute: str


Value: TypeAlias = Constant | Parameter | Lookup | FactOf | LineValue


class Test(Record):
    """What a value must be: one of codes, one of values, within bounds, or holding a value."""

    __test__ = False

    codes: Codes | None = None
    among: tuple[Value, ...] = ()
    at_least: Value | None = None
    at_most: Value | None = None
    includes: Value | None = None


class Key(Record):
    """What two lines are compared by: a field of the line, an attribute or a documented fact."""

    kind: Literal["claim", "date", "procedure", "provider", "group", "side", "attribute", "fact"]
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.kind


class Window(Record):
    """A named span of days before (and maybe with) a service, clause A9."""

    name: str
    kind: Literal["rolling", "calendar", "periods_from_first", "since_gap_of", "since"]
    this_date: bool
    length: Length | None = None
    far_edge_inside: bool = False
    calendar: Literal["year", "quarter", "month"] | None = None
    fact: str | None = None
    says: str = ""


class Fixed(Record):
    """Always the same: never covered (False), or never decided by design (None)."""

    value: bool | None
    words: str
    question: str = ""
    who: str = ""


class Attribute(Record):
    """An attribute of the line (``place_of_service``, ``attributes.region``) passes a test."""

    path: str
    test: Test
    words: str = ""


class Bears(Record):
    """The line bears any, all or none of the modifiers."""

    how: Literal["has_any", "has_all", "has_none"]
    codes: Codes
    words: str = ""


class Points(Record):
    """A diagnosis (or the first one) that the line points to is among the codes."""

    codes: Codes
    primary: bool = False
    words: str = ""


class Units(Record):
    """This line's units, or their sum over the lines that agree in `keys`, compare so."""

    comparison: Comparison
    value: Value
    keys: tuple[Key, ...] = ()
    of: Codes | None = None
    label: str = "units"
    words: str = ""


class Stated(Record):
    """The record states a fact, and it passes the test (None: it is stated at all)."""

    fact: str
    test: Test | None = None
    words: str = ""


class Join(Record):
    """Lines related through the rows of a table: `line` holds this code, `other` the other's."""

    table: str
    line: str
    other: str
    rows: tuple[tuple[str, frozenset[str]], ...] = ()


class Related(Record):
    """Such another line exists on the patient's day (clauses A7, A8)."""

    codes: Codes | None
    join: Join | None
    same: tuple[Key, ...]
    different: tuple[Key, ...] = ()
    where: Term | None = None
    payable: bool = False
    label: str = "companion"
    words: str = ""


class Counted(Record):
    """Which services a count or a distance looks at, relative to the subject (clause A10)."""

    of: Codes
    where: Term | None = None
    same: tuple[Key, ...] = ()
    different: tuple[Key, ...] = ()
    counting: Literal["paid", "performed"] = "paid"
    by: Literal["any_provider", "group", "rendering_provider"] = "any_provider"


class Sessions(Record):
    """The number of dates, lines or units in a window compares so."""

    counted: Counted
    window: Window
    comparison: Comparison
    value: Value
    count: Literal["dates", "lines", "units"] = "dates"
    label: str = "sessions"
    words: str = ""


class Spacing(Record):
    """Every earlier such service lies at least this long before (clause A11)."""

    counted: Counted
    length: Value
    label: str = "spacing"
    words: str = ""


class OutcomeOf(Record):
    """Another rule on this line is violated, or passed (clause A13)."""

    rule: str
    violated: bool
    words: str = ""


class Selects(Record):
    """The documented facts select the billed code (clause A18)."""

    decision: str
    label: str = "decision"
    words: str = ""


class Active(Record):
    """The code has a row in force on the service date (clause A22)."""

    table: str
    column: str
    rows: tuple[tuple[str, frozenset[str]], ...] = ()
    words: str = ""


class All(Record):
    """Every one holds; without any, true."""

    terms: tuple[Term, ...]
    words: str = ""


class Some(Record):
    """One of them holds; without any, false."""

    terms: tuple[Term, ...]
    words: str = ""


class Not(Record):
    """It does not hold."""

    term: Term
    words: str = ""


class CountOf(Record):
    """So many of the terms hold (clause A17)."""

    terms: tuple[Term, ...]
    comparison: Comparison
    value: Value
    words: str = ""


Term: TypeAlias = (
    Fixed
    | Attribute
    | Bears
    | Points
    | Units
    | Stated
    | Related
    | Sessions
    | Spacing
    | OutcomeOf
    | Selects
    | Active
    | All
    | Some
    | Not
    | CountOf
)
"""The sixteen core terms."""


class DecisionRow(Record):
    """One row of a decision table: tests of documented facts, and the code they select."""

    code: str
    tests: tuple[tuple[str, Test], ...]


class Decision(Record):
    """A decision table (clause A18); `gives` says what its codes are."""

    name: str
    says: str
    gives: Literal["procedure", "modifier"]
    rows: tuple[DecisionRow, ...] = ()
