"""Measures the chain against other engines: claims a second of processor time, interleaved.

Run ``python -m bench.chain [--rounds N] [--claims N]``; it needs durable-rules, zen-engine and
clipspy. Before anything is timed, every engine must find the same violations in every claim.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench import in_clips, in_zen, naive
from bench.books import DAY, codes_of, diagnoses_of, generated, part_of
from bench.claims import OTHER_DIAGNOSES, Case, cases, plain_claims
from bench.flat import Flat, flat_rules
from engine.chain.bound import BoundBook
from engine.chain.decided import Decided
from engine.chain.durable import decide_durable
from engine.chain.stratified import decide
from engine.compiler.shelf import Shelf
from engine.documents.source import from_folder
from engine.model.book import RuleBook
from engine.model.claim import Claim, History

TURN = 0.15
"""An engine's turn lasts at least so many seconds."""
SIZES = (120, 480, 2000)
POLICIES = Path(__file__).parent.parent / "policies"
NOTHING = History()
Findings = set[tuple[str, int]]
BASE = "stratified"


@dataclass
class Lane:
    """One engine on one book: `run` gives the findings of an input, `inputs` are its claims."""

    book: str
    engine: str
    run: Callable[[Any], Findings]
    inputs: Sequence[Any]
    passes: int = 1
    speeds: list[float] = field(default_factory=list)

    def turn(self) -> float:
        """Seconds of processor time for all passes over the claims."""
        begin = time.process_time()
        for _ in range(self.passes):
            for item in self.inputs:
                self.run(item)
        return time.process_time() - begin

    def warm_up(self) -> None:
        """Set the number of passes so that a turn is long enough to be timed."""
        self.turn()
        self.passes = max(1, round(TURN / self.turn()))

    def measure(self) -> None:
        """Note the claims a second of one turn."""
        self.speeds.append(self.passes * len(self.inputs) / self.turn())

    @property
    def speed(self) -> float:
        """The median of all turns."""
        return median(self.speeds)


