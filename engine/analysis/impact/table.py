"""Every claim that flips as one row: payer, lines, verdict, charges and the rules that moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.analysis.impact.flips import Flip

MOST = 100
"""So many flips are listed in Markdown: a comment on a pull request holds no book."""
VERDICTS = {"clean": "clean", "not_clean": "not clean", "undecided": "undecided"}


def flip_table(flips: Sequence[Flip], *, show_ids: bool) -> Iterator[str]:
    """A table in Markdown; without ids the claims are numbered in the order of the corpus."""
    yield "| claim | payer | lines | before | after | charges | rules |"
    yield "|---|---|---|---|---|--:|---|"
    for n, flip in enumerate(flips[:MOST], start=1):
        yield f"| {' | '.join(_cells(n, flip, show_ids))} |"
    if len(flips) > MOST:
        yield f"\nand {len(flips) - MOST:,} more."


def _cells(number: int, flip: Flip, show_ids: bool) -> Iterator[str]:
    yield f"`{flip.claim_id}`" if show_ids else f"flip {number}"
    yield flip.payer
    yield ", ".join(f"{line.number} ({line.procedure})" for line in flip.lines)
    yield VERDICTS[flip.before]
    yield VERDICTS[flip.after] + ("" if flip.before != flip.after else ", other reasons")
    charges = [line.charge for line in flip.lines]
    unknown = " and unknown" if None in charges else ""
    yield f"{sum((c for c in charges if c is not None), Decimal(0)):,.2f}{unknown}"
    yield ", ".join(rule.rpartition("#")[2] for rule in flip.rules())
