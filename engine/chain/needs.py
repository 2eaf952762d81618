"""Questions: what is not known, of which line, and which few of them would settle a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.chain.reading import QUESTIONS
from engine.model.outcome import Need
from engine.model.term import Codes, Counted, FactOf, LineValue

if TYPE_CHECKING:
    from engine.chain.binding import Binding
    from engine.chain.facts import LineFacts

Needs = tuple[Need, ...]
HISTORY = "session_history"
MOST_NAMED = 6
"""How many codes a question about earlier services writes out."""
_PROVIDERS = {
    "any_provider": "with any provider",
    "group": "with this group",
    "rendering_provider": "with this provider",
}
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


def ask_history(x: LineFacts, counted: Counted, begin: date | None) -> Need:
    """Ask for the earlier services that the history does not cover."""
    what = _services(counted.of, x.procedure)
    question = (
        f"Which {what} did the patient have {time_of(begin, x.date)}, {_PROVIDERS[counted.by]}? "
        "The history does not cover all of that time."
    )
    return _need(x, HISTORY, question, False)


def time_of(begin: date | None, day: date) -> str:
    """The time that a question about earlier services is about, in words."""
    lifelong = begin is None or begin.year <= day.year - LIFETIME
    return f"{'from the first one on' if lifelong else f'from {begin}'} until {day}"


def _services(codes: Codes, own: str) -> str:
    """The services that are counted, in words: by code, by the name of a set, by table."""
    named = [own] if codes.same else []
    named += sorted(codes.literal - {own} if codes.same else codes.literal)
    named += [name.rpartition(":")[2].replace("_", " ") for name in codes.sets]
    for column in codes.columns:
        rows = [f"{k.replace('_', ' ')} {' or '.join(sorted(v))}" for k, v in column.rows]
        named.append(f"services with {', '.join(rows)}" if rows else "services")
    if codes.any or not named:
        return "services"
    if len(named) > MOST_NAMED:
        named = [*named[: MOST_NAMED - 1], f"{len(named) - MOST_NAMED + 1} more codes"]
    *first, last = named
    return f"{', '.join(first)} and {last}" if first else last


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