def main() -> None:
    """Measure, print tables, fail where two engines differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--claims", type=int, default=300)
    given = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {date.today()}")  # noqa: DTZ011
    lanes = [*_shipped(given.claims)]
    for size in SIZES:
        lanes += _generated(size, given.claims)
    for lane in lanes:
        lane.warm_up()
    for _ in range(given.rounds):
        for lane in lanes:
            lane.measure()
    _report(lanes)
    sys.stdout.flush()
    os._exit(0)  # clipspy would print how much memory it never gave back


def _shipped(claims: int) -> list[Lane]:
    book = Shelf(from_folder(POLICIES)).book("medicare", "palmetto", None)
    whole, flat = BoundBook(book), flat_rules(BoundBook(book), DAY)
    given = list(cases(book, claims, seed=1))
    name = f"shipped, all {len(book.rules)} rules, with history and record"
    both = [
        Lane(name, BASE, partial(_decided, decide, whole), given),
        Lane(name, "durable_rules", partial(_decided, decide_durable, whole), given),
    ]
    _check(both)
    part = part_of(book, tuple(book.rules[n] for n in flat))
    left_out = len(book.rules) - len(flat)
    name = f"shipped, the {len(flat)} rules that all can express ({left_out} left out)"
    codes = sorted({c for r in flat.values() for c in (*r.codes, *_beside(r))})
    plain = plain_claims([(codes, OTHER_DIAGNOSES)], DAY, claims, seed=2)
    return both + _lanes(name, part, list(flat.values()), plain)


def _beside(rule: Flat) -> list[str]:
    return [code for c in rule.conditions if c.of == "beside" for code in c.values]


def _generated(size: int, claims: int) -> list[Lane]:
    book = generated(size)
    families = []
    for family in range(size // 12):
        procedures = [code for kind in codes_of(family) for code in kind]
        families.append((procedures, [*diagnoses_of(family)[0], *diagnoses_of(family)[1]]))
    flat = flat_rules(BoundBook(book), DAY)
    if len(flat) != size:
        raise ValueError(f"only {len(flat)} of {size} generated rules are flat")
    plain = plain_claims(families, DAY, claims, seed=size)
    return _lanes(f"generated, {size} rules", book, list(flat.values()), plain)


def _lanes(name: str, book: RuleBook, flat: list[Flat], claims: list[Claim]) -> list[Lane]:
    bound = BoundBook(book)
    plain = [Case(claim, NOTHING) for claim in claims]
    for_zen = [in_zen.claim_of(claim) for claim in claims]
    for_clips = [in_clips.claim_of(claim) for claim in claims]
    lanes = [
        Lane(name, BASE, partial(_decided, decide, bound), plain),
        Lane(name, "durable_rules", partial(_decided, decide_durable, bound), plain),
        Lane(name, "zen-engine, content compiled", in_zen.compiled(flat), for_zen),
        Lane(name, "zen-engine, as its manual begins", in_zen.documented(flat), for_zen),
        Lane(name, "clipspy", in_clips.evaluator(flat), for_clips),
        Lane(name, "naive interpreter", partial(naive.evaluate, book), claims),
    ]
    _check(lanes)
    return lanes


def _decided(chain: Callable[..., Decided], bound: BoundBook, case: Case) -> Findings:
    outcomes = chain(bound, case.claim, case.history).outcomes
    return {(b.rule.id, x.line.number) for x, b, word, _ in outcomes if word == "violated"}


def _check(lanes: list[Lane]) -> None:
    """Every engine finds what the first one finds, claim by claim."""
    count = 0
    for n in range(len(lanes[0].inputs)):
        wanted = lanes[0].run(lanes[0].inputs[n])
        count += len(wanted)
        for lane in lanes[1:]:
            found = lane.run(lane.inputs[n])
            if found != wanted:
                differ = sorted(found ^ wanted)
                raise SystemExit(f"{lane.book}: {lane.engine} differs on claim {n}: {differ}")
    print(f"{lanes[0].book}: {len(lanes)} engines agree on {count} findings")


def _report(lanes: list[Lane]) -> None:
    print("\nClaims a second of processor time, median of the rounds (lowest to highest); times is")
    print("how much faster the stratified chain is. Each engine has its claims in its own form.")
    for name in dict.fromkeys(lane.book for lane in lanes):
        here = [lane for lane in lanes if lane.book == name]
        base = next(lane.speed for lane in here if lane.engine == BASE)
        print(f"\n{name}\n\n| engine | claims a second | spread | times |\n|---|---:|---:|---:|")
        for lane in here:
            spread = f"{min(lane.speeds):,.0f} to {max(lane.speeds):,.0f}"
            times = f"{base / lane.speed:.1f}"
            print(f"| {lane.engine} | {lane.speed:,.0f} | {spread} | {times} |")
    small, large = (
        next(lane for lane in lanes if lane.engine == BASE and lane.book == _name(size))
        for size in (SIZES[0], SIZES[-1])
    )
    growth = median(s / b for s, b in zip(small.speeds, large.speeds, strict=True))
    best = max(small.speeds) / max(large.speeds)
    print(f"\nstratified, cost a claim at {SIZES[-1]} rules over {SIZES[0]} rules:")
    calls = _calls(large) / _calls(small)
    print(f"{growth:.2f} (median of the rounds), {best:.2f} (best round of each);")
    print(f"{calls:.2f} counted in calls of functions, which memory and neighbours leave alone")


def _calls(lane: Lane) -> int:
    """How many calls of functions one pass over the claims takes."""
    count = 0

    def note(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    for item in lane.inputs:
        lane.run(item)
    sys.setprofile(None)
    return count


def _name(size: int) -> str:
    return f"generated, {size} rules"


if __name__ == "__main__":
    main()
