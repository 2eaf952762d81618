"""The days on which something in a rule book begins or ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.compiler.gather import Gathered
from engine.model.book import Rule


def breakpoints(rules: Iterable[Rule], found: Gathered) -> tuple[date, ...]:
    """In order of time; between two of them every rule and definition stands still."""
    days: set[date | None] = set()
    for rule in rules:
        days |= {rule.begin, rule.end}
    for parameter in found.parameters.values():
        days |= {d for span in parameter for d in (span.begin, span.end)}
    for derived in found.derivations.values():
        days |= {d for span in derived for d in (span.begin, span.end)}
    for members in [s.members for s in found.sets.values()]:
        for member in members.values():
            days |= {d for span in member for d in (span.begin, span.end)}
    for codes in found.attributes.values():
        for values in codes.values():
            days |= {d for span in values for d in (span.begin, span.end)}
    for table in found.tables.values():
        days |= {d for pair in table.spans for d in pair}
        days.update(table.stored.days() if table.stored else ())
    return tuple(sorted(d for d in days if d is not None))
