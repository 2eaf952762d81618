"""Questions: what is not known, of which line, and which few of them would settle a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.chain.reading import QUESTIONS
from engine.model.outcome import Need
from engine.model.term import FactOf, LineValue

if TYPE_CHECKING:
    from engine.chain.binding import Binding
    from engine.chain.facts import LineFacts

Needs = tuple[Need, ...]
HISTORY = "session_history"
LIFETIME = 100
"""Years; a window as long as that means "at any time before", and no day is named."""


def ask_fact(x: LineFacts, fact: str) -> Need:
    """Ask what the record of a line states."""
    declared = x.around.bound.book.facts.get(fact)
    question = declared.question if declared else ""
    question = question or f"What does the record state of {fact.replace('_', ' ')}?"
    if declared and declared.about != "line" and x.past is None:
        # Asked once, however many lines want to know it.
        return Need(fact, question, x.around.claim.claim_id, None, x.date)
    return _need(x, fact, question)


def ask_field(name: str, x: LineFacts) -> Need:
    """Ask for a field of the claim or of the history that is open."""
    if name in x.around.bound.book.facts:
        return ask_fact(x, name)
    question = QUESTIONS.get(name) or f"What is the line's {name.replace('_', ' ')}?"
    return _need(x, name.removeprefix("claim.").removeprefix("patient."), question, False)


def ask_attribute(b: Binding, path: str, x: LineFacts) -> Needs:
    """What would settle an attribute; a derived fact asks what its cases ask."""
    name = path.removeprefix("attributes.")
    if path.startswith("attributes.") and name in b.bound.book.derivations:
        return b.bound.needs_of_derived(x, name)
    return (ask_field(path, x),)


def ask_where(value: Any, x: LineFacts) -> Needs:
    """What would give a value to compare with."""
    if isinstance(value, FactOf):
        return (ask_fact(x, value.fact),)
    return (ask_field(value.attribute, x),) if isinstance(value, LineValue) else ()


def ask_history(x: LineFacts, begin: date | None) -> Need:
    """Ask for the earlier services that the history does not cover."""
    lifelong = begin is None or begin.year <= x.date.year - LIFETIME
    since = "from the first service on" if lifelong else f"from {begin}"
    question = f"Which such services were there {since} until {x.date}? The history falls short."
    return _need(x, HISTORY, question, False)


def ask_person(x: LineFacts, question: str) -> Need:
    """Ask a person; no recorded fact answers."""
    return _need(x, "manual_review", question, False)


def depend(y: LineFacts) -> Need:
    """What hangs on another line's own outcome, and asks nothing itself."""
    return _need(y, "", "", False, y.line.number)


def _need(
    x: LineFacts, fact: str, question: str, documentation: bool = True, on: int | None = None
) -> Need:
    claim_id = x.around.claim.claim_id if x.past is None else x.past.claim_id
    return Need(fact, question, claim_id, x.line.number, x.date, documentation, on)


def union(sets: Iterable[Needs | None]) -> Needs:
    """All of the needs, each once, in order."""
    return tuple(dict.fromkeys(need for needs in sets if needs for need in needs))


def fewest(sets: Sequence[Needs]) -> Needs | None:
    """The smallest set, the first among equals; None if there is none."""
    return min(sets, key=len) if sets else None
