"""What the rules of a facet say of a line, worded so that it holds for every line of its key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from engine.batch.judge.rows import finding_row, need_rows
from engine.batch.judge.wide import Kind
from engine.chain.beside import Beside
from engine.chain.bound_rule import BoundRule
from engine.chain.decided import Decided
from engine.chain.facets import Facet
from engine.chain.facts import LineFacts
from engine.chain.needs import HISTORY, time_of
from engine.model.book import WEIGHTY, Rule
from engine.model.claim import Claim
from engine.model.outcome import Need
from engine.report.findings import Violation, finding_of
from engine.report.questions import Question
from engine.report.remedy import Mends, supported

Begins: TypeAlias = tuple[date | None, ...]
"""The first days of the windows of a facet."""
Number: TypeAlias = Callable[[Kind, Mapping[str, Any]], int]
"""Notes the part of a row that does not hang on the claim, and gives its number."""
Lines: TypeAlias = tuple[int, ...]
_OF_NEED = ("policy", "rule", "fact", "question", "depends_on", "weighs")
_OF_FINDING = (
    "policy", "rule", "topic", "finding", "group_code", "carc", "rarc", "message", "source",
    "locator", "evidence", "interpretations", "exception", "remedy", "remedy_class", "verified",
)  # fmt: skip
_TIME = "\0"
"""Stands in a kept question for the time that it names."""


OWN = 0
"""Stands for the number of the line itself, which lines of a key need not have in common."""


class Asked(NamedTuple):
    """A fact that is wanted, and of which line: `OWN`, that with a `number` in the claim (None:
    of the claim), or another one, by its position `beside` among those that were looked at."""

    fact: str
    number: int | None
    beside: int | None = None


@dataclass(slots=True)
class Ask:
    """What an undecided rule asks on a line, with the rows of its needs and their numbers.
    `times` says for each row which window's beginning it names together with the line's day."""

    facet: Facet
    rule: str
    weighs: bool
    asked: tuple[Asked, ...]
    rows: list[dict[str, Any]]
    times: list[int | None]
    numbers: list[int] | None
    of_day: dict[date, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Wrong:
    """A violated rule; `number` is that of the row of its finding, None if it must be worded for
    each line; `of_day` are such rows that hold for a day."""

    bound: BoundRule
    number: int | None = None
    message: str = ""
    weighs: bool = False
    of_day: dict[date, Wrong] | None = None


@dataclass(slots=True)
class Bundle:
    """What some rules say of a line: how many are met, what is open and what is wrong. `barred`
    and `unsure` say for each rule that makes it (maybe) not payable whether the claim is meant."""

    met: int = 0
    asks: list[Ask] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)
    barred: list[bool] = field(default_factory=list)
    unsure: list[bool] = field(default_factory=list)

    def add(self, other: Bundle) -> None:
        """What two say together."""
        self.met += other.met
        self.asks += other.asks
        self.wrongs += other.wrongs
        self.barred += other.barred
        self.unsure += other.unsure


class Bundler:
    """Makes bundles; `number` numbers the rows."""

    def __init__(self, number: Number) -> None:
        self._number = number

    def bundle(
        self, facet: Facet, x: LineFacts, beside: Sequence[Beside] = (), *, once: bool = False
    ) -> Bundle:
        """Judge the rules of a facet on a line, beside others; `once`: it serves for this line
        alone."""
        found = Bundle()
        rules: list[BoundRule] = facet.content
        for bound in rules:
            word = bound.come_out(x)
            if word == "met":
                found.met += 1
            elif word == "undecided":
                found.asks.append(self._ask(facet, bound, x, beside, once=once))
                if bound.bars:
                    found.unsure.append(bound.on_claim)
            elif word == "violated":
                self._wrong(found, bound, x)
                if bound.bars:
                    found.barred.append(bound.on_claim)
        return found

    def numbers(self, ask: Ask, day: date) -> list[int]:
        """The rows of a question as they are worded for a day."""
        if ask.numbers is not None:
            return ask.numbers
        found = ask.of_day.get(day)
        if found is None:
            begins = ask.facet.stretch(day).begins
            rows = zip(ask.rows, ask.times, strict=True)
            found = [self._number("needs", _worded(row, n, day, begins)) for row, n in rows]
            ask.of_day[day] = found
        return found

    def no_policy(self, claim: Claim, question: Question) -> int:
        """The row of a need of a line of which no policy speaks."""
        (row,) = need_rows(claim, question)
        return self._number("needs", {name: row[name] for name in _OF_NEED})

    def worded(
        self, wrong: Wrong, day: date, lines: Lines, x: Callable[[], LineFacts], mends: Mends
    ) -> Wrong:
        """A violated rule with the finding as it is worded for a line of a day and those that
        violate it together, by index; `mends` tries amendments of the claim."""
        if wrong.number is not None:
            return wrong
        found = wrong.of_day.get(day) if wrong.of_day is not None else None
        if found is None:
            found = self._finding(wrong, x(), lines, mends)
            if wrong.of_day is not None:
                wrong.of_day[day] = found
        return found

    def _finding(self, wrong: Wrong, x: LineFacts, lines: Lines, mends: Mends) -> Wrong:
        violation = Violation(wrong.bound, x, lines)
        said = finding_of(Decided(x.around), violation, set(), mends)
        row = finding_row(x.around.claim, said)
        number = self._number("findings", {n: row[n] for n in _OF_FINDING})
        weighs = said["finding"] in WEIGHTY
        return Wrong(wrong.bound, number, said["message"], weighs)

    def _ask(
        self,
        facet: Facet,
        bound: BoundRule,
        x: LineFacts,
        beside: Sequence[Beside],
        *,
        once: bool,
    ) -> Ask:
        rule, needs = bound.rule, x.around.bound.alike.needs(bound.position, x)
        weighs = rule.consequence.finding in WEIGHTY
        question = Question(rule.id, [x.line.number], weighs, needs)
        rows = [{n: row[n] for n in _OF_NEED} for row in need_rows(x.around.claim, question)]
        begins = None if once else facet.stretch(x.date).begins
        times = [_untimed(row, x.date, begins) for row in rows]
        asked = tuple(_asked(need, x, beside) for need in needs)
        numbers = None
        if times.count(None) == len(times):
            numbers = [self._number("needs", row) for row in rows]
        return Ask(facet, rule.id, weighs, asked, rows, times, numbers)

    def _wrong(self, found: Bundle, bound: BoundRule, x: LineFacts) -> None:
        rule, remedy = bound.rule, bound.rule.consequence.remedy
        wrong = Wrong(bound)
        lasting = _lasting(rule)
        if remedy is not None and remedy.kind != "ask" and supported(remedy, x):
            lasting = "once"  # whether the amendment mends the claim hangs on all of it
        if lasting == "always":
            wrong = self._finding(wrong, x, (x.index,), _untried)
        elif lasting == "day":
            wrong.of_day = {}
        found.wrongs.append(wrong)


def _untried(*_: Any) -> bool:
    raise AssertionError("an amendment is tried where the claim is known")


def _worded(row: dict[str, Any], window: int | None, day: date, begins: Begins) -> dict[str, Any]:
    if window is None:
        return row
    return {**row, "question": row["question"].replace(_TIME, time_of(begins[window], day))}


def _untimed(row: dict[str, Any], day: date, begins: Begins | None) -> int | None:
    """Takes the time out of a question about the history; which beginning it names."""
    if row["fact"] != HISTORY or begins is None:
        return None
    for n, begin in enumerate(begins):
        said = f" {time_of(begin, day)}, "
        if said in row["question"]:
            row["question"] = row["question"].replace(said, f" {_TIME}, ", 1)
            return n
    raise ValueError(f"a question about the history names no window: {row['rule']}")


def _asked(need: Need, x: LineFacts, beside: Sequence[Beside]) -> Asked:
    if need.claim_id == x.around.claim.claim_id:
        return Asked(need.fact, OWN if need.line == x.line.number else need.line)
    marks = [(other.claim_id, other.number, other.date) for other in beside]
    mark: tuple[Any, ...] = (need.claim_id, need.line, need.service_date)
    return Asked(need.fact, None, marks.index(mark))


_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_REPORTED = frozenset(("limit", "billed", "count", "window", "procedure", "line", "codes", "only"))


def _lasting(rule: Rule) -> str:
    """How long the message of a rule says the same of lines of a key: ``always``, for a ``day``,
    or only ``once``."""
    message = rule.consequence.message
    if not message:
        return "once"
    found = "always"
    for name in _PLACEHOLDER.findall(message):
        owner, _, said = name.rpartition(".")
        if name == "line.service_date":
            found = "day"
        elif name in (rule.names or {}) or name == "line.procedure":
            continue
        elif owner.split(".")[0] in ("", "line", "claim", "patient") or said not in _REPORTED:
            return "once"
    return found
