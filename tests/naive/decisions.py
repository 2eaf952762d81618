"""Decision tables: the codes that the documented facts still allow (clause A18)."""

from __future__ import annotations

from typing import Any

from tests.naive.comparing import known_value
from tests.naive.three import Tri, all_hold
from tests.naive.world import Here


def code_for(here: Here, name: str) -> Tri:
    """Whether the line bills the code that the facts select."""
    decision = here.sight.first("decisions", name)
    values = [(str(row["code"]), _row(here, row)) for row in decision["rows"]]
    live = {code for code, value in values if value is not False}
    billed = _billed(here, decision["gives"])
    if not live & billed:
        return False
    # One code may be left of a table that does not foresee every case: until a row surely
    # holds, a further fact could still rule it out, and no fact may change a decided outcome.
    if len(live) == 1 and any(value is True for _, value in values):
        return True
    return None


def _row(here: Here, row: dict[str, Any]) -> Tri:
    return all_hold(
        known_value(here, fact, test if isinstance(test, dict) else {"is": test})
        for fact, test in row.items()
        if fact != "code"
    )


def _billed(here: Here, gives: str) -> set[str]:
    line = here.item.line
    return {line.procedure} if gives == "procedure" else set(line.modifiers)
