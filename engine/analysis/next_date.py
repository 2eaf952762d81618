"""Finds the first day on which a service breaks no limit and takes nobody's reserved place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.analysis.displaced import Displaced, displaced
from engine.analysis.frequency import counting_rules
from engine.chain.bound import BoundBook
from engine.chain.facts import Surroundings
from engine.chain.needs import HISTORY
from engine.chain.ruling import Ruling, prove_rule
from engine.ledger.complete import taken_as_empty, who_could_say
from engine.ledger.entries import Record
from engine.model.claim import Claim, History

DAY = timedelta(days=1)
FARTHEST = 3660
_SINCE = re.compile(r"\bfrom ([0-9]{4}-[0-9]{2}-[0-9]{2})\b")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a service has no place on a day: a rule, what it says, and when it would have room."""

    day: date
    rule: str
    why: str
    opens: date | None


@dataclass(frozen=True, slots=True)
class NextDate:
    """The answer. `day` is None where no day within ten years has room.

    `obstacles` stood in the way before; `open` says what is not known about the day found, and
    `assumed` what was taken as empty. `rules` are those that limit the procedure on that day.
    """

    day: date | None
    obstacles: tuple[Obstacle, ...]
    open: tuple[str, ...]
    assumed: str | None = None
    rules: tuple[str, ...] = ()


def next_date(bound: BoundBook, claim: Claim, record: Record, today: date) -> NextDate:
    """The first day from the claim's service date on; the claim has one line."""
    history = record.history(today)
    obstacles: list[Obstacle] = []
    first = day = claim.lines[0].service_date
    while (day - first).days <= FARTHEST:
        moved = replace(claim, lines=(replace(claim.lines[0], service_date=day),))
        broken, open_ = _judged(bound, moved, history, record)
        broken = broken or [_of(d, day) for d in displaced(bound, moved, history)]
        if not broken:
            assumed = taken_as_empty(record.complete, day)
            limits = counting_rules(bound, moved.lines[0].procedure, day)
            rules = tuple(rule.rule.id for rule in limits)
            return NextDate(day, tuple(obstacles), tuple(open_), assumed, rules)
        known = {(o.rule, o.why) for o in obstacles}
        obstacles += [o for o in broken if (o.rule, o.why) not in known]
        opens = max((o.opens for o in broken if o.opens is not None), default=None)
        day = opens if opens is not None and opens > day else day + DAY
    return NextDate(None, tuple(obstacles), ())


def _judged(
    bound: BoundBook, claim: Claim, history: History, record: Record
) -> tuple[list[Obstacle], list[str]]:
    x = Surroundings(bound, claim, history).lines[0]
    broken, open_ = [], []
    for rule in counting_rules(bound, x.procedure, x.date):
        ruling = prove_rule(bound, rule.rule, x)
        if ruling.word == "violated":
            broken.append(_obstacle(ruling, x.date))
        elif ruling.word == "undecided":
            open_.append(_open(ruling, record, x.date))
    return broken, open_


def _obstacle(ruling: Ruling, day: date) -> Obstacle:
    reports = ruling.reports()
    opens = [v for k, v in reports.items() if k.endswith(".next_eligible") and isinstance(v, date)]
    terms = ", ".join(f"{k} {v}" for k, v in reports.items() if v is not None and "." in k)
    return Obstacle(day, ruling.rule.id, terms, max(opens, default=None))


def _open(ruling: Ruling, record: Record, day: date) -> str:
    asked = [need.question for need in ruling.needs if need.question]
    said = f"{ruling.rule.id}: {' '.join(asked)}" if asked else ruling.rule.id
    begins = [n.question for n in ruling.needs if n.fact == HISTORY]
    if begins:
        since = _SINCE.search(begins[0])
        begin = date.fromisoformat(since[1]) if since else None
        said += f" In the ledger: {who_could_say(record.complete, begin, day)}."
    return said


def _of(lost: Displaced, day: date) -> Obstacle:
    why = f"takes the place of {lost.procedure} on {lost.service_date}"
    return Obstacle(day, lost.rule, why, None)
