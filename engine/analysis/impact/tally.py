"""Counts of flips by rule, reason, payer, place and provider, with the money at stake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.analysis.impact.flips import Flip, LineFlip
from engine.analysis.impact.standing import Reason

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Money:
    """Charges of the lines that newly fail, pass or wait; `unknown` lines state no charge."""

    fails: Decimal = ZERO
    passes: Decimal = ZERO
    waits: Decimal = ZERO
    unknown: int = 0

    def __add__(self, other: Money) -> Money:
        return Money(
            self.fails + other.fails,
            self.passes + other.passes,
            self.waits + other.waits,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True)
class Tally:
    """Claims and lines that flipped under one name, and their money."""

    name: str
    claims: int = 0
    lines: int = 0
    money: Money = Money()


def money_of(line: LineFlip) -> Money:
    """The charge of a line that comes to stand otherwise."""
    if line.before == line.after:
        return Money()
    if line.charge is None:
        return Money(unknown=1)
    if line.after == "fails":
        return Money(fails=line.charge)
    return Money(passes=line.charge) if line.after == "passes" else Money(waits=line.charge)


def total(flips: Iterable[Flip]) -> Money:
    """The money of all flips."""
    return sum((money_of(line) for flip in flips for line in flip.lines), Money())


def by_rule(flips: Iterable[Flip]) -> tuple[Tally, ...]:
    """Each flip under every rule that came out otherwise in it."""
    return _count((f, line, {m.rule for m in line.rules}) for f in flips for line in f.lines)


def by_reason(flips: Iterable[Flip]) -> tuple[Tally, ...]:
    """Each flip under every reason that is lost or gained."""
    return _count(
        (
            flip,
            line,
            {
                *(f"{reason_text(r)}, no longer" for r in line.lost),
                *(f"{reason_text(r)}, newly" for r in line.gained),
            },
        )
        for flip in flips
        for line in flip.lines
    )


def by_payer(flips: Iterable[Flip]) -> tuple[Tally, ...]:
    """Each flip under its payer and contractor."""
    return _count((flip, line, {flip.payer}) for flip in flips for line in flip.lines)


def by_place(flips: Iterable[Flip]) -> tuple[Tally, ...]:
    """Each flip under the place of service of its lines."""
    return _count((f, line, {line.place or "unknown"}) for f in flips for line in f.lines)


def by_provider(flips: Iterable[Flip]) -> tuple[Tally, ...]:
    """Each flip under its rendering provider."""
    return _count((f, line, {line.provider or "unknown"}) for f in flips for line in f.lines)


def reason_text(reason: Reason) -> str:
    """``deny CO-151 N115``."""
    finding, group, carc, rarc = reason
    code = "-".join(part for part in (group, carc) if part)
    return " ".join(part for part in (finding, code, rarc) if part)


def _count(items: Iterable[tuple[Flip, LineFlip, set[str]]]) -> tuple[Tally, ...]:
    claims: dict[str, set[int]] = {}
    lines: dict[str, list[LineFlip]] = {}
    for flip, line, names in items:
        for name in names:
            claims.setdefault(name, set()).add(id(flip))
            lines.setdefault(name, []).append(line)
    found = [
        Tally(name, len(claims[name]), len(own), sum((money_of(x) for x in own), Money()))
        for name, own in lines.items()
    ]
    return tuple(sorted(found, key=lambda t: (-t.claims, t.name)))
