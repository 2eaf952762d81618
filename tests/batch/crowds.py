"""Random patients with several claims each, densely around the dates that matter to rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from engine.model.book import RuleBook
from engine.model.claim import Claim, Line, Patient, Payer, Provider
from engine.model.length import Length

BACK = (
    *(Length(n, "day") for n in (0, 0, 0, 1, 7, 10, 14, 30, 60, 90)),
    *(Length(n, "month") for n in (1, 2, 3, 6, 6, 12, 12, 24)),
)
OURS, THEIRS = "ours", "theirs"
POOLS: dict[str, tuple[Any, ...]] = {
    "back": BACK,
    "birth_date": (None, date(1940, 1, 2), date(2012, 2, 29), date(1955, 3, 1)),
    "sex": (None, "F", "M"),
    "form": (
        (None, None), ("professional", None), ("professional", None), ("institutional", None),
        ("institutional", "131"), ("institutional", "831"), ("institutional", "851"),
    ),
    "frequency": (None, "1"),
    "facility_type": (None, None, None, "office", "ambulatory_surgical_center"),
    "prior_authorization": (None, None, "A1"),
    "modifiers": (
        "RT", "LT", "50", "59", "XS", "KX", "GA", "GZ", "25", "76", "SG", "TC", "26", "XU", "QW",
    ),
    "units": (None, 0, 1, 1, 1, 1, 2, 4, Decimal("1.5"), Decimal("2.0")),
    "place_of_service": (None, "11", "11", "22", "24", "19", "21"),
    "charge": (None, Decimal("10"), Decimal("10.0")),
    "rendering_provider": (
        None,
        Provider(),
        Provider("1234567893", "49", "261QA1903X"),
        Provider("1234567893", "09", "207L00000X", OURS),
        Provider("1003000126", "72"),
        Provider("1003000126", "65", "225100000X", THEIRS),
    ),
    "billing_provider": (
        None,
        Provider(group=OURS),
        Provider("1003000126", group=THEIRS),
        Provider("1234567893", "49", "261QA1903X"),
    ),
}  # fmt: skip
"""What the fields of claims and lines may hold; `back` is how far before another day one lies."""


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
    """Draws patients who have few values in common, so that what was said of one line is used for
    many, and whatever a key leaves out tells two of them apart."""

    def __init__(
        self,
        chance: Random,
        topics: Sequence[Topic],
        payers: Sequence[Payer],
        pools: Mapping[str, tuple[Any, ...]] | None = None,
    ) -> None:
        self._of = chance
        pick = chance.choice
        topic, other = pick(topics), pick(topics)
        self._codes = [pick(topic.codes) for _ in range(3)] + [pick([*other.codes, "99213"])]
        known = [*topic.diagnoses, *other.diagnoses]
        self._diagnoses = [pick(known) for _ in range(2) if known] + ["Z99.89"]
        edges = [*topic.days, date(2024, 2, 29), date(2025, 3, 31), date(2026, 1, 1)]
        self._days = [pick(edges) + timedelta(pick((-1, 0, 1))) for _ in range(2)]
        self._few: dict[str, list[Any]] = {}
        self._pools = {**POOLS, **(pools or {}), "payer": tuple(payers)}
        for name, values in self._pools.items():
            self._few[name] = [pick(values) for _ in range(pick((1, 1, 2, 3)))]
        self._number = 0

    def patient(self) -> list[Claim]:
        """The claims of one patient in the order of their ids."""
        self._number += 1
        of, name = self._of, f"P{self._number}"
        who = Patient(name, self._one("birth_date"), self._one("sex"))
        day = of.choice(self._days)
        return [self._claim(f"{name}-{n}", who, day) for n in range(of.randint(1, 4))]

    def _one(self, name: str) -> Any:
        return self._of.choice(self._few[name])

    def _claim(self, name: str, who: Patient, day: date) -> Claim:
        of = self._of
        if of.random() < 0.1:
            who = Patient(who.id, self._one("birth_date"), self._one("sex"))
        own = of.choice(self._diagnoses), of.choice(self._diagnoses)
        day = before(day, self._one("back")) + timedelta(of.choice((0, 0, 0, -1, 1)))
        numbers = of.sample(range(1, 7), of.choice((1, 1, 2, 2, 3, 4)))
        form, bill = self._one("form")
        return Claim(
            name,
            self._one("payer"),
            who,
            tuple(self._line(n, day, own) for n in sorted(numbers)),
            form=form,
            type_of_bill=bill,
            frequency=self._one("frequency"),
            billing_provider=self._one("billing_provider"),
            facility_type=self._one("facility_type"),
            diagnoses=own,
            prior_authorization=self._one("prior_authorization"),
        )

    def _line(self, number: int, day: date, diagnoses: tuple[str, ...]) -> Line:
        of = self._of
        if of.random() < 0.15:
            day = before(day, self._one("back"))
        return Line(
            number,
            of.choice(self._codes),
            day,
            tuple(self._one("modifiers") for _ in range(of.choice((0, 0, 1, 2)))),
            self._one("units"),
            self._one("place_of_service"),
            of.choice((diagnoses, diagnoses[:1], ())),
            self._one("charge"),
            self._one("rendering_provider"),
            prior_authorization=self._one("prior_authorization"),
        )

    def family(self, most: int) -> Iterator[list[Claim]]:
        """A patient, and others who differ from that one in one thing each: if a key leaves it
        out, what was said of the first is said of them."""
        first = self.patient()
        yield first
        for _ in range(most):
            self._number += 1
            yield [
                replace(c, claim_id=f"P{self._number}-{n}", patient=self._renamed(c.patient))
                for n, c in enumerate(self._varied(first))
            ]

    def _renamed(self, who: Patient) -> Patient:
        return replace(who, id=f"P{self._number}")

    def _varied(self, claims: list[Claim]) -> list[Claim]:
        of, chosen = self._of, self._of.randrange(len(claims))
        claim, found = claims[chosen], list(claims)
        kind = of.choice(("claim", "line", "line", "line", "day", "day"))
        if kind == "claim":
            name = of.choice(("billing_provider", "facility_type", "prior_authorization", "payer"))
            claim = replace(claim, **{name: of.choice(self._pools[name])})
        else:
            at, lines = of.randrange(len(claim.lines)), list(claim.lines)
            lines[at] = self._moved(lines[at]) if kind == "day" else self._changed(lines[at])
            claim = replace(claim, lines=tuple(lines))
        found[chosen] = claim
        return found

    def _moved(self, line: Line) -> Line:
        far = self._of.choice((-365, -183, -31, -1, 1, 31, 183, 365, None))
        if far is None:
            return replace(line, service_date=self._of.choice(self._days))
        return replace(line, service_date=line.service_date + timedelta(far))

    def _changed(self, line: Line) -> Line:
        of = self._of
        name = of.choice(
            ("procedure", "procedure", "units", "place_of_service", "rendering_provider",
             "modifiers", "diagnoses", "charge")
        )  # fmt: skip
        if name == "procedure":
            return replace(line, procedure=of.choice(self._codes))
        if name == "modifiers":
            return replace(line, modifiers=(*line.modifiers, self._one("modifiers"))[-1:])
        if name == "diagnoses":
            return replace(line, diagnoses=(of.choice(self._diagnoses),))
        return replace(line, **{name: of.choice(self._pools[name])})


def before(day: date, length: Length) -> date:
    """The last day from which a length reaches no further than a day."""
    found = day - timedelta(length.most_days() + 1)
    while length.after(found + timedelta(1)) <= day:
        found += timedelta(1)
    return found
