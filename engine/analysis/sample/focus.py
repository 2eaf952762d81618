"""Where a synthetic corpus looks more closely: the topics, rules and days that a change touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from engine.analysis.diff import Change, Side, compare
from engine.analysis.sample.seeds import Seed, group_of

SHARE = 0.5
"""The share of the claims that come from what is touched."""
BEFORE, AFTER = 8, 40
"""Weeks around the first day of a change within which such claims lie."""
ALWAYS = date(2000, 1, 1)
"""Entries of that day and before stand for what always held."""


@dataclass(frozen=True)
class Focus:
    """Groups of seeds that a change touches, its rules, and the days on which it begins."""

    groups: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    days: tuple[date, ...] = ()

    def chosen(self, random: Random, seeds: dict[str, list[Seed]]) -> list[Seed] | None:
        """The seeds of a touched group; None where this claim is of any topic."""
        touched = sorted(self.groups & seeds.keys())
        if not touched or random.random() >= SHARE:
            return None
        return seeds[random.choice(touched)]

    def weeks(self, random: Random, seed: Seed) -> int | None:
        """By how many weeks to move a seed to the days of the change; None without such days."""
        first = min((str(line["service_date"]) for line in seed.claim["lines"]), default="")
        if not self.days or not first:
            return None
        wanted = random.choice(self.days) + timedelta(weeks=random.randrange(-BEFORE, AFTER))
        return (wanted - date.fromisoformat(first)).days // 7


def focus_of(base: Side, head: Side) -> Focus:
    """What differs between two states of the policies."""
    changes = [c for c in compare(base, head).changes if c.what in ("rule", "policy")]
    return Focus(
        frozenset(group_of(topic) for c in changes for topic in (c.topic, *c.layers)),
        frozenset(c.rule for c in changes if c.rule is not None),
        tuple(sorted({day for c in changes if (day := _begin(c)) is not None})),
    )


def _begin(change: Change) -> date | None:
    """A day that claims can be moved to; a change of all days leaves them where they are."""
    return (
        change.begin if change.begin and change.begin > ALWAYS else None
    )  # older days stand for always


NOWHERE = Focus()
"""No change: claims of every topic alike."""
