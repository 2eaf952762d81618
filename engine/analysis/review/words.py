"""The sentences that a medical director reads first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.analysis.diff import Change, Diff
from engine.analysis.diff.sentences import days, listing
from engine.analysis.impact import Impact
from engine.analysis.impact.words import money_text
from engine.analysis.review.missing import named
from engine.analysis.review.report import Review

_KINDS = {
    "new": "is new",
    "ended": "ends",
    "tightened": "becomes stricter",
    "loosened": "becomes more generous",
    "changed": "changes",
    "reworded": "is worded otherwise and means the same",
}
MOST = 6
"""So many rules are named in the summary; the rest are counted."""


def sentences(review: Review) -> Iterator[str]:
    """What the change is, what it does, whether it is tested, and what it rests on."""
    yield from _what(review.diff)
    if review.refused:
        texts = f"{len(review.refused)} text{_s(len(review.refused))}"
        yield f"It edits {texts} in force, which is refused: see below for the mend."
    if review.impact is None:
        yield "No corpus of claims was given, so what it does to claims is not known."
    else:
        yield _does(review.impact)
    yield from _tested(review)
    yield from _rests(review)


def _what(diff: Diff) -> Iterator[str]:
    rules = [c for c in diff.changes if c.what in ("rule", "policy")]
    if not diff.changes:
        yield "No rule and no definition reads otherwise."
    elif not rules:
        yield f"{len(diff.changes)} definition{_s(len(diff.changes))} read otherwise; no rule does."
    for change in rules[:MOST]:
        yield _change(change)
    if len(rules) > MOST:
        yield f"And {len(rules) - MOST} more changes of rules."


def _change(change: Change) -> str:
    when = f" {days(change.begin, change.end)}" if change.begin else ""
    where = f", in {listing(change.states)}" if change.states else ""
    named = f"{change.name} ({change.title}) {_KINDS[change.kind]}{when}{where}"
    before = [c.before for c in change.clauses if c.before is not None and c.after is not None]
    was = f"; before: {before[0]}" if len(change.clauses) == len(before) == 1 else ""
    return f"{change.says} {named}{was}." if change.says else f"{named}{was}."


def _does(impact: Impact) -> str:
    flips = len(impact.flips)
    if not flips:
        return f"None of {impact.claims:,} claims comes out otherwise."
    moves = Counter((f.before, f.after) for f in impact.flips if f.before != f.after)
    told = ", ".join(
        f"{count:,} from {before.replace('_', ' ')} to {after.replace('_', ' ')}"
        for (before, after), count in sorted(moves.items())
    )
    turned = f" ({told})" if told else ""
    money = money_text(impact.money)
    return f"{flips:,} of {impact.claims:,} claims come out otherwise{turned}; {money}."


def _tested(review: Review) -> Iterator[str]:
    score = review.score
    if score.failing:
        count = len(score.failing)
        verb = "does" if count == 1 else "do"
        yield f"{count} test{_s(count)} {verb} not hold any more: see below."
    if not score.tried:
        yield "Nothing that can be tested reads otherwise."
        return
    untested = len(score.untested)
    share = f"tests notice {score.noticed} of {len(score.tried)} small changes to it"
    verb = "is" if untested == 1 else "are"
    left = f"{untested} {verb} untested: {named(score.untested)}" if untested else "none is left"
    yield f"Of what changed, {share} ({score.percent} %); {left}."


def _rests(review: Review) -> Iterator[str]:
    for grade, count in sorted(Counter(ground.grade for ground in review.grounds).items()):
        ground = "a reading alone" if grade == "interpretation" else f"{grade} evidence"
        yield f"{count} changed rule{_s(count)} rest{'s' if count == 1 else ''} on {ground}."


def _s(count: int) -> str:
    return "" if count == 1 else "s"
