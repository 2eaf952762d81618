"""Judges the claims of plain patients: what was said of a line is said of every line like it.

Rules come out alike for lines that agree in all that they read (`engine.chain.facets`), so that
most of a claim is looked up. What is said is exactly what judging each claim by itself says; a
claim of which that cannot be told beforehand is judged by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from engine.batch.judge.bundles import OWN, Ask, Bundle, Lines, Wrong
from engine.batch.judge.people import People
from engine.batch.judge.said import Said
from engine.chain.beside import Beside, Setting
from engine.chain.decided import NO_POLICY
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.sheets import Looked, Sheet
from engine.model.book import WEIGHTY
from engine.model.claim import Claim
from engine.report.findings import group_of


class Outcome(NamedTuple):
    """What is said of a claim: its verdict, its counts in the order of a result, and the numbers
    of the rows of its findings and needs, with the lines that they are about."""

    verdict: str
    checked: Lines
    findings: list[tuple[list[int], Lines]]
    needs: list[tuple[list[int], Lines]]


def outcome(said: Said, people: People, c: int) -> Outcome | None:
    """Judge a claim of a patient; None if it must be judged by itself."""
    claim = _Claim(said, people, c)
    try:
        return claim.tell()
    except _Untold:
        return None
    finally:
        claim.let_go()


class _Untold(Exception):  # noqa: N818  # no error: the claim is judged by itself
    """What is said of a claim cannot be put together of what was said of its lines."""


class _Step(NamedTuple):
    """A line on its way through the strata: its sheet, and what stands beside it."""

    sheet: Sheet
    x: Callable[[], LineFacts]
    setting: Setting
    looked: Looked


class _Claim:
    """One claim on its way through the strata."""

    def __init__(self, said: Said, people: People, c: int) -> None:
        self.said = said
        self.people = people
        self.c = c
        self.claim = people.claims[c]
        self.lines = people.lines[c]
        self.sheets = [said.sheet(own) for own in self.lines]
        self.barred: set[int] = set()
        self.unsure: set[int] = set()
        self.met = self.unjudged = self.not_judged = 0
        self.asks: list[tuple[Beside, Ask, Sequence[Beside]]] = []
        self.wrongs: list[tuple[Beside, Wrong]] = []
        self.none: list[Beside] = []
        self.open: list[Beside] = []
        self._around: Surroundings | None = None

    def around(self) -> Surroundings:
        """The claim as the terms see it; made only where something was not said before."""
        if self._around is None:
            self._around = Surroundings(self.said.bound, self.claim, self.people.history(self.c))
            self._around.barred, self._around.unsure = self.barred, self.unsure
        return self._around

    def let_go(self) -> None:
        """Undo the circle of a claim and its lines, so that no collector need find it."""
        if self._around is not None:
            self._around.lines, self._around.past = [], []

    def x(self, n: int) -> LineFacts:
        """A line as the terms see it."""
        return self.around().lines[n]

    def payable(self, line: int) -> bool | None:
        """Whether a line is payable, as far as that is known."""
        if line in self.barred:
            return False
        return None if line in self.unsure else True

    def judge(self) -> None:
        """Go through the strata. Raises _Untold."""
        diagnoses = self.said.diagnoses(self.sheets, self.lines, self.around)
        if diagnoses is None:
            raise _Untold
        self.met, self.not_judged = diagnoses
        steps = list(map(self._begin, self.lines, self.sheets))
        for n in range(max(len(sheet.levels) for sheet in self.sheets)):
            for step in steps:
                if n < len(step.looked):
                    self._level(step, n)

    def _begin(self, own: Beside, sheet: Sheet) -> _Step:
        x = partial(self.x, own.line)
        if sheet.unjudged is not None:
            self.unjudged += self.said.unjudged(sheet, own, x)
        if sheet.scope is not None:
            scope = self.said.scope(sheet, own, x)
            if scope != "in":
                (self.none if scope == "none" else self.open).append(own)
        others = self.people.others(own)
        return _Step(sheet, x, Setting(own, others, self.payable), sheet.look(own, others))

    def _level(self, step: _Step, n: int) -> None:
        sheet, x, setting, looked = step
        own, said, looking = setting.own, self.said, looked[n]
        self._take(said.alone(sheet, n, looking, own, x), (), own)
        for facet, found in looking.items():
            self._take(*said.beside(facet, setting, found, x), own)
        for facet in sheet.levels[n].untold:
            self._take(*said.once(facet, setting, x), own)

    def _take(self, bundle: Bundle, beside: Sequence[Beside], own: Beside) -> None:
        """Take up what was said of a line."""
        self.met += bundle.met
        self.asks += [(own, ask, beside) for ask in bundle.asks]
        if bundle.wrongs:
            self.wrongs += [(own, wrong) for wrong in bundle.wrongs]
        for on_claim in bundle.barred:
            self.barred.update(range(len(self.lines)) if on_claim else (own.line,))
        for on_claim in bundle.unsure:
            self.unsure.update(range(len(self.lines)) if on_claim else (own.line,))

    def tell(self) -> Outcome:
        """Judge it and put together what was said. Raises _Untold."""
        self.judge()
        findings, weighs = self._findings() if self.wrongs else ([], False)
        waits = self.none or self.open or any(ask.weighs for _, ask, _ in self.asks)
        verdict = "not_clean" if weighs else "undecided" if waits else "clean"
        return Outcome(verdict, self._checked(), findings, self._needs())

    def mends(self, amended: Claim, rule: str, lines: Lines) -> bool:
        """Whether the claim, amended so, passes a rule on some lines and violates nothing new."""
        claims = [amended if c == self.c else claim for c, claim in enumerate(self.people.claims)]
        after = _Claim(self.said, People(claims, self.people.coverage), self.c)
        try:
            after.judge()
        finally:
            after.let_go()
        numbers = {self.lines[n].number for n in lines}
        still = [(own, ask.rule) for own, ask, _ in after.asks]
        still += [(own, wrong.bound.rule.id) for own, wrong in after.wrongs]
        if any(own.number in numbers and name == rule for own, name in still):
            return False
        return after.violations() <= self.violations()

    def violations(self) -> set[tuple[str, int]]:
        """The rules that weigh and are violated, with the numbers of the lines."""
        return {
            (wrong.bound.rule.id, own.number)
            for own, wrong in self.wrongs
            if wrong.bound.rule.consequence.finding in WEIGHTY
        }

    def _checked(self) -> Lines:
        """How many rules came out how, as a result counts them."""
        standing = sum(sheet.plan.standing for sheet in self.sheets)
        outcomes = self.met + len(self.wrongs) + len(self.asks)
        left = max(standing - self.unjudged - outcomes, 0)
        not_judged = self.unjudged + self.not_judged
        return self.met, len(self.wrongs), len(self.asks), left, not_judged, len(self.none)

    def _needs(self) -> list[tuple[list[int], Lines]]:
        numbers = self.said.bundler.numbers
        found: list[tuple[Lines, str, list[int]]] = [
            ((own.number,), ask.rule, numbers(ask, own.date)) for own, ask, _ in self.asks
        ]
        if len(self.lines) > 1:
            found = self._merged(found)
        for own in (*self.none, *self.open):
            found.append(((own.number,), NO_POLICY, [self.said.no_policy(self.claim, own)]))
        found.sort(key=itemgetter(0, 1))
        return [(rows, lines) for lines, _, rows in found]

    def _merged(
        self, found: list[tuple[Lines, str, list[int]]]
    ) -> list[tuple[Lines, str, list[int]]]:
        """Lines that ask the same stand together."""
        merged: dict[Hashable, tuple[Lines, str, list[int]]] = {}
        for (lines, rule, rows), (own, ask, beside) in zip(found, self.asks, strict=True):
            mark = (rule, *rows, *_about(own, ask, beside))
            known = merged.get(mark)
            if known is not None:
                lines = tuple(sorted({*known[0], *lines}))
            merged[mark] = (lines, rule, rows)
        return list(merged.values())

    def _findings(self) -> tuple[list[tuple[list[int], Lines]], bool]:
        found, weighs = dict[tuple[int | None, Lines], tuple[Lines, str, str]](), False
        for owns, said in self._violations():
            own = min(owns, key=lambda own: own.number)
            x, places = partial(self.x, own.line), tuple(sorted(own.line for own in owns))
            wrong = self.said.bundler.worded(said, own.date, places, x, self.mends)
            weighs = weighs or wrong.weighs
            lines = tuple(sorted(own.number for own in owns))
            lines = () if wrong.bound.rule.consequence.on_claim else lines
            # Two lines may let the same fall on the whole claim: it is one row, and said once.
            order = (lines or (0,), wrong.bound.rule.id, wrong.message)
            found.setdefault((wrong.number, lines), order)
        ordered = sorted(found, key=found.__getitem__)
        return [([number], lines) for number, lines in ordered if number is not None], weighs

    def _violations(self) -> list[tuple[list[Beside], Wrong]]:
        """The violated rules, each with the lines that violate it together."""
        rules = [wrong.bound.rule.id for _, wrong in self.wrongs]
        if len(set(rules)) == len(rules):
            return [([own], wrong) for own, wrong in self.wrongs]
        groups: dict[Hashable, tuple[list[Beside], Wrong]] = {}
        for own, wrong in self.wrongs:
            rule = wrong.bound.rule
            mark = (rule.id, rule.begin, group_of(rule, self.x(own.line), (own.line,)))
            groups.setdefault(mark, ([], wrong))[0].append(own)
        return list(groups.values())


def _about(own: Beside, ask: Ask, beside: Sequence[Beside]) -> list[Hashable]:
    """Of which lines the facts are that a question asks for."""
    found: list[Hashable] = []
    for one in ask.asked:
        if one.beside is not None:
            other = beside[one.beside]
            found.append((one.fact, other.claim, other.number))
        else:
            number = own.number if one.number == OWN else one.number
            found.append((one.fact, own.date if number is None else number))
    return found
