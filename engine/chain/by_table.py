"""What was made of a table, kept as long as the table: many books and many rules share one."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from engine.model.book import Span, Table

T = TypeVar("T")
Days = tuple[date | None, date | None]

_KEPT: dict[int, dict[object, Any]] = {}
"""By the identity of the table, for to compare tables is to compare all their rows."""


def kept(table: Table, name: object, make: Callable[[], T]) -> T:
    """What `make` makes of a table under a name; made once, and not to be changed."""
    found = _KEPT.get(id(table))
    if found is None:
        found = _KEPT[id(table)] = {}
        weakref.finalize(table, _KEPT.pop, id(table), None).atexit = False
    if name not in found:
        found[name] = make()
    value: T = found[name]
    return value


class Held(dict[Days, Span[bool]]):
    """One span for all rows of the same days: the rows of a table are many, their days few."""

    def __missing__(self, days: Days) -> Span[bool]:
        span = self[days] = Span(*days, True)
        return span
