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

from engine.analysis.sample.defects import Site, reach_limit, spoil
from engine.analysis.sample.focus import NOWHERE, Focus, focus_of
from engine.analysis.sample.judge import Judge, Judged
from engine.analysis.sample.persons import Disguise
from engine.analysis.sample.record import complete
from engine.analysis.sample.seeds import Seed, seeds_of
from engine.chain.ruling import prove_rule
from engine.compiler.library import Library
from engine.model.term import Fixed, Sessions, Spacing

__all__ = ["NOWHERE", "Focus", "Made", "Planted", "focus_of", "generate"]

TRIES = 8
WEEKS = 40
SESSIONS = 0.4
"""The share of defects that are about sessions over time, where a claim has such a rule."""
REPEATS = 0.4
"""The share of clean claims that come as the last session that a limit allows."""


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
    library: Library,
    claims: int,
    seed: int,
    defects: float = 0.4,
    topic: str = "",
    focus: Focus = NOWHERE,
) -> Iterator[Made]:
    """So many claims, the same for the same seed, policies and focus.

    `defects` is the share of claims that are spoilt; `topic` keeps to topics whose name holds it.
    """
    seeds = {name: found for name, found in seeds_of(library).items() if topic in name}
    judge = Judge(library)
    for number in range(1, claims + 1 if seeds else 1):
        random = Random(f"{seed}:{number}")
        near = focus.chosen(random, seeds)
        chosen = random.choice(near or seeds[random.choice(sorted(seeds))])
        weeks = (focus.weeks(random, chosen) if near else None) or random.randrange(1, WEEKS)
        clean = _clean(judge, random, chosen, f"{seed}-{number:06d}", weeks)
        first = focus.rules if near else frozenset()
        made = _spoilt(judge, random, clean, first) if random.random() < defects else None
        if made is None and random.random() < REPEATS:
            made = _repeated(judge, random, clean)
        yield made or clean


def _clean(judge: Judge, random: Random, seed: Seed, name: str, weeks: int) -> Made:
    """The seed told of other persons; so many weeks later where it stays clean there."""
    state = random.getstate()
    for moved in (weeks, 0):
        random.setstate(state)
        disguise = Disguise(random, f"S{name}", f"P{name}", moved * 7)
        claim = _charged(random, disguise.claim(copy.deepcopy(seed.claim)))
        history = disguise.history(copy.deepcopy(seed.history))
        judged = judge.judge(claim, history) if moved else None
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


def _spoilt(judge: Judge, random: Random, clean: Made, first: frozenset[str]) -> Made | None:
    """The claim with one defect of which it is sure that its rule sees it; None without one.

    Rules that stand in `first` are tried before others.
    """
    judged = judge.judge(clean.claim, clean.history)
    if judged is None:
        return None
    hide = random.random() < 0.2
    met = _met(judged)
    counting = _counting(judged)
    random.shuffle(met)
    if random.random() < SESSIONS:  # limits over time are few among many rules
        met.sort(key=lambda item: item[0] not in counting)
    met.sort(key=lambda item: item[0] not in first)
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
    site = _site(random, clean, judged, rule, index)
    requires = site.ruling.rule.requires
    defect = spoil(site, requires, hide=hide)
    if defect is None:
        return None
    over_time = isinstance(requires, Sessions | Spacing)
    finish = complete if over_time else Judge.judge  # a repeat is asked what came of the last one
    again = finish(judge, site.claim, site.history)
    expect = "undecided" if hide else "violated"
    if again is None or _word(again, rule, index) != expect:
        return None
    planted = Planted(rule, site.line["number"], expect, defect)
    return Made(site.claim, site.history, clean.topic, planted)


def _repeated(judge: Judge, random: Random, clean: Made) -> Made | None:
    """The claim as the last session that a limit allows, its record completed; None where that
    is not clean."""
    judged = judge.judge(clean.claim, clean.history)
    found = [] if judged is None else [p for p in _met(judged) if p[0] in _counting(judged)]
    if judged is None or not found:
        return None
    site = _site(random, clean, judged, *random.choice(found))
    requires = site.ruling.rule.requires
    if not isinstance(requires, Sessions) or not reach_limit(site, requires):
        return None
    again = complete(judge, site.claim, site.history)
    if again is None or again.shown()["verdict"] != "clean":
        return None
    return Made(site.claim, site.history, clean.topic, None)


def _site(random: Random, clean: Made, judged: Judged, rule: str, index: int) -> Site:
    """A copy of a clean claim, and the line on which it meets a rule."""
    claim, history = copy.deepcopy(clean.claim), copy.deepcopy(clean.history)
    bound, x = next(
        (b, x)
        for x, b, word, _ in judged.decided.outcomes
        if (b.rule.id, x.index, word) == (rule, index, "met")
    )
    book = judged.decided.around.bound
    ruling = prove_rule(book, bound.rule, x)
    return Site(claim, claim["lines"][index], history, x, ruling, book.book, random)


def _word(judged: Judged, rule: str, index: int) -> str | None:
    words = [w for _, b, w, n in judged.decided.outcomes if b.rule.id == rule and index in n]
    return min(words, key=("violated", "undecided", "met").index, default=None)
