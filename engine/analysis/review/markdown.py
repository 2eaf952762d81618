"""The report as one Markdown page, as a pull request shows it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.diff.words import escaped
from engine.analysis.diff.words import markdown as diff_markdown
from engine.analysis.impact.words import markdown as impact_markdown
from engine.analysis.review.missing import by_owner, lacking
from engine.analysis.review.report import Review
from engine.analysis.review.tests import TestChange
from engine.analysis.review.words import sentences

_VERDICT = {True: "in order", False: "needs work"}


def report(review: Review, *, show_ids: bool = False) -> str:
    """The whole report."""
    found = [f"# Policy review: {_VERDICT[review.in_order]}", ""]
    found += [f"- {escaped(sentence)}" for sentence in sentences(review)]
    if review.refused:
        found += ["", "## Refused", ""]
        found += [f"- {escaped(str(problem))}" for problem in review.refused]
    found += ["", "## What changes, in words", "", diff_markdown(review.diff).rstrip()]
    found += ["", "## What it does to claims", "", _impact(review, show_ids)]
    found += ["", "## Tests", "", *_tests(review)]
    found += ["", "## What the changed rules rest on", "", *_grounds(review)]
    found += ["", *_digests(review)]
    return "\n".join(found).rstrip() + "\n"


def _impact(review: Review, show_ids: bool) -> str:
    if review.impact is None:
        return "No claims were given: name a corpus with `--claims`."
    return impact_markdown(review.impact, show_ids=show_ids).rstrip()


def _tests(review: Review) -> Iterator[str]:
    score = review.score
    if score.failing:
        yield "These examples and cases do not hold:"
        yield ""
        yield from (f"- {escaped(name)}" for name in score.failing)
        yield ""
    changed = [t for t in review.tests if t.added or t.changed or t.removed]
    yield from (_test(item) for item in changed)
    silent = [t for t in review.tests if t not in changed]
    yield from (f"- `{t.rule}`: no test added; it has {t.whole}" for t in silent)
    yield ""
    yield (
        f"{len(score.tried)} small changes to what changed were tried: {score.noticed} noticed "
        f"({score.percent} %), {len(score.survivors) - len(score.untested)} not noticed for a "
        f"written reason, {len(score.untested)} untested."
    )
    if score.untested:
        yield ""
        yield "Missing tests: nothing would notice it if this were read otherwise."
        yield ""
        yield from _missing(review)


def _test(item: TestChange) -> str:
    parts = []
    for label, names in (("added", item.added), ("other", item.changed), ("gone", item.removed)):
        if names:
            parts.append(f"{label}: {'; '.join(escaped(name) for name in names)}")
    return f"- `{item.rule}` ({item.whole} tests): {' · '.join(parts)}"


def _missing(review: Review) -> Iterator[str]:
    for owner, listed in by_owner(review.score.untested):
        yield f"- `{owner}`: {escaped(listed[0].mutant.says)}"
        yield from (f"  - {_code(lacking(survivor))}" for survivor in listed)


def _code(text: str) -> str:
    """The words of a change, whose own back-ticks stay."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def _grounds(review: Review) -> Iterator[str]:
    if not review.grounds:
        yield "No rule reads otherwise."
    for ground in review.grounds:
        yield f"- `{ground.rule}` ({ground.grade})"
        for cite in ground.cites:
            yield f"  - {cite.source}, {cite.locator} ({cite.evidence}): {escaped(cite.says)}"
        for reading in ground.readings:
            yield f"  - {reading}, a reading that no source states"


def _digests(review: Review) -> Iterator[str]:
    yield f"Digest of the documents: `{review.digests.base}` before, `{review.digests.head}` after."
