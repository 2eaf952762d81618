"""Random patients with several claims each, densely around the dates that matter to rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from engine.model.book import RuleBook
from engine.model.claim import Claim, Line, Patient, Payer, Provider
from engine.model.length import Length

MODIFIERS = (
    "RT", "LT", "50", "59", "XS", "KX", "GA", "GZ", "25", "76", "SG", "TC", "26", "XU", "QW",
)  # fmt: skip
UNITS = (None, 0, 1, 1, 1, 1, 2, 4, Decimal("1.5"))
PLACES = (None, "11", "11", "22", "24", "19", "21")
BACK = (
    *(Length(n, "day") for n in (0, 0, 0, 1, 7, 10, 14, 30, 60, 90)),
    *(Length(n, "month") for n in (1, 2, 3, 6, 6, 12, 12, 24)),
)
PROVIDERS = (
    None,
    Provider(),
    Provider("1234567893", "49", "261QA1903X"),
    Provider("1234567893", "09", "207L00000X", "ours"),
    Provider("1003000126", "72"),
    Provider("1003000126", "65", "225100000X", "theirs"),
)
BILLING = (None, Provider(group="ours"), Provider("1003000126", group="theirs"), PROVIDERS[2])


@dataclass(frozen=True)
class Topic:
    """What a policy speaks of: codes, diagnoses, and days on which something changes."""

    codes: Sequence[str]
    diagnoses: Sequence[str]
    days: Sequence[date]


def topics(book: RuleBook) -> dict[str, Topic]:
    """The topics of a book's policies, by policy."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code, positions in book.index.items():
        for position in positions:
            codes[book.rules[position].policy].add(code)
    days = [day for day in book.breakpoints if day.year >= 2015]
    return {
        policy: Topic(sorted(own), _diagnoses(book, policy), days)
        for policy, own in sorted(codes.items())
    }


def _diagnoses(book: RuleBook, policy: str) -> list[str]:
    sets = [s for n, s in sorted(book.sets.items()) if s.of == "diagnosis"]
    own = [s for s in sets if s.name.split(":")[0].endswith(policy.rsplit("/", 1)[-1])]
    return sorted({code for one in own or sets for code in sorted(one.members)[:4]})


class Crowd:
    """Draws patients; few values each, so that what was said of one is used for another."""

    def __init__(self, chance: Random, topics: Sequence[Topic], payers: Sequence[Payer]) -> None:
        self._of = chance
        pick = chance.choice
        topic, other = pick(topics), pick(topics)
        self._codes = [pick(topic.codes) for _ in range(4)] + [pick(other.codes), "99213"]
        known = [*topic.diagnoses, *other.diagnoses]
        self._diagnoses = [pick(known) for _ in range(3) if known] + ["Z99.89"]
        self._modifiers = [pick(MODIFIERS) for _ in range(3)]
        self._payers = [pick(payers) for _ in range(2)]
        edges = [*topic.days, date(2024, 2, 29), date(2025, 3, 31), date(2026, 1, 1)]
        self._days = [pick(edges) + timedelta(pick((-1, 0, 1))) for _ in range(2)]
        self._number = 0

    def patient(self) -> list[Claim]:
        """The claims of one patient in the order of their ids."""
        self._number += 1
        of, name = self._of, f"P{self._number}"
        who = Patient(name, of.choice((None, date(1940, 1, 2), date(2012, 2, 29))), of.choice((None, "F", "M")))
        day = of.choice(self._days)
        return [self._claim(f"{name}-{n}", who, day) for n in range(of.randint(1, 4))]

    def _claim(self, name: str, who: Patient, day: date) -> Claim:
        of = self._of
        if of.random() < 0.1:
            who = Patient(who.id, of.choice((None, date(1960, 6, 1))), of.choice((None, "F")))
        institutional = of.random() < 0.2
        own = of.choice(self._diagnoses), of.choice(self._diagnoses)
        day = before(day, of.choice(BACK)) + timedelta(of.choice((0, 0, 0, -1, 1)))
        numbers = of.sample(range(1, 7), of.choice((1, 1, 2, 2, 3, 4)))
        lines = tuple(self._line(n, day, own) for n in sorted(numbers))
        return Claim(
            name,
            of.choice(self._payers),
            who,
            lines,
            form="institutional" if institutional else of.choice((None, "professional")),
            type_of_bill=of.choice((None, "131", "831", "851")) if institutional else None,
            frequency=of.choice((None, "1")),
            billing_provider=of.choice(BILLING),
            facility_type=of.choice((None, None, None, "office", "ambulatory_surgical_center")),
            diagnoses=own,
            prior_authorization=of.choice((None, None, "A1")),
        )

    def _line(self, number: int, day: date, diagnoses: tuple[str, ...]) -> Line:
        of = self._of
        if of.random() < 0.15:
            day = before(day, of.choice(BACK))
        return Line(
            number,
            of.choice(self._codes),
            day,
            tuple(of.choice(self._modifiers) for _ in range(of.choice((0, 0, 1, 2)))),
            of.choice(UNITS),
            of.choice(PLACES),
            of.choice((diagnoses, diagnoses[:1], ())),
            of.choice((None, Decimal("10"), Decimal("10.0"))),
            of.choice(PROVIDERS),
            prior_authorization=of.choice((None, None, None, "B1")),
        )


def before(day: date, length: Length) -> date:
    """The last day from which a length reaches no further than a day."""
    found = day - timedelta(length.most_days() + 1)
    while length.after(found + timedelta(1)) <= day:
        found += timedelta(1)
    return found
