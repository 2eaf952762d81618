"""A synthetic corpus: clean claims of several payers and settings, with planted defects.

The corpus grows with the policies: its clean claims are the clean cases of their topics, told of
other persons on other days, and a defect is an edit that breaks a rule which the claim met.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from engine.analysis.sample.defects import Site, spoil
from engine.analysis.sample.judge import Judge, Judged
from engine.analysis.sample.persons import Disguise
from engine.analysis.sample.seeds import Seed, seeds_of
from engine.chain.ruling import prove_rule
from engine.compiler.library import Library
from engine.model.term import Fixed, Sessions, Spacing

__all__ = ["Made", "Planted", "generate"]

TRIES = 8
WEEKS = 40
SESSIONS = 0.4


@dataclass(frozen=True)
class Planted:
    """What was spoilt, and how the rule must come out on the line."""

    rule: str
    line: int
    expect: str
    defect: str


@dataclass(frozen=True)
class Made:
    """One synthetic claim in the shapes of the contracts; `planted` None: meant to be clean."""

    claim: dict[str, Any]
    history: dict[str, Any]
    topic: str
    planted: Planted | None


def generate(
    library: Library, claims: int, seed: int, defects: float = 0.4, topic: str = ""
) -> Iterator[Made]:
    """So many claims, the same for the same seed and policies.

    `defects` is the share of claims that are spoilt; `topic` keeps to topics whose name holds it.
    """
    seeds = {name: found for name, found in seeds_of(library).items() if topic in name}
    judge = Judge(library)
    for number in range(1, claims + 1 if seeds else 1):
        random = Random(f"{seed}:{number}")
        chosen = seeds[random.choice(sorted(seeds))]
        clean = _clean(judge, random, random.choice(chosen), seed, number)
        spoilt = _spoilt(judge, random, clean) if random.random() < defects else None
        yield spoilt or clean


def _clean(judge: Judge, random: Random, seed: Seed, run: int, number: int) -> Made:
    """The seed told of other persons; on other days where it stays clean there."""
    claim_id, patient = f"S{run}-{number:06d}", f"P{run}-{number:06d}"
    state = random.getstate()
    for weeks in (random.randrange(1, WEEKS), 0):
        random.setstate(state)
        disguise = Disguise(random, claim_id, patient, weeks * 7)
        claim = _charged(random, disguise.claim(copy.deepcopy(seed.claim)))
        history = disguise.history(copy.deepcopy(seed.history))
        judged = judge.judge(claim, history) if weeks else None
        if judged is not None and judged.shown()["verdict"] == "clean":
            break
    return Made(claim, history, seed.topic, None)


def _charged(random: Random, claim: dict[str, Any]) -> dict[str, Any]:
    """Charges that hang on the code, some dollars up or down."""
    for line in claim["lines"]:
        price = Random(str(line["procedure"])).randrange(40, 1800)
        if str(line["procedure"]).startswith("J"):
            price = price % 40 + 2
        amount = Decimal(price * max(int(line.get("units") or 1), 1)) + random.randrange(0, 30)
        line["charge"] = f"{amount}.00"
    return claim


def _spoilt(judge: Judge, random: Random, clean: Made) -> Made | None:
    """The claim with one defect of which it is sure that its rule sees it; None without one."""
    judged = judge.judge(clean.claim, clean.history)
    if judged is None:
        return None
    hide = random.random() < 0.2
    met = _met(judged)
    counting = _counting(judged)
    random.shuffle(met)
    if random.random() < SESSIONS:  # limits over time are few among many rules
        met.sort(key=lambda item: item[0] not in counting)
    for rule, index in met[:TRIES]:
        made = _plant(judge, random, clean, judged, rule, index, hide=hide)
        if made is not None:
            return made
    return None


def _met(judged: Judged) -> list[tuple[str, int]]:
    """Rules that the claim meets by their requirement, each on one of its lines."""
    found: dict[str, int] = {}
    for x, bound, word, _ in judged.decided.outcomes:
        if word == "met" and not isinstance(bound.rule.requires, Fixed):
            found.setdefault(bound.rule.id, x.index)
    return sorted(found.items())


def _counting(judged: Judged) -> set[str]:
    """Rules about sessions in a window, or about the time between two."""
    outcomes = judged.decided.outcomes
    kinds = Sessions | Spacing
    return {b.rule.id for _, b, _, _ in outcomes if isinstance(b.rule.requires, kinds)}


def _plant(
    judge: Judge, random: Random, clean: Made, judged: Judged, rule: str, index: int, *, hide: bool
) -> Made | None:
    claim, history = copy.deepcopy(clean.claim), copy.deepcopy(clean.history)
    bound, x = next(
        (b, x)
        for x, b, word, _ in judged.decided.outcomes
        if (b.rule.id, x.index, word) == (rule, index, "met")
    )
    book = judged.decided.around.bound
    ruling = prove_rule(book, bound.rule, x)
    site = Site(claim, claim["lines"][index], history, x, ruling, book.book, random)
    defect = spoil(site, bound.rule.requires, hide=hide)
    again = judge.judge(claim, history) if defect else None
    expect = "undecided" if hide else "violated"
    if defect is None or again is None or _word(again, rule, index) != expect:
        return None
    number = claim["lines"][index]["number"]
    return Made(claim, history, clean.topic, Planted(rule, number, expect, defect))


def _word(judged: Judged, rule: str, index: int) -> str | None:
    words = [w for _, b, w, n in judged.decided.outcomes if b.rule.id == rule and index in n]
    return min(words, key=("violated", "undecided", "met").index, default=None)
