"""Says why a service of the record is not among those that a rule counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.analysis.frequency import Counts
from engine.chain.counting import Counter, Tally
from engine.chain.facts import LineFacts
from engine.chain.matching import key_value, same_test
from engine.chain.prove import prove
from engine.ledger.history import Entry
from engine.model.term import Sessions

if TYPE_CHECKING:
    from engine.analysis.sessions import _Sheet


def why_left_out(
    sheet: _Sheet,
    counter: Counter,
    term: Counts,
    found: Tally,
    entry: Entry,
    y: LineFacts | None,
) -> str | None:
    """The first reason for which an entry does not count; None for a service of another kind.

    `y` is the entry as the chain sees it; None where the chain does not see it at all.
    """
    line = entry.service.line
    if not (counter.test(line.procedure, line.service_date) or _same_code(sheet, counter, entry)):
        return None
    if entry.status == "void":
        return "voided"
    if y is None:
        return "planned only" if entry.expires_on is None else f"hold ended {entry.expires_on}"
    if y.date > sheet.x.date:
        return f"after {sheet.x.date}"
    return (
        _by_status(counter, sheet.x, entry)
        or _by_pattern(sheet, counter, y)
        or _by_keys(sheet, counter, y)
        or _by_whom(counter, sheet.x, y)
        or _by_window(term, found, sheet.x, y)
    )


def _same_code(sheet: _Sheet, counter: Counter, entry: Entry) -> bool:
    return counter.counted.of.same and entry.service.line.procedure == sheet.x.procedure


def _by_status(counter: Counter, x: LineFacts, entry: Entry) -> str | None:
    if counter.counted.counting == "performed":
        return None
    if entry.status == "denied":
        return "denied; the policy counts what is paid or before the payer"
    payer, asked = entry.service.payer, x.around.claim.payer.id
    return f"of another payer, {payer}" if payer is not None and payer != asked else None


def _by_pattern(sheet: _Sheet, counter: Counter, y: LineFacts) -> str | None:
    where = counter.counted.where
    if where is None or counter.where(y) is not False:
        return None
    proof = prove(sheet.binding.elsewhere(), where, y)
    while proof.parts:
        failing = [part for part in proof.parts if part.value is False]
        proof = (failing or list(proof.parts))[0]
    return f"{proof.words}: {proof.reading}" if proof.reading else proof.words


def _by_keys(sheet: _Sheet, counter: Counter, y: LineFacts) -> str | None:
    for key in counter.counted.same:
        if same_test(key)(sheet.x, y) is False:
            here, there = (_shown(key_value(line, key)) for line in (sheet.x, y))
            return f"{key} is {there}, not {here}"
    for key in counter.counted.different:
        if same_test(key)(sheet.x, y) is True:
            return f"{key} is the same"
    return None


def _by_whom(counter: Counter, x: LineFacts, y: LineFacts) -> str | None:
    by = counter.counted.by
    if by == "group" and None not in (x.group, y.group) and x.group != y.group:
        return f"of another group, {y.group}"
    if by == "rendering_provider" and None not in (x.npi, y.npi) and x.npi != y.npi:
        return "by another provider"
    return None


def _by_window(term: Counts, found: Tally, x: LineFacts, y: LineFacts) -> str:
    if y.date == x.date:
        return "on the day itself, which is not looked at"
    if not isinstance(term, Sessions):
        return "far enough before"
    if found.begin is not None and y.date < found.begin:
        return f"before the window, which begins on {found.begin}"
    return "outside the window"


def _shown(value: Any) -> str:
    if isinstance(value, frozenset):
        return "/".join(sorted(value))
    return "not known" if value is None else str(value)
