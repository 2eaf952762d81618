"""What a change of policies does to a corpus of claims: which ones flip, why and for how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.analysis.impact import tally
from engine.analysis.impact.flips import Flip, asked_otherwise, flip_of, moves
from engine.analysis.impact.samples import Sample, sample
from engine.analysis.impact.standing import Standing, alike, standing
from engine.analysis.impact.tally import Money, Tally
from engine.chain.stratified import Decided
from engine.model.claim import History

__all__ = ["Flip", "Impact", "Money", "Pair", "Sample", "Tally", "measure"]


class Pair(NamedTuple):
    """One claim decided by both rule books."""

    base: Decided
    head: Decided
    history: History


@dataclass
class Impact:
    """The effect of a change on a corpus.

    `before` and `after` count verdicts; `quiet` counts lines on which a rule of both books came
    out otherwise while the line is told the same; `asked` counts claims of which only the
    questions differ.
    """

    claims: int = 0
    lines: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    flips: list[Flip] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    quiet: Counter[str] = field(default_factory=Counter)
    asked: int = 0

    @property
    def money(self) -> Money:
        """Charges of the lines that come to stand otherwise."""
        return tally.total(self.flips)

    def rate(self, verdicts: Counter[str], verdict: str = "clean") -> float:
        """The share of claims with a verdict, from 0 to 1; ``clean`` is the first-pass rate."""
        return verdicts[verdict] / self.claims if self.claims else 0.0

    @property
    def by_rule(self) -> tuple[Tally, ...]:
        """Flips by rule."""
        return tally.by_rule(self.flips)

    @property
    def by_reason(self) -> tuple[Tally, ...]:
        """Flips by reason code."""
        return tally.by_reason(self.flips)

    @property
    def by_payer(self) -> tuple[Tally, ...]:
        """Flips by payer and contractor."""
        return tally.by_payer(self.flips)

    @property
    def by_place(self) -> tuple[Tally, ...]:
        """Flips by place of service."""
        return tally.by_place(self.flips)

    @property
    def by_provider(self) -> tuple[Tally, ...]:
        """Flips by rendering provider."""
        return tally.by_provider(self.flips)


def measure(pairs: Iterable[Pair], *, samples: int = 3) -> Impact:
    """Compare every pair; of each rule that moved, keep the first `samples` flips in full."""
    found = Impact()
    shown: Counter[str] = Counter()
    for pair in pairs:
        _one(found, pair, samples, shown)
    return found


def _one(found: Impact, pair: Pair, samples: int, shown: Counter[str]) -> None:
    found.claims += 1
    found.lines += len(pair.base.around.lines)
    base = standing(pair.base, pair.history)
    if alike(pair.base, pair.head):
        found.before[base.verdict] += 1
        found.after[base.verdict] += 1
        return
    head = standing(pair.head, pair.history)
    found.before[base.verdict] += 1
    found.after[head.verdict] += 1
    flip = flip_of(pair.base.around.claim, base, head)
    if flip is None:
        found.asked += asked_otherwise(base, head)
        found.quiet.update(_quiet(pair, base, head))
        return
    found.flips.append(flip)
    rules = flip.rules()
    if any(shown[rule] < samples for rule in rules):
        found.samples.append(sample(len(found.flips), flip, *pair))
        shown.update(rules)


def _quiet(pair: Pair, base: Standing, head: Standing) -> list[str]:
    """Rules of both books that moved without effect, once for each line."""
    known = {r.id for r in pair.base.around.bound.book.rules}
    known &= {r.id for r in pair.head.around.bound.book.rules}
    lines = range(len(base.lines))
    return [m.rule for n in lines for m in moves(base, head, n) if m.rule in known]
