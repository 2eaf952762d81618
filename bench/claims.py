"""Random claims with their patients' histories and records, from a fixed seed, for a rule book.

Nothing in them is a patient's: numbers count up, codes are those that the book's rules name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from engine.model.book import RuleBook
from engine.model.claim import (
    Claim,
    Coverage,
    FactValue,
    History,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
)
from engine.model.vocabulary import Fact

MODIFIERS: Final = ("RT", "LT", "50", "59", "XS", "KX", "JZ", "JW", "GA", "GZ", "76", "25")
PLACES: Final = ("11", "22", "19", "24", "21", None)
OTHER_CODES: Final = ("99213", "99214", "97110", "36415", "20610")
OTHER_DIAGNOSES: Final = ("M47.816", "M54.16", "M79.18", "G89.29", "M46.1", "M79.7", "Z00.00")
PROVIDERS: Final = ("1245319599", "1003000126", "1962466193", None)
GROUPS: Final = ("carolina-pain", "tidewater-spine", None)
FIRST: Final = date(2023, 6, 1)
DAYS: Final = 1200


@dataclass(frozen=True)
class Case:
    """A claim and what is known of its patient."""

    claim: Claim
    history: History


def cases(book: RuleBook, count: int, seed: int, *, record: float = 0.4) -> Iterator[Case]:
    """`count` cases; a documented fact is stated with probability `record`."""
    chance = Random(seed)
    codes = (*sorted(book.index), *OTHER_CODES)
    diagnoses = (*sorted(_diagnoses(book)), *OTHER_DIAGNOSES)
    for number in range(count):
        yield _Maker(chance, book, codes, diagnoses, record).case(number)


def _diagnoses(book: RuleBook) -> set[str]:
    return {code for s in book.sets.values() if s.of == "diagnosis" for code in s.members}


@dataclass(frozen=True)
class _Maker:
    chance: Random
    book: RuleBook
    codes: tuple[str, ...]
    diagnoses: tuple[str, ...]
    record: float

    def case(self, number: int) -> Case:
        chance = self.chance
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        near = chance.sample(self.codes, 4)
        patient = Patient(f"P-{number}", chance.choice((None, date(1950, 2, 28), date(1999, 6, 1))))
        diagnoses = tuple(chance.sample(self.diagnoses, chance.randint(0, 3)))
        lines = tuple(
            self._line(n + 1, near, self._around(day), diagnoses)
            for n in range(chance.randint(1, 5))
        )
        claim = Claim(
            claim_id=f"C-{number}",
            payer=Payer(self.book.payer, self.book.contractor, state=chance.choice(("NC", None))),
            patient=patient,
            lines=lines,
            form=chance.choice(("professional", "institutional", None)),
            stage="planned" if chance.random() < 0.1 else "billed",
            replaces=chance.choice((None, None, f"H-{number}-1")),
            type_of_bill=chance.choice((None, "131", "831")),
            billing_provider=Provider("1234567893", group=chance.choice(GROUPS)),
            diagnoses=diagnoses,
            prior_authorization=chance.choice((None, "A-1")),
            documentation=self._facts(("claim", "patient")),
        )
        return Case(claim, self._history(claim, near, day))

    def _around(self, day: date) -> date:
        return (
            day if self.chance.random() < 0.8 else day + timedelta(days=self.chance.randint(1, 9))
        )

    def _line(self, number: int, codes: list[str], day: date, diagnoses: tuple[str, ...]) -> Line:
        chance = self.chance
        return Line(
            number=number,
            procedure=chance.choice(codes),
            service_date=day,
            modifiers=tuple(chance.sample(MODIFIERS, chance.choice((0, 0, 1, 1, 2)))),
            units=chance.choice((1, 1, 1, 2, 3, 6, None)),
            place_of_service=chance.choice(PLACES),
            diagnoses=tuple(d for d in diagnoses if chance.random() < 0.7) or diagnoses,
            rendering_provider=self._provider(),
            prior_authorization=chance.choice((None, None, "A-2")),
            documentation=self._facts(("line",)),
        )

    def _provider(self) -> Provider | None:
        npi = self.chance.choice(PROVIDERS)
        return Provider(npi, self.chance.choice(("72", "09", None))) if npi else None

    def _facts(self, about: tuple[str, ...]) -> Mapping[str, FactValue]:
        chance = self.chance
        return {
            fact.name: _answer(chance, fact)
            for fact in self.book.facts.values()
            if fact.about in about and chance.random() < self.record
        }

    def _history(self, claim: Claim, codes: list[str], day: date) -> History:
        chance = self.chance
        services = tuple(
            self._service(claim, n, codes, day) for n in range(chance.choice((0, 0, 1, 2, 5, 9)))
        )
        reach = (None, day - timedelta(days=30), day - timedelta(days=900))
        coverage = Coverage(
            patient_id=claim.patient.id,
            complete_from=chance.choice(reach),
            complete_to=day - timedelta(days=chance.choice((1, 1, 0, 40))),
            providers=chance.choice((None, None, ("carolina-pain",))),
        )
        return History(services, (coverage,) if chance.random() < 0.7 else ())

    def _service(self, claim: Claim, number: int, codes: list[str], day: date) -> Service:
        chance = self.chance
        back = chance.choice((0, 0, 7, 30, 180, 364, 365, 366, 500, 730, 900))
        return Service(
            patient_id=claim.patient.id,
            line=self._line(number + 1, codes, day - timedelta(days=back), claim.diagnoses),
            claim_id=f"H-{claim.claim_id[2:]}-{number}",
            payer=chance.choice((claim.payer.id, claim.payer.id, "other", None)),
            group=chance.choice(GROUPS),
            status=chance.choice(("paid", "paid", "submitted", "denied", "planned", "void", None)),
        )


def _answer(chance: Random, fact: Fact) -> FactValue:
    if chance.random() < 0.02:
        return None
    return (_one(chance, fact), _one(chance, fact)) if fact.list else _one(chance, fact)


def _one(chance: Random, fact: Fact) -> FactValue:
    if fact.type == "yes_no":
        return chance.random() < 0.6
    if fact.type in ("integer", "percent"):
        return chance.choice((0, 1, 2, 3, 20, 50, 80, 100))
    if fact.type == "duration":
        return f"{chance.choice((1, 3, 6, 12, 90))} {chance.choice(('days', 'weeks', 'months'))}"
    if fact.type == "date":
        return FIRST + timedelta(days=chance.randrange(DAYS))
    return chance.choice(fact.values) if fact.values else chance.choice(("right", "left", "other"))


def plain_claims(
    families: Sequence[tuple[Sequence[str], Sequence[str]]], day: date, count: int, seed: int
) -> list[Claim]:
    """Claims of 3 to 6 lines that state all that flat rules ask for; most lines of a claim bill
    codes of one family, and some of another. A family is its procedures and its diagnoses."""
    chance = Random(seed)
    return [_plain_claim(chance, families, day, number) for number in range(count)]


def _plain_claim(
    chance: Random,
    families: Sequence[tuple[Sequence[str], Sequence[str]]],
    day: date,
    number: int,
) -> Claim:
    own, other = chance.choice(families), chance.choice(families)
    diagnoses = (*chance.sample(own[1], 2), "Z00.00")
    lines = tuple(
        Line(
            number=n + 1,
            procedure=chance.choice((own if chance.random() < 0.8 else other)[0]),
            service_date=day if chance.random() < 0.8 else day + timedelta(days=1),
            modifiers=tuple(chance.sample(MODIFIERS, chance.choice((0, 0, 1, 1, 2)))),
            units=chance.choice((1, 1, 1, 2, 3, 6)),
            place_of_service=chance.choice(("11", "11", "22", "24", "21")),
            diagnoses=tuple(chance.sample(diagnoses, chance.randint(1, 2))),
        )
        for n in range(chance.randint(3, 6))
    )
    return Claim(f"C-{number}", Payer(), Patient(f"P-{number}"), lines, diagnoses=diagnoses)
