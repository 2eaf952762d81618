"""A claim that comes out otherwise: on which lines, by which rules, for how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from engine.analysis.impact.standing import LineStanding, Reason, Standing, State
from engine.model.claim import Claim

Moved: TypeAlias = Literal["verdict", "reasons", "remarks"]


@dataclass(frozen=True)
class RuleMove:
    """One rule that came out otherwise on a line; ``absent``: it is not in force or not there."""

    rule: str
    before: str
    after: str


@dataclass(frozen=True)
class LineFlip:
    """One line that is told something else. `charge` None: the claim states none."""

    number: int
    procedure: str
    place: str | None
    provider: str | None
    charge: Decimal | None
    before: State
    after: State
    lost: frozenset[Reason]
    gained: frozenset[Reason]
    rules: tuple[RuleMove, ...]


@dataclass(frozen=True)
class Flip:
    """One claim that comes out otherwise."""

    claim_id: str
    payer: str
    moved: Moved
    before: str
    after: str
    lines: tuple[LineFlip, ...]

    def rules(self) -> tuple[str, ...]:
        """The rules that came out otherwise, in order of their ids."""
        return tuple(sorted({move.rule for line in self.lines for move in line.rules}))


def flip_of(claim: Claim, base: Standing, head: Standing) -> Flip | None:
    """The flip of a claim; None if every line is told the same and the verdict stands."""
    lines = tuple(
        _line(claim, n, base, head)
        for n in range(len(claim.lines))
        if _differs(base.lines[n], head.lines[n])
    )
    if not lines and base.verdict == head.verdict:
        return None
    payer = claim.payer.id or claim.payer.name or "unknown payer"
    shown = f"{payer} / {claim.payer.contractor}" if claim.payer.contractor else payer
    moved = _moved(base, head)
    return Flip(claim.claim_id, shown, moved, base.verdict, head.verdict, lines)


def asked_otherwise(base: Standing, head: Standing) -> bool:
    """Whether only the questions differ."""
    return [line.asks for line in base.lines] != [line.asks for line in head.lines]


def _differs(a: LineStanding, b: LineStanding) -> bool:
    return (a.reasons, a.waits) != (b.reasons, b.waits)


def _moved(base: Standing, head: Standing) -> Moved:
    if base.verdict != head.verdict:
        return "verdict"
    pairs = zip(base.lines, head.lines, strict=True)
    weighs = any((a.weighty, a.waits) != (b.weighty, b.waits) for a, b in pairs)
    return "reasons" if weighs else "remarks"


def _line(claim: Claim, n: int, base: Standing, head: Standing) -> LineFlip:
    line, before, after = claim.lines[n], base.lines[n], head.lines[n]
    provider = line.rendering_provider or claim.billing_provider
    return LineFlip(
        number=line.number,
        procedure=line.procedure,
        place=line.place_of_service,
        provider=(provider.npi or provider.group) if provider else None,
        charge=line.charge,
        before=before.state,
        after=after.state,
        lost=before.reasons - after.reasons,
        gained=after.reasons - before.reasons,
        rules=moves(base, head, n),
    )


def moves(base: Standing, head: Standing, n: int) -> tuple[RuleMove, ...]:
    """The rules whose outcome on a line differs; met and not applicable count as one (A32)."""
    ids = {rule for rule, line in (*base.words, *head.words) if line == n}
    found = []
    for rule in sorted(ids):
        before, after = (x.words.get((rule, n), "absent") for x in (base, head))
        if _passed(before) != _passed(after):
            found.append(RuleMove(rule, before, after))
    return tuple(found)


def _passed(word: str) -> str:
    return "passed" if word in ("met", "absent") else word
