"""The chain that decides: an agenda per claim, stratum by stratum, from bound closures.

Whatever a rule derives (a fact of a line, an outcome) is there before a rule that asks for it
runs, because the compiler has ordered the strata; nothing fires twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.chain.bound import BoundBook
from engine.chain.bound_rule import BoundRule
from engine.chain.decided import NO_POLICY, Decided, Diagnosed, diagnosed, finish, weigh_silence
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.selection import NotJudged
from engine.model.claim import Claim, History

__all__ = ["NO_POLICY", "Decided", "decide"]


def decide(
    bound: BoundBook,
    claim: Claim,
    history: History,
    *,
    null: bool | None = False,
    given: Mapping[int, bool] | None = None,
) -> Decided:
    """Evaluate every rule in force on every line of a claim.

    `null` and `given` are explained at `Surroundings`.
    """
    around = Surroundings(bound, claim, history, null=null, given=given)
    weigh_silence(around, decide)
    result = Decided(around)
    plans = [bound.plan(x.procedure, x.date) for x in around.lines]
    judged = diagnosed(around, plans) if any(plan.diagnoses for plan in plans) else []
    for stratum in range(max((plan.height for plan in plans), default=0)):
        for x, plan in zip(around.lines, plans, strict=True):
            if stratum < len(plan.strata):
                _run(result, x, plan.strata[stratum])
        for item in judged:
            if item.stratum == stratum:
                judge_diagnosis(result, item)
    finish(result, plans)
    return result


def _run(result: Decided, x: LineFacts, rules: list[BoundRule]) -> None:
    own, note = (x.index,), result.outcomes.append
    alike = x.around.bound.alike
    kept, mark = alike.words, alike.mark(x)
    for bound in rules:
        word = kept.get((bound.position, mark))
        if word is None:
            word = bound.come_out(x)
            if alike.asks_alone(bound.position, bound.rule):
                kept[bound.position, mark] = word
        if word == "not_applicable":
            continue
        if word == "silent":
            result.silent.append((x, bound))
            continue
        note((x, bound, word, own))
        if bound.bars and word != "met":
            _bar(x, bound, word, own)


def _bar(x: LineFacts, bound: BoundRule, word: str, lines: tuple[int, ...]) -> None:
    """Remember that lines (or all of them) are not payable, or maybe not (clause A13)."""
    around = x.around
    if word == "violated" and not around.denies(x, bound.position):
        return
    if bound.on_claim:
        lines = tuple(range(len(around.lines)))
    (around.barred if word == "violated" else around.unsure).update(lines)


def judge_diagnosis(result: Decided, item: Diagnosed) -> None:
    try:
        word = item.bound.decide(item.alone)
    except NotJudged:
        result.not_judged += len(item.lines)
        return
    if word != "not_applicable":
        result.outcomes.append((item.alone, item.bound, word, item.lines))
        if item.bound.bars and word != "met":
            _bar(item.alone, item.bound, word, item.lines)
