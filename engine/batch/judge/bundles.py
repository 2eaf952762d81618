"""What the rules of a facet say of a line, worded so that it holds for every line of its key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from engine.batch.judge.rows import finding_row, need_rows
from engine.chain.bound_rule import BoundRule
from engine.chain.decided import Decided
from engine.chain.facets import Beside, Facet
from engine.chain.facts import LineFacts
from engine.chain.needs import HISTORY, time_of
from engine.model.book import WEIGHTY, Rule
from engine.model.claim import History
from engine.model.outcome import Need
from engine.report.findings import Violation, finding_of
from engine.report.questions import Question
from engine.report.remedy import supported

Begins: TypeAlias = tuple[date | None, ...]
"""The first days of the windows of a facet."""
OF_NEED = ("policy", "rule", "fact", "question", "depends_on", "weighs")
OF_FINDING = (
    "policy", "rule", "topic", "finding", "group_code", "carc", "rarc", "message", "source",
    "locator", "evidence", "interpretations", "exception", "remedy", "remedy_class", "verified",
)  # fmt: skip
"""What stands in a row whatever the claim."""


class Asked(NamedTuple):
    """A fact that is wanted, and of which line: that with a `number` in the claim (None: of the
    claim), or another one, by its position `beside` among those that were looked at."""

    fact: str
    number: int | None
    beside: int | None = None


@dataclass(slots=True)
class Ask:
    """What an undecided rule asks on a line, with the rows of its needs. `times` says for each
    row which beginning of a window it names together with the line's day (None: none)."""

    rule: Rule
    rank: int
    asked: tuple[Asked, ...]
    rows: list[dict[str, Any]]
    times: list[int | None]
    dated: bool

    def rows_on(self, day: date, begins: Sequence[date | None]) -> list[dict[str, Any]]:
        """The rows as they are worded for a day."""
        if not self.dated:
            return self.rows
        return [
            row
            if n is None
            else {**row, "question": row["question"].replace(_TIME, time_of(begins[n], day))}
            for row, n in zip(self.rows, self.times, strict=True)
        ]


@dataclass(slots=True)
class Wrong:
    """A violated rule; `row` is its finding, None if it must be worded for each line."""

    bound: BoundRule
    rank: int
    row: dict[str, Any] | None
    number: int | None = None


@dataclass(slots=True)
class Bundle:
    """What some rules say of a line: how many are met, what is open and what is wrong. `barred`
    and `unsure` say for each rule that makes it (maybe) not payable whether the claim is meant.

    `whole`: an amendment must be tried, which takes the claim as a whole.
    """

    met: int = 0
    asks: list[Ask] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)
    barred: list[bool] = field(default_factory=list)
    unsure: list[bool] = field(default_factory=list)
    whole: bool = False


_TIME = "\0"
"""Stands in a kept question for the time that it names."""


class Bundler:
    """Makes bundles of one book; `ranks` order its rules as a result does."""

    def __init__(self, ranks: Mapping[str, int]) -> None:
        self._ranks = ranks

    def bundle(
        self, facet: Facet, x: LineFacts, beside: Sequence[Beside], begins: Begins | None
    ) -> Bundle:
        """Judge the rules of a facet on a line. Without `begins` it serves for this line alone."""
        found = Bundle()
        rules: list[BoundRule] = facet.content
        for bound in rules:
            word = bound.come_out(x)
            if word == "met":
                found.met += 1
            elif word == "undecided":
                found.asks.append(self._ask(bound, x, beside, begins))
                if bound.bars:
                    found.unsure.append(bound.on_claim)
            elif word == "violated":
                self._wrong(found, bound, x)
                if bound.bars:
                    found.barred.append(bound.on_claim)
        return found

    def _ask(
        self, bound: BoundRule, x: LineFacts, beside: Sequence[Beside], begins: Begins | None
    ) -> Ask:
        rule, needs = bound.rule, x.around.bound.alike.needs(bound.position, x)
        weighs = rule.consequence.finding in WEIGHTY
        question = Question(rule.id, [x.line.number], weighs, needs)
        rows = [{n: row[n] for n in OF_NEED} for row in need_rows(x.around.claim, question)]
        times = [_undated(row, x.date, begins) for row in rows]
        asked = tuple(_asked(need, x.around.claim.claim_id, beside) for need in needs)
        return Ask(rule, self._ranks[rule.id], asked, rows, times, times.count(None) < len(times))

    def _wrong(self, found: Bundle, bound: BoundRule, x: LineFacts) -> None:
        rule, row = bound.rule, None
        remedy = rule.consequence.remedy
        if remedy is not None and remedy.kind != "ask" and supported(remedy, x):
            found.whole = True
        elif _lasting(rule):
            row = finding_now(bound, x)
        found.wrongs.append(Wrong(bound, self._ranks[rule.id], row))


def finding_now(bound: BoundRule, x: LineFacts) -> dict[str, Any]:
    """The finding of a violated rule on a line, without what hangs on the claim."""
    said = finding_of(Decided(x.around), Violation(bound, x, (x.index,)), set(), History())
    return {n: v for n, v in finding_row(x.around.claim, said).items() if n in OF_FINDING}


def _undated(row: dict[str, Any], day: date, begins: Begins | None) -> int | None:
    """Takes the time out of a question about the history; which beginning it names."""
    if row["fact"] != HISTORY or begins is None:
        return None
    for n, begin in enumerate(begins):
        said = f" {time_of(begin, day)}, "
        if said in row["question"]:
            row["question"] = row["question"].replace(said, f" {_TIME}, ", 1)
            return n
    raise ValueError(f"a question about the history names no window: {row['rule']}")


def _asked(need: Need, claim_id: str, beside: Sequence[Beside]) -> Asked:
    if need.claim_id == claim_id:
        return Asked(need.fact, need.line)
    mark = (need.claim_id, need.line, need.service_date)
    marks = [(other.claim_id, other.number, other.date) for other in beside]
    return Asked(need.fact, None, marks.index(mark))


_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OF_LINE = frozenset(("line.procedure",))
_REPORTED = frozenset(("limit", "billed", "count", "window", "procedure", "line", "codes", "only"))


def _lasting(rule: Rule) -> bool:
    """Whether the message of a rule says the same of every line of a key."""
    message = rule.consequence.message
    if not message:
        return False
    for name in _PLACEHOLDER.findall(message):
        owner, _, said = name.rpartition(".")
        if name in (rule.names or {}) or name in _OF_LINE:
            continue
        if owner.split(".")[0] in ("", "line", "claim", "patient") or said not in _REPORTED:
            return False
    return True
