"""Decision tables and code validity (clauses A18, A22)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.chain.facts import MISSING, LineFacts
from engine.chain.matching import conjunction
from engine.model.term import Active, Decision

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook

RowTests = list[tuple[str, list[tuple[str, Callable[[Any, LineFacts | None], bool | None]]]]]


class NotJudged(Exception):  # noqa: N818  # no error: a table that is not complete is silent
    """An incomplete table has no row for the code, so that it decides nothing (clause A21)."""


@dataclass
class Selection:
    """What a decision table says of a line: the live codes, and the facts still open."""

    value: bool | None
    codes: tuple[str, ...]
    open_facts: tuple[str, ...]
    certain: bool


def selected(decision: Decision, rows: RowTests, x: LineFacts) -> Selection:
    """Which codes the documented facts leave; a row is live while nothing in it is false."""
    live: list[tuple[str, bool | None, list[str]]] = []
    for code, tests in rows:
        readings = [(fact, _reading(x, fact, test)) for fact, test in tests]
        value = conjunction(*(v for _, v in readings))
        if value is not False:
            live.append((code, value, [fact for fact, v in readings if v is None]))
    codes = tuple(dict.fromkeys(code for code, _, _ in live))
    billed = set(codes) & (set(x.modifiers) if decision.gives == "modifier" else {x.procedure})
    open_facts = tuple(dict.fromkeys(f for _, _, facts in live for f in facts))
    if not billed:
        return Selection(False, codes, open_facts, not open_facts)
    # A table may leave cases out: one code that is left is the right one once its row holds.
    settled = len(codes) == 1 and any(value for _, value, _ in live)
    return Selection(True if settled else None, codes, open_facts, not open_facts)


def _reading(
    x: LineFacts, fact: str, test: Callable[[Any, LineFacts | None], bool | None]
) -> bool | None:
    value = x.measured(fact)
    if value is MISSING:
        return None
    return x.around.null if value is None else test(value, x)


def active(bound: BoundBook, term: Active, x: LineFacts) -> bool:
    """Whether the line's code has a row in force on its date.

    Raises NotJudged if the table is not complete and lacks the code.
    """
    spans = bound.validity(term).get(x.procedure)
    if spans is None and not bound.complete(term.table, x.procedure):
        raise NotJudged
    return any(span.holds(x.date) for span in spans or ())
