"""A bound book with what was said by it so far, of lines and of what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Any

from engine.batch.judge.bundles import Bundle, Bundler, Number
from engine.chain.beside import NAMES, Beside, Setting, Values
from engine.chain.bound import BoundBook
from engine.chain.decided import Decided, diagnosed
from engine.chain.facets import Facet, Found
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.shared import Shared
from engine.chain.sheets import Sheet, Sheets
from engine.chain.stratified import judge_diagnosis
from engine.model.claim import Claim
from engine.report.questions import no_policy

DIAGNOSES = NAMES.index("diagnoses")
X = Callable[[], LineFacts]
"""Gives a line as the terms see it; called only where something was not said before."""


class Said:
    """What was said by one book."""

    def __init__(self, bound: BoundBook, shared: Shared, number: Number) -> None:
        self.bound = bound
        self.bundler = Bundler(number)
        self._sheets = Sheets(bound, shared)
        self._no_policy: dict[tuple[str, date], int] = {}
        self._diagnoses: dict[Hashable, tuple[int, int] | None] = {}

    @property
    def size(self) -> int:
        """How many answers are kept for this book alone."""
        return self._sheets.size

    def sheet(self, own: Beside) -> Sheet:
        """The sheet of a line."""
        return self._sheets.sheet(own.procedure, own.date)

    def alone(self, sheet: Sheet, n: int, looking: Iterable[Facet], own: Beside, x: X) -> Bundle:
        """What the facets of a level say of a line, but for those that look at others."""
        level, mask = sheet.levels[n], 0
        for facet in looking:
            mask |= facet.bit
        key = (level.read(own.values), sheet.kind(own.date), mask)
        found: Bundle | None = level.kept.get(key)
        if found is None:
            found = Bundle()
            for facet in level.facets:
                if not facet.bit & mask:
                    found.add(self._alone(facet, own, x))
            found.asks.sort(key=lambda ask: ask.rule)
            level.kept[key] = found
        return found

    def _alone(self, facet: Facet, own: Beside, x: X) -> Bundle:
        key: Hashable = facet.own_key(own.values, x)
        if facet.looks:
            key = (key, facet.stretch(own.date).kind)
        found: Bundle | None = facet.alone.get(key)
        if found is None:
            found = facet.alone[key] = self.bundler.bundle(facet, x())
        return found

    def beside(
        self, facet: Facet, setting: Setting, found: list[Found], x: X
    ) -> tuple[Bundle, Sequence[Beside]]:
        """What a facet that looks at others says of a line, and at which lines it looked."""
        keys = facet.keys(setting, found, x)
        if keys is None:
            return self.once(facet, setting, x)
        own, beside = setting.own, [other for _, other in found]
        key = (facet.own_key(own.values, x), facet.stretch(own.date).kind, *keys)
        bundle: Bundle | None = facet.among.get(key)
        if bundle is None:
            bundle = facet.among[key] = self.bundler.bundle(facet, x(), beside)
        return bundle, beside

    def once(self, facet: Facet, setting: Setting, x: X) -> tuple[Bundle, Sequence[Beside]]:
        """What a facet says of this line, of which no key tells when it says it of another."""
        return self.bundler.bundle(facet, x(), setting.others, once=True), setting.others

    def scope(self, sheet: Sheet, own: Beside, x: X) -> str:
        """Whether a policy speaks of a line: ``in``, ``open`` or ``none``."""
        facet = sheet.scope
        return "in" if facet is None else str(self._of(facet, own.values, x, _scope))

    def unjudged(self, sheet: Sheet, own: Beside, x: X) -> int:
        """How many rules may apply about which a table is silent."""
        facet = sheet.unjudged
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
        self, sheets: list[Sheet], lines: list[Beside], around: Callable[[], Surroundings]
    ) -> tuple[int, int] | None:
        """How many rules about the diagnoses of a claim are met, and how many are not judged;
        None where something else comes of them."""
        day, *others = {line.date for line in lines}
        if others:
            return _of_diagnoses(sheets, around())
        key = (
            self.bound.stretch(day),
            *[(line.procedure, line.values[DIAGNOSES]) for line in lines],
        )
        if key not in self._diagnoses:
            told = all(_by_code(sheet.diagnoses) for sheet in sheets)
            found = _of_diagnoses(sheets, around())
            if not told:
                return found
            self._diagnoses[key] = found
        return self._diagnoses[key]

    def _of(self, facet: Facet, values: Values, x: X, judge: Callable[..., Any]) -> Any:
        """What is kept of a facet that looks at the line alone."""
        if not facet.told or facet.looks:
            return judge(facet, x())
        key = facet.own_key(values, x)
        found = facet.alone.get(key)
        if found is None:
            found = facet.alone[key] = judge(facet, x())
        return found


def _of_diagnoses(sheets: list[Sheet], around: Surroundings) -> tuple[int, int] | None:
    result = Decided(around)
    for item in diagnosed(around, [sheet.plan for sheet in sheets]):
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
