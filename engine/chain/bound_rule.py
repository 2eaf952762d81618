"""A rule bound for one code and one stretch of days, and its outcome by clause A5."""

from __future__ import annotations

from typing import Literal

from engine.chain.binding import Binding, Folded, joined
from engine.chain.facts import LineFacts
from engine.model.book import BARRING, Rule
from engine.model.outcome import Word


class BoundRule:
    """A rule bound for one code and one stretch of days.

    `applies`, `stated` and `fulfilled` are A, S and R of clause A5; `bars` says that a violation
    makes its line not payable, and `on_claim` that it concerns all lines.
    """

    __slots__ = (
        "applies",
        "bars",
        "fulfilled",
        "on_claim",
        "position",
        "rule",
        "stated",
        "unjudged",
    )

    def __init__(self, binding: Binding, position: int, rule: Rule) -> None:
        self.position = position
        self.rule = rule
        self.bars = rule.consequence.finding in BARRING
        self.on_claim = rule.consequence.on_claim
        when, stated = ([t] if t else [] for t in (rule.when, rule.when_stated))
        on = binding.part(position, "applies_to", [rule.applies_to], False)
        self.applies = joined([on, binding.part(position, "when", when, False)], False)
        self.stated = binding.part(position, "when_stated", stated, False)
        self.fulfilled: Folded = True
        if self.applies is not False:
            ways = [rule.requires, *(e.when for e in rule.exemptions)]
            self.fulfilled = binding.part(position, "requires", ways, True)
        self.unjudged = binding.unjudged

    def decide(self, x: LineFacts) -> Word:
        """The outcome by clause A5."""
        word = self.come_out(x)
        return "not_applicable" if word == "silent" else word

    def come_out(self, x: LineFacts) -> Word | Literal["silent"]:
        """The outcome by clause A5; ``silent`` where it does not apply because nobody stated a
        fact that it waits for."""
        applies = self.applies(x) if callable(self.applies) else self.applies
        if applies is False:
            return "not_applicable"
        stated = self.stated(x) if callable(self.stated) else self.stated
        if stated is not True:
            return "silent" if stated is None else "not_applicable"
        return self.judge(x, applies)

    def judge(self, x: LineFacts, applies: bool | None) -> Word:
        """The outcome of a rule whose left side is true or unknown."""
        result = self.fulfilled(x) if callable(self.fulfilled) else self.fulfilled
        if result is True:
            return "met"
        return "violated" if applies is True and result is False else "undecided"
