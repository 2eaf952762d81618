"""What a chain says of one claim, and the parts of deciding that every chain shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.chain.bound_rule import BoundRule
from engine.chain.facts import LineFacts, Surroundings
from engine.model.claim import History
from engine.model.outcome import Word

if TYPE_CHECKING:
    from engine.chain.bound import Plan

NO_POLICY = "no-policy"


@dataclass
class Decided:
    """What a chain says of one claim.

    `outcomes` holds every pair of a line (or of a diagnosis) and a rule that applies or may
    apply; `silent` the pairs in which a `when_stated` is unknown; `no_policy` the lines of which
    no coverage policy speaks, `scope_open` those of which that is not known; `not_applicable`
    and `not_judged` are counts.
    """

    around: Surroundings
    outcomes: list[tuple[LineFacts, BoundRule, Word, tuple[int, ...]]] = field(default_factory=list)
    silent: list[tuple[LineFacts, BoundRule]] = field(default_factory=list)
    no_policy: list[int] = field(default_factory=list)
    scope_open: list[LineFacts] = field(default_factory=list)
    not_applicable: int = 0
    not_judged: int = 0


@dataclass(frozen=True)
class Diagnosed:
    """A rule on one diagnosis of one day: `alone` is a line that points to nothing else, `lines`
    are the positions of all lines of that day that point to it (clause A1)."""

    stratum: int
    bound: BoundRule
    alone: LineFacts
    lines: tuple[int, ...]


def weigh_silence(around: Surroundings, decide: Callable[..., Decided]) -> None:
    """Note what is violated even if what is not in the record had never been looked for; only
    that can make a line not payable (clauses A13, A15)."""
    if around.null is None or around.given is not None or not around.bound.book.strata:
        return
    if around.silent():
        history = History(tuple(x.past for x in around.past if x.past), around.coverage)
        again = decide(around.bound, around.claim, history, null=None)
        around.hard = frozenset(
            (bound.position, x.index, x.diagnoses)
            for x, bound, word, _ in again.outcomes
            if word == "violated"
        )


def diagnosed(around: Surroundings, plans: list[Plan]) -> list[Diagnosed]:
    """Each pair of a diagnosis and a date once, for each rule that judges diagnoses."""
    found: dict[tuple[int, str, object], Diagnosed] = {}
    alone: dict[tuple[int, str], tuple[LineFacts, tuple[int, ...]]] = {}
    for x, plan in zip(around.lines, plans, strict=True):
        for stratum, bound in plan.diagnoses:
            for code in x.diagnoses:
                mark = (bound.position, code, x.date)
                if mark not in found:
                    if (x.index, code) not in alone:
                        alone[x.index, code] = _alone(x, code)
                    found[mark] = Diagnosed(stratum, bound, *alone[x.index, code])
                elif found[mark].stratum < stratum:
                    found[mark] = replace(found[mark], stratum=stratum)
    return list(found.values())


def _alone(x: LineFacts, code: str) -> tuple[LineFacts, tuple[int, ...]]:
    """A line that points to one diagnosis and nothing else, and the lines that point to it."""
    around = x.around
    line = LineFacts(around, replace(x.line, diagnoses=(code,)), x.index, None)
    lines = tuple(y.index for y in around.lines if y.date == x.date and code in y.diagnoses)
    return line, lines


def finish(result: Decided, plans: list[Plan]) -> None:
    """Count what did not apply or was not judged, and find the lines without a policy."""
    for x, plan in zip(result.around.lines, plans, strict=True):
        result.not_applicable += plan.standing
        if plan.unjudged:
            unjudged = sum(1 for bound in plan.unjudged if _may_apply(bound, x))
            result.not_judged += unjudged
            result.not_applicable -= unjudged
        if not plan.in_scope:
            _check_scope(result, x, plan)


def _may_apply(bound: BoundRule, x: LineFacts) -> bool:
    applies = bound.applies(x) if callable(bound.applies) else bound.applies
    return applies is not False


def _check_scope(result: Decided, x: LineFacts, plan: Plan) -> None:
    """A line of which no coverage policy speaks is never clean (clause A23)."""
    values = [scope(x) if callable(scope) else scope for scope in plan.scopes]
    if True in values:
        return
    if None in values:
        result.scope_open.append(x)
    else:
        result.no_policy.append(x.index)
