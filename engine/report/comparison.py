"""A comparison of payers as text: the verdicts in a table, then the clauses that differ."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.report.cited import in_words

WIDTH = 100
_OUTCOMES = {
    "violated": "violated",
    "undecided": "undecided",
    "met": "met",
    "not_applicable": "does not apply",
    "no_such_rule": "no such rule",
}


def comparison(shown: Mapping[str, Any]) -> Iterator[str]:
    """The lines of one claim."""
    payers: Sequence[Mapping[str, Any]] = shown["payers"]
    width = max((len(p["payer"]) for p in payers), default=5) + 2
    yield f"claim {shown['claim_id']}"
    yield f"  {'payer':{width}}{'verdict':12}what decides"
    for payer in payers:
        rules = ", ".join(payer["decided_by"]) or "-"
        first, *rest = textwrap.wrap(rules, WIDTH - width - 14) or ["-"]
        yield f"  {payer['payer']:{width}}{payer['verdict'].replace('_', ' '):12}{first}"
        for line in rest:
            yield f"  {'':{width}}{'':12}{line}"
    if shown["differences"]:
        yield ""
        yield "  where they differ"
    for difference in shown["differences"]:
        yield f"  {difference['rule']}"
        for side in difference["sides"]:
            yield from _side(side)
    yield ""


def _side(side: Mapping[str, Any]) -> Iterator[str]:
    yield from _wrapped(f"{_OUTCOMES[side['outcome']]}: {', '.join(side['payers'])}", 4)
    if side["says"]:
        yield from _wrapped(side["says"], 6)
    if side["cites"]:
        yield from _wrapped(in_words(side["cites"]), 6)


def _wrapped(text: str, indent: int) -> Iterator[str]:
    for line in textwrap.wrap(text, WIDTH - indent):
        yield " " * indent + line
