"""Says why a service of the record is not among those that a rule counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.analysis.frequency import Counts
from engine.chain.binding import Binding
from engine.chain.counter import Counter
from engine.chain.counting import Tally
from engine.chain.facts import LineFacts
from engine.chain.matching import key_value, same_test
from engine.chain.prove import prove
from engine.ledger.entries import Entry
from engine.model.term import Sessions


@dataclass(frozen=True)
class Count:
    """A count of one rule that was made for the line `x`: what counts, and what was found."""

    binding: Binding
    x: LineFacts
    counter: Counter
    term: Counts
    found: Tally

    def why_left_out(self, entry: Entry, y: LineFacts | None) -> str | None:
        """The first reason for which an entry does not count; None for a service of another kind.

        `y` is the entry as the chain sees it; None where the chain does not see it at all.
        """
        if not self._of_the_kind(entry):
            return None
        if entry.status == "void":
            return "voided"
        if y is None:
            return "planned only" if entry.expires_on is None else f"hold ended {entry.expires_on}"
        if y.date > self.x.date:
            return f"after {self.x.date}"
        return (
            _by_status(self.counter, self.x, entry)
            or _by_pattern(self.binding, self.counter, y)
            or _by_keys(self.counter, self.x, y)
            or _by_whom(self.counter, self.x, y)
            or _by_window(self.term, self.found, self.x, y)
        )

    def _of_the_kind(self, entry: Entry) -> bool:
        line = entry.service.line
        same = self.counter.counted.of.same and line.procedure == self.x.procedure
        return same or self.counter.test(line.procedure, line.service_date)


def _by_status(counter: Counter, x: LineFacts, entry: Entry) -> str | None:
    if counter.counted.counting == "performed":
        return None
    if entry.status == "denied":
        return "denied; the policy counts what is paid or before the payer"
    payer, asked = entry.service.payer, x.around.claim.payer.id
    return f"of another payer, {payer}" if payer is not None and payer != asked else None


def _by_pattern(binding: Binding, counter: Counter, y: LineFacts) -> str | None:
    where = counter.counted.where
    if where is None or counter.where(y) is not False:
        return None
    proof = prove(binding.elsewhere(), where, y)
    while proof.parts:
        failing = [part for part in proof.parts if part.value is False]
        proof = (failing or list(proof.parts))[0]
    return f"{proof.words}: {proof.reading}" if proof.reading else proof.words


def _by_keys(counter: Counter, x: LineFacts, y: LineFacts) -> str | None:
    for key in counter.counted.same:
        if same_test(key)(x, y) is False:
            here, there = (shown(key_value(line, key)) for line in (x, y))
            return f"{key} is {there}, not {here}"
    for key in counter.counted.different:
        if same_test(key)(x, y) is True:
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


def shown(value: Any) -> str:
    """A value that tells services apart, in words."""
    if isinstance(value, frozenset):
        return "/".join(sorted(value))
    return "not known" if value is None else str(value)
