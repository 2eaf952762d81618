"""A bound book with what was said by it so far, of lines and of what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from engine.batch.judge.bundles import Begins, Bundle, Bundler, Number
from engine.batch.settings import Settings
from engine.chain.beside import NAMES, Beside, Setting, Values
from engine.chain.bound import BoundBook
from engine.chain.counter import joined
from engine.chain.decided import Decided, diagnosed
from engine.chain.facets import Facet
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.sheets import Sheet, Sheets
from engine.chain.stratified import judge_diagnosis
from engine.model.claim import Claim
from engine.report.questions import no_policy

DIAGNOSES = NAMES.index("diagnoses")
X = Callable[[], LineFacts]
"""Gives a line as the terms see it; called only where something was not said before."""


@dataclass(slots=True)
class Alone:
    """What is said of a line whatever stands beside it: what rules that look at nothing else say,
    how many rules are not judged, and whether a policy speaks of it: ``in``, ``open`` or ``none``.
    """

    bundle: Bundle
    not_judged: int
    scope: str


@dataclass(slots=True)
class Page:
    """The sheet of a code and a stretch of days, with what was said of lines alone. `read` takes
    all that is read of a line out of its values; `left` are the facets that look at more."""

    sheet: Sheet
    local: list[Facet]
    left: list[list[Facet]]
    read: Callable[[Values], Any] | None
    alone: dict[Any, Alone]


class Said:
    """What was said by one book."""

    def __init__(self, bound: BoundBook, settings: Settings, number: Number) -> None:
        self.bound = bound
        self.bundler = Bundler(number)
        self._settings = settings
        self._sheets = Sheets(bound, self._covers)
        self._pages: dict[date, dict[str, Page]] = {}
        self._of_stretch: dict[int, dict[str, Page]] = {}
        self._no_policy: dict[tuple[str, date], int] = {}
        self._diagnoses: dict[Hashable, tuple[int, int] | None] = {}

    @property
    def size(self) -> int:
        """How many answers are kept."""
        pages = [page for pages in self._of_stretch.values() for page in pages.values()]
        return self._sheets.size + sum(len(page.alone) for page in pages)

    def page(self, code: str, day: date) -> Page:
        """The page of a code on a day."""
        pages = self._pages.get(day)
        if pages is None:
            stretch = self.bound.stretch(day)
            pages = self._pages[day] = self._of_stretch.setdefault(stretch, {})
        found = pages.get(code)
        if found is None:
            found = pages[code] = _page(self._sheets.sheet(code, day))
        return found

    def alone(self, page: Page, values: Values, x: X) -> Alone:
        """What is said of a line whatever stands beside it."""
        key = page.read(values) if page.read is not None else None
        found = page.alone.get(key)
        if found is None:
            found = self._alone(page, values, x)
            if key is not None:
                page.alone[key] = found
        return found

    def beside(
        self, facet: Facet, setting: Setting, x: X
    ) -> tuple[Bundle, Begins, Sequence[Beside]]:
        """What the rules of a facet that looks at more than the line say of it; with the first
        days of its windows and the lines at which it looked."""
        if not facet.told:
            return self.bundler.bundle(facet, x(), setting.others, None), (), setting.others
        own, key = setting.own, facet.own_key(setting.own.values, x)
        kept, beside = facet.alone, list[Beside]()
        begins: Begins = ()
        if facet.looks:
            stretch = facet.stretch(own.date)
            begins = stretch.begins
            found = facet.beside(setting, stretch) if setting.others else ([], [])
            if found is None:
                return self.bundler.bundle(facet, x(), setting.others, None), (), setting.others
            beside, keys = found
            key = (key, stretch.kind)
            if keys:
                kept, key = facet.among, (*key, *keys)
        bundle = kept.get(key)
        if bundle is None:
            bundle = kept[key] = self.bundler.bundle(facet, x(), beside, begins)
        return bundle, begins, beside

    def no_policy(self, claim: Claim, own: Beside) -> int:
        """The number of the row of a line of which no policy speaks."""
        mark = (own.procedure, own.date)
        found = self._no_policy.get(mark)
        if found is None:
            asked = no_policy(self.bound.book, claim.claim_id, claim.lines[own.line])
            found = self._no_policy[mark] = self.bundler.no_policy(claim, asked)
        return found

    def diagnoses(
        self, pages: list[Page], lines: list[Beside], around: Callable[[], Surroundings]
    ) -> tuple[int, int] | None:
        """How many rules about the diagnoses of a claim are met, and how many are not judged;
        None where something else comes of them."""
        day = lines[0].date
        if any(line.date != day for line in lines):
            return _of_diagnoses(pages, around())
        key = (
            self.bound.stretch(day),
            *((line.procedure, line.values[DIAGNOSES]) for line in lines),
        )
        if key not in self._diagnoses:
            told = all(_by_code(page.sheet.diagnoses) for page in pages)
            found = _of_diagnoses(pages, around())
            if not told:
                return found
            self._diagnoses[key] = found
        return self._diagnoses[key]

    def _covers(self, begin: date | None, until: date) -> bool:
        """What the corpus is complete for is the same of every patient."""
        if begin is not None and begin > until:
            return True
        covered = self._settings.coverage("")
        return joined([covered] if covered else [], begin, until, open_end=False)

    def _alone(self, page: Page, values: Values, x: X) -> Alone:
        bundle = Bundle()
        for facet in page.local:
            bundle.add(self._of(facet, values, x, self._bundle))
        bundle.asks.sort(key=lambda ask: ask.rule)
        sheet = page.sheet
        not_judged = self._of(sheet.unjudged, values, x, _may_apply) if sheet.unjudged else 0
        scope = self._of(sheet.scope, values, x, _scope) if sheet.scope else "in"
        return Alone(bundle, not_judged, scope)

    def _bundle(self, facet: Facet, x: LineFacts) -> Bundle:
        return self.bundler.bundle(facet, x, (), ())

    def _of(self, facet: Facet, values: Values, x: X, judge: Callable[..., Any]) -> Any:
        """What is kept of a facet that looks at the line alone."""
        if not facet.told or facet.looks:
            return judge(facet, x())
        key = facet.own_key(values, x)
        found = facet.alone.get(key)
        if found is None:
            found = facet.alone[key] = judge(facet, x())
        return found


def _page(sheet: Sheet) -> Page:
    first, *above = sheet.strata or [[]]
    local = [facet for facet in first if facet.told and not facet.looks]
    left = [[facet for facet in first if facet not in local], *above]
    kept = [f for f in (*local, sheet.scope, sheet.unjudged) if f is not None]
    places = sorted({DIAGNOSES, *(n for facet in kept for n in facet.places)})
    told = all(facet.told and not facet.looks for facet in kept)
    return Page(sheet, local, left, itemgetter(*places) if told else None, {})


def _of_diagnoses(pages: list[Page], around: Surroundings) -> tuple[int, int] | None:
    result = Decided(around)
    for item in diagnosed(around, [page.sheet.plan for page in pages]):
        judge_diagnosis(result, item)
    if any(word != "met" for _, _, word, _ in result.outcomes):
        return None
    return len(result.outcomes), result.not_judged


def _by_code(facet: Facet | None) -> bool:
    """Whether rules about diagnoses read nothing but the code."""
    return facet is None or (facet.told and not facet.looks and facet.places <= {DIAGNOSES})


def _may_apply(facet: Facet, x: LineFacts) -> int:
    """How many rules about which a table is silent may apply."""
    applies = [b.applies(x) if callable(b.applies) else b.applies for b in facet.content]
    return sum(value is not False for value in applies)


def _scope(_: Facet, x: LineFacts) -> str:
    plan = x.around.bound.plan(x.procedure, x.date)
    values = [scope(x) if callable(scope) else scope for scope in plan.scopes]
    return "in" if True in values else "open" if None in values else "none"
