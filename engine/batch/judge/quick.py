"""Judges the claims of plain patients: what was said of a line is said of every line like it.

Rules come out alike for lines that agree in all that they read (`engine.chain.facets`), so that
most of a claim is looked up. What is said is exactly what judging each claim by itself says; a
claim of which that cannot be told beforehand is judged by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.batch.judge.bundles import OF_NEED, Ask, Begins, Bundle, Bundler, Wrong, finding_now
from engine.batch.judge.patient import services_of
from engine.batch.judge.rows import need_rows
from engine.batch.settings import Settings
from engine.chain.bound import BoundBook
from engine.chain.counter import joined
from engine.chain.decided import Decided, diagnosed
from engine.chain.facets import Beside, Facet, Setting, values_of, values_of_claim
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.sheets import Sheet, Sheets
from engine.chain.stratified import judge_diagnosis
from engine.model.book import WEIGHTY
from engine.model.claim import Claim, Coverage, History
from engine.report.questions import NO_POLICY, no_policy


@dataclass(slots=True)
class Said:
    """What was said of one claim: verdict, counts, and rows without what hangs on the claim, each
    with the numbers of the lines that it is about."""

    verdict: str
    checked: tuple[int, ...]
    findings: list[tuple[dict[str, Any], tuple[int, ...]]]
    needs: list[tuple[dict[str, Any], tuple[int, ...]]]


class _Whole(Exception):  # noqa: N818  # no error: the claim is judged by itself
    """What is said of this claim cannot be put together of what was said of its lines."""


class Book:
    """A bound book with what was said by it so far."""

    def __init__(self, bound: BoundBook, settings: Settings) -> None:
        self.bound = bound
        self._settings = settings
        ids = sorted({NO_POLICY, *(rule.id for rule in bound.book.rules)})
        ranks = {name: n for n, name in enumerate(ids)}
        self.rank = ranks[NO_POLICY]
        self.bundler = Bundler(ranks)
        self.sheets = Sheets(bound, self._covers)
        self._no_policy: dict[tuple[str, date], dict[str, Any]] = {}

    def _covers(self, begin: date | None, until: date) -> bool:
        if begin is not None and begin > until:
            return True
        covered = self._settings.coverage("")
        return joined([covered] if covered else [], begin, until, open_end=False)

    def no_policy(self, claim: Claim, n: int) -> dict[str, Any]:
        """The row of a need of a line of which no policy speaks."""
        line = claim.lines[n]
        mark = (line.procedure, line.service_date)
        found = self._no_policy.get(mark)
        if found is None:
            (row,) = need_rows(claim, no_policy(self.bound.book, claim.claim_id, line))
            found = self._no_policy[mark] = {name: row[name] for name in OF_NEED}
        return found


@dataclass
class People:
    """The claims of one patient, with what their lines say."""

    claims: Sequence[Claim]
    coverage: list[Coverage]
    lines: list[list[Beside]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for c, claim in enumerate(self.claims):
            common = values_of_claim(claim)
            group, payer = common[-1], claim.payer.id
            self.lines.append(
                [
                    Beside(
                        c, n, line.number, line.procedure, line.service_date,
                        values_of(line, claim, common), group, payer, claim.claim_id,
                    )
                    for n, line in enumerate(claim.lines)
                ]
            )  # fmt: skip

    def others(self, own: Beside) -> list[Beside]:
        """The other lines, as a chain goes through them: those of the claim first."""
        found = [x for x in self.lines[own.claim] if x.line != own.line]
        for c, lines in enumerate(self.lines):
            if c != own.claim:
                found += lines
        return found

    def history(self, c: int) -> History:
        """What else is known when a claim is judged."""
        services = []
        for n, claim in enumerate(self.claims):
            if n != c:
                services += services_of(claim, [None] * len(claim.lines), gone=False)
        return History(tuple(services), tuple(self.coverage))


class OneClaim:
    """One claim on its way through the strata."""

    def __init__(self, book: Book, people: People, c: int) -> None:
        self.book = book
        self.people = people
        self.c = c
        self.claim = people.claims[c]
        self.lines = people.lines[c]
        self.barred: set[int] = set()
        self.unsure: set[int] = set()
        self.met = 0
        self.asks: list[tuple[int, Ask, Begins, list[Beside]]] = []
        self.wrongs: list[tuple[int, Wrong]] = []
        self._around: Surroundings | None = None

    def around(self) -> Surroundings:
        """The claim as the terms see it; made only where something was not said before."""
        if self._around is None:
            bound = self.book.bound
            self._around = Surroundings(bound, self.claim, self.people.history(self.c))
            self._around.barred, self._around.unsure = self.barred, self.unsure
        return self._around

    def payable(self, line: int) -> bool | None:
        """Whether a line is payable, as far as that is known."""
        if line in self.barred:
            return False
        return None if line in self.unsure else True

    def said(self) -> Said:
        """Judge it. Raises _Whole."""
        sheets = [self.book.sheets.sheet(own.procedure, own.date) for own in self.lines]
        not_judged, standing = 0, 0
        for n, sheet in enumerate(sheets):
            standing += sheet.plan.standing
            if sheet.unjudged is not None:
                not_judged += self._of(sheet.unjudged, n, _may_apply)
        diagnoses = self._diagnoses(sheets)
        for stratum in range(max(len(sheet.strata) for sheet in sheets)):
            for n, sheet in enumerate(sheets):
                if stratum < len(sheet.strata):
                    for facet in sheet.strata[stratum]:
                        self._run(facet, n)
        silent = self._unspoken(sheets)
        return self._put_together(standing - not_judged, not_judged, diagnoses, silent)

    def _x(self, n: int) -> LineFacts:
        return self.around().lines[n]

    def _of(self, facet: Facet, n: int, judge: Any) -> Any:
        """What is kept of a facet that looks at the line alone."""
        if not facet.told or facet.looks:
            return judge(facet, self._x(n))
        key = facet.own_key(self.lines[n].values, lambda: self._x(n))
        found = facet.alone.get(key)
        if found is None:
            found = facet.alone[key] = judge(facet, self._x(n))
        return found

    def _run(self, facet: Facet, n: int) -> None:
        own = self.lines[n]
        if not facet.told:
            others = self.people.others(own)
            self._take(self.book.bundler.bundle(facet, self._x(n), others, None), n, (), others)
            return
        kept, key = facet.alone, facet.own_key(own.values, lambda: self._x(n))
        beside, begins = list[Beside](), ()
        if facet.looks:
            stretch = facet.stretch(own.date)
            begins, others = stretch.begins, self.people.others(own)
            found = facet.beside(Setting(own, others, self.payable), stretch)
            if found is None:
                bundle = self.book.bundler.bundle(facet, self._x(n), others, None)
                self._take(bundle, n, (), others)
                return
            beside, keys = found
            key = (key, stretch.kind)
            if keys:
                kept, key = facet.among, (*key, own.number, *keys)
        bundle = kept.get(key)
        if bundle is None:
            bundle = kept[key] = self.book.bundler.bundle(facet, self._x(n), beside, begins)
        self._take(bundle, n, begins, beside)

    def _take(self, bundle: Bundle, n: int, begins: Begins, beside: list[Beside]) -> None:
        if bundle.whole:
            raise _Whole
        self.met += bundle.met
        for ask in bundle.asks:
            self.asks.append((n, ask, begins, beside))
        for wrong in bundle.wrongs:
            self.wrongs.append((n, wrong))
        for on_claim in bundle.barred:
            self.barred.update(range(len(self.lines)) if on_claim else (n,))
        for on_claim in bundle.unsure:
            self.unsure.update(range(len(self.lines)) if on_claim else (n,))

    def _diagnoses(self, sheets: list[Sheet]) -> tuple[int, int]:
        """How many rules about diagnoses are met, and how many are not judged. Raises _Whole
        where anything else comes of them."""
        if all(sheet.diagnoses is None for sheet in sheets):
            return 0, 0
        key: list[Hashable] = []
        for own, sheet in zip(self.lines, sheets, strict=True):
            facet = sheet.diagnoses
            if facet is None:
                key.append(own.line)
            elif not facet.told or facet.looks or facet.reads.names - {"diagnoses"}:
                raise _Whole
            else:
                key.append((own.line, own.date == self.lines[0].date, own.values[1]))
                last = facet
        kept = last.among
        mark = ("diagnoses", *key, *(s.diagnoses.mark if s.diagnoses else None for s in sheets))
        found = kept.get(mark)
        if found is None:
            found = kept[mark] = self._judge_diagnoses(sheets)
        if found == "whole":
            raise _Whole
        result: tuple[int, int] = found
        return result

    def _judge_diagnoses(self, sheets: list[Sheet]) -> tuple[int, int] | str:
        if len({own.date for own in self.lines}) > 1:
            return "whole"
        result = Decided(self.around())
        for item in diagnosed(self.around(), [sheet.plan for sheet in sheets]):
            judge_diagnosis(result, item)
        if any(word != "met" for _, _, word, _ in result.outcomes):
            return "whole"
        return len(result.outcomes), result.not_judged

    def _unspoken(self, sheets: list[Sheet]) -> tuple[list[int], list[int]]:
        """The lines of which no policy speaks, and those of which that is not known."""
        none, unknown = [], []
        for n, sheet in enumerate(sheets):
            if sheet.scope is not None:
                word = self._of(sheet.scope, n, _in_scope)
                if word == "none":
                    none.append(n)
                elif word == "open":
                    unknown.append(n)
        return none, unknown

    def _put_together(
        self,
        not_applicable: int,
        not_judged: int,
        diagnoses: tuple[int, int],
        silent: tuple[list[int], list[int]],
    ) -> Said:
        met, unjudged = diagnoses
        outcomes = self.met + met + len(self.asks) + len(self.wrongs)
        needs, waits = self._needs(silent)
        findings, weighs = self._findings()
        verdict = "not_clean" if weighs else "undecided" if waits else "clean"
        checked = (
            self.met + met,
            len(self.wrongs),
            len(self.asks),
            max(not_applicable - outcomes, 0),
            not_judged + unjudged,
            len(silent[0]),
        )
        return Said(verdict, checked, findings, needs)

    def _needs(
        self, silent: tuple[list[int], list[int]]
    ) -> tuple[list[tuple[dict[str, Any], tuple[int, ...]]], bool]:
        asked: dict[Hashable, tuple[set[int], int, list[dict[str, Any]]]] = {}
        waits = bool(silent[0] or silent[1])
        for at, (n, ask, begins, beside) in enumerate(self.asks):
            own = self.lines[n]
            rows = ask.rows_on(own.date, begins)
            mark = self._identity(own, ask, rows, beside) if len(self.lines) > 1 else at
            if mark in asked:
                asked[mark][0].add(own.number)
            else:
                asked[mark] = ({own.number}, ask.rank, rows)
            waits = waits or ask.rule.consequence.finding in WEIGHTY
        found = [(tuple(sorted(lines)), rank, rows) for lines, rank, rows in asked.values()]
        for n in (*silent[0], *silent[1]):
            row = self.book.no_policy(self.claim, n)
            found.append(((self.lines[n].number,), self.book.rank, [row]))
        found.sort(key=_order)
        return [(row, lines) for lines, _, rows in found for row in rows], waits

    def _identity(
        self, own: Beside, ask: Ask, rows: list[dict[str, Any]], beside: list[Beside]
    ) -> Hashable:
        """What tells two questions apart: the rule, the facts, and of which lines they are."""
        found: list[Hashable] = [ask.rank, *(row["question"] for row in rows)]
        for one in ask.asked:
            other = beside[one.beside] if one.beside is not None else None
            if other is not None:
                found.append((one.fact, other.claim, other.number))
            else:
                found.append((one.fact, own.date if one.number is None else one.number))
        return tuple(found)

    def _findings(self) -> tuple[list[tuple[dict[str, Any], tuple[int, ...]]], bool]:
        if not self.wrongs:
            return [], False
        positions = [wrong.bound.position for _, wrong in self.wrongs]
        if len(set(positions)) < len(positions):
            raise _Whole  # lines may violate one rule together
        found = []
        for n, wrong in self.wrongs:
            row = wrong.row or finding_now(wrong.bound, self._x(n))
            lines = () if wrong.bound.on_claim else (self.lines[n].number,)
            found.append((lines or (0,), wrong.rank, row["message"], row, lines))
        found.sort(key=lambda f: f[:3])
        weighs = any(f[3]["finding"] in WEIGHTY for f in found)
        return [(row, lines) for _, _, _, row, lines in found], weighs


def _order(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    return entry[:2]


def _may_apply(facet: Facet, x: LineFacts) -> int:
    """How many rules about which a table is silent may apply."""
    return sum(
        1
        for b in facet.content
        if (b.applies(x) if callable(b.applies) else b.applies) is not False
    )


def _in_scope(facet: Facet, x: LineFacts) -> str:
    plan = x.around.bound.plan(x.procedure, x.date)
    values = [scope(x) if callable(scope) else scope for scope in plan.scopes]
    return "in" if True in values else "open" if None in values else "none"


def quick(book: Book, people: People, c: int) -> Said | None:
    """What is said of a claim; None if it must be judged by itself."""
    try:
        return OneClaim(book, people, c).said()
    except _Whole:
        return None
