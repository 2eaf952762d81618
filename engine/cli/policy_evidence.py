"""What `policy list --evidence` prints: grades by payer, weak grounds, readings, manual reviews."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from engine.analysis.grounds import Ground, Grounds
from engine.model.book import GRADES

_COLUMNS = (*GRADES, "interpretation")
_WEAK = ("contested", "unverified")


def evidence_lines(found: Grounds) -> Iterator[str]:
    """The report as text."""
    yield f"{'':16}" + "".join(f"{grade:>16}" for grade in _COLUMNS) + f"{'oldest reading':>18}"
    for payer, counts in found.by_payer().items():
        reads = [r.read for r in found.rules if r.payer == payer and r.read is not None]
        oldest = min(reads, default=None)
        cells = "".join(f"{counts[grade]:>16}" for grade in _COLUMNS)
        yield f"{payer:16}{cells}{oldest.isoformat() if oldest else '-':>18}"
    yield from _rules("On contested or unverified ground", found, weak=True)
    yield from _rules("Left to a person", found, weak=False)
    if found.interpretations:
        yield ""
        yield "Readings that no source states"
        for reading in found.interpretations:
            yield f"  {reading['name']} ({reading['owner']}, {reading['date']})"
            yield from _wrapped(reading["says"], 6)


def _rules(title: str, found: Grounds, *, weak: bool) -> Iterator[str]:
    rules = [r for r in found.rules if (r.grade in _WEAK if weak else r.manual is not None)]
    if rules:
        yield ""
        yield title
    for rule in rules:
        yield f"  {rule.rule}  {rule.finding}, {rule.grade}: {', '.join(rule.cites)}"
        if not weak:
            yield from _wrapped(f"{rule.manual} ({rule.who})", 6)


def _wrapped(text: str, indent: int) -> Iterator[str]:
    for line in textwrap.wrap(text, 100 - indent):
        yield " " * indent + line


def evidence_data(found: Grounds) -> dict[str, Any]:
    """The report for programs."""
    return {
        "by_payer": {payer: dict(counts) for payer, counts in found.by_payer().items()},
        "rules": [_rule(rule) for rule in found.rules],
        "interpretations": found.interpretations,
    }


def _rule(rule: Ground) -> dict[str, Any]:
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in asdict(rule).items()}
