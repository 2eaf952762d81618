"""How well a change is tested, drawn: tests added, the mutation score, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.html.charts import legend, stacked
from engine.analysis.markup import Content, Markup, join, listed, tag
from engine.analysis.review.missing import by_owner, lacking
from engine.analysis.review.report import Review
from engine.analysis.review.tests import TestChange


def tests_section(review: Review) -> Markup:
    """Tests of a change and what they would not notice."""
    score = review.score
    failing: list[Content] = []
    if score.failing:
        failing = [tag("p", "These do not hold:"), listed(score.failing)]
    return join([failing, listed(map(_test, review.tests)), _score(review), *_missing(review)])


def _test(item: TestChange) -> Content:
    parts: list[Content] = [tag("code", item.rule), f": {item.whole} tests"]
    for label, names in (("added", item.added), ("other", item.changed), ("gone", item.removed)):
        if names:
            parts.append(tag("p", f"{label}: {'; '.join(names)}", class_="meta"))
    if len(parts) == 2:
        parts.append(", none of them new")
    return parts


def _score(review: Review) -> Markup | None:
    score = review.score
    if not score.tried:
        return None
    reasoned = len(score.survivors) - len(score.untested)
    cuts = [(score.noticed, "good"), (reasoned, "open"), (len(score.untested), "bad")]
    names = [
        ("good", f"noticed: {score.noticed}"),
        ("open", f"not noticed, for a written reason: {reasoned}"),
        ("bad", f"untested: {len(score.untested)}"),
    ]
    label = f"{len(score.tried)} small changes to what changed, {score.percent} % noticed"
    return tag("figure", stacked([(label, cuts)], label), legend(names))


def _missing(review: Review) -> Iterator[Content]:
    untested = review.score.untested
    if untested:
        yield tag("h3", "Missing tests")
        yield tag("p", "Nothing would notice it if this were read otherwise.", class_="meta")
    for owner, found in by_owner(untested):
        yield tag(
            "div",
            tag("p", tag("code", owner), ": ", found[0].mutant.says),
            listed(map(lacking, found), class_="history"),
            class_="entry",
        )
