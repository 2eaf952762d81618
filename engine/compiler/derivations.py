"""Derived facts of lines: their dated entries, cases and values (clause A14)."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.compiler.definitions import NO_CITE
from engine.compiler.here import Here
from engine.compiler.library import Library
from engine.compiler.lowering import PolicyLowering
from engine.compiler.timeline import Entry, spans
from engine.model.book import Derivation, Span
from engine.model.term import All, Term


def derivation(
    library: Library, entries: list[Here], lowering: PolicyLowering, known_on: date | None
) -> tuple[Span[Derivation], ...]:
    """The dated entries of one derived fact (clause A14); an undated one always holds, because
    lines of the history are older than the policy."""
    found = []
    for here in entries:
        ends = here.data.get("ends") is True
        derived = None if ends else _derive(library, here, lowering)
        found.append(Entry(here.day("from"), here.day("published"), derived, ends))
    _check_orders(entries, [entry.order for entry in found])
    held = spans(found, known_on)
    return tuple(Span(s.begin, s.end, s.value) for s in held if s.value is not None)


def _check_orders(entries: list[Here], orders: list[tuple[date, date]]) -> None:
    for n, order in enumerate(orders):
        if order in orders[:n]:
            entries[n].problem(
                "same-dates",
                "two entries of one derived fact have the same `from` and `published`",
                "which of them holds? give the later one its own `from` or `published`",
            )


def _derive(library: Library, here: Here, lowering: PolicyLowering) -> Derivation:
    of, cites, last = here.get("of"), here.get("cites"), here.data.get("otherwise")
    attribute = last.get("attribute") if isinstance(last, dict) else None
    if attribute is not None and attribute not in here.sight.attributes:
        here.at("otherwise", "attribute").unknown(
            "attribute", str(attribute), here.sight.attributes
        )
    elif attribute is None and last is not None:
        _check_value(here, here.at("otherwise"))
    return Derivation(
        str(here.data.get("fact")),
        lowering.pattern(of) if of else All(()),
        _cases(here, lowering),
        None if attribute else last,
        str(attribute) if attribute else None,
        str(here.data.get("says", "")),
        (library.cite(cites) if cites else None) or NO_CITE,
    )


def _cases(here: Here, lowering: PolicyLowering) -> tuple[tuple[Term, Any], ...]:
    cases: list[tuple[Term, Any]] = []
    place = here.get("cases")
    for part in place.each() if place else ():
        result = part.data.get("is")
        _check_value(here, part.at("is"))
        when = lowering.form(part.at("when"))
        if any(term == when and other != result for term, other in cases):
            part.problem(
                "contradiction",
                f"this case holds when an earlier one does, and gives `{result}`",
                "two cases that hold together may not give different values",
            )
        cases.append((when, result))
    return tuple(cases)


def _check_value(here: Here, place: Here) -> None:
    allowed = {str(v) for v in here.data.get("values") or ()}
    if allowed and str(place.data) not in allowed:
        place.unknown(f"value of {here.text('fact')}", str(place.data), allowed)
