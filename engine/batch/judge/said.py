"""A bound book with what was said by it so far, of lines and of what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from engine.batch.judge.bundles import Bundle, Bundler, Number
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
class Level:
    """The facets of one stratum of a page. `read` takes all that is read of a line out of its
    values; `kept` are the bundles of the facets that find nothing to look at, put together;
    `untold` are facets whose keys do not tell lines apart."""

    facets: list[Facet]
    untold: list[Facet]
    read: Callable[[Values], Any]
    kept: dict[Any, Bundle]


@dataclass(slots=True)
class Page:
    """The sheet of a code and a stretch of days, with what was said of its lines. `kinds` says of
    each day how it lies to all windows, `sought` which facets of each level look at lines of some
    codes."""

    sheet: Sheet
    levels: list[Level]
    kinds: dict[date, int]
    sought: dict[frozenset[str], list[tuple[Facet, ...]]]


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
        self._kinds: dict[Hashable, int] = {}
        self._diagnoses: dict[Hashable, tuple[int, int] | None] = {}

    @property
    def size(self) -> int:
        """How many answers are kept."""
        pages = [page for pages in self._of_stretch.values() for page in pages.values()]
        return self._sheets.size + sum(len(v.kept) for page in pages for v in page.levels)

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

    def kind(self, page: Page, day: date) -> int:
        """How a day lies to all windows of a page, as one number."""
        found = page.kinds.get(day)
        if found is None:
            facets = [facet for level in page.levels for facet in level.facets if facet.looks]
            kinds = tuple(facet.stretch(day).kind for facet in facets)
            found = page.kinds[day] = self._kinds.setdefault(kinds, len(self._kinds))
        return found

    def sought(self, page: Page, codes: frozenset[str]) -> list[tuple[Facet, ...]]:
        """The facets of each level that look at lines of some codes."""
        found = page.sought.get(codes)
        if found is None:
            found = page.sought[codes] = [
                tuple(facet for facet in level.facets if facet.looks and facet.seeks(codes))
                for level in page.levels
            ]
        return found

    def alone(
        self, page: Page, n: int, seeking: tuple[Facet, ...], own: Beside, kind: int, x: X
    ) -> Bundle:
        """What the facets of a level say of a line, but for those that look at others."""
        level = page.levels[n]
        key = (level.read(own.values), kind, seeking)
        found = level.kept.get(key)
        if found is None:
            found = level.kept[key] = Bundle()
            for facet in level.facets:
                if facet not in seeking:
                    found.add(self._alone(facet, own, x))
            found.asks.sort(key=lambda ask: ask.rule)
        return found

    def _alone(self, facet: Facet, own: Beside, x: X) -> Bundle:
        key: Hashable = facet.own_key(own.values, x)
        if facet.looks:
            key = (key, facet.stretch(own.date).kind)
        found: Bundle | None = facet.alone.get(key)
        if found is None:
            found = facet.alone[key] = self.bundler.bundle(facet, x())
        return found

    def beside(self, facet: Facet, setting: Setting, x: X) -> tuple[Bundle, Sequence[Beside]]:
        """What a facet that looks at others says of a line, and at which lines it looked."""
        stretch = facet.stretch(setting.own.date)
        found = facet.beside(setting, stretch)
        if found is None:
            return self.once(facet, setting, x)
        beside, keys = found
        if not keys:
            return self._alone(facet, setting.own, x), ()
        key = (facet.own_key(setting.own.values, x), stretch.kind, *keys)
        bundle: Bundle | None = facet.among.get(key)
        if bundle is None:
            bundle = facet.among[key] = self.bundler.bundle(facet, x(), beside)
        return bundle, beside

    def once(self, facet: Facet, setting: Setting, x: X) -> tuple[Bundle, Sequence[Beside]]:
        """What a facet says of this line, of which no key tells when it says it of another."""
        return self.bundler.bundle(facet, x(), setting.others, once=True), setting.others

    def scope(self, page: Page, own: Beside, x: X) -> str:
        """Whether a policy speaks of a line: ``in``, ``open`` or ``none``."""
        facet = page.sheet.scope
        return "in" if facet is None else str(self._of(facet, own.values, x, _scope))

    def unjudged(self, page: Page, own: Beside, x: X) -> int:
        """How many rules may apply about which a table is silent."""
        facet = page.sheet.unjudged
        return 0 if facet is None else int(self._of(facet, own.values, x, _may_apply))

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
    return Page(sheet, [_level(facets) for facets in sheet.strata], {}, {})


def _level(facets: list[Facet]) -> Level:
    told = [facet for facet in facets if facet.told]
    places = sorted({n for facet in told for n in facet.places})
    read = itemgetter(*places) if places else len
    return Level(told, [facet for facet in facets if not facet.told], read, {})


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
