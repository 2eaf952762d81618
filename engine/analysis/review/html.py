"""The report as one HTML file that needs nothing else: its style and charts are inside."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import groupby

from engine.analysis.diff import Change, Clause
from engine.analysis.diff.sentences import days, listing
from engine.analysis.html.sheet import sheet
from engine.analysis.impact import Impact
from engine.analysis.markup import Content, Markup, badge, join, listed, tag
from engine.analysis.review.claims import impact_section
from engine.analysis.review.evidence import Ground
from engine.analysis.review.report import Review
from engine.analysis.review.trials import tests_section
from engine.analysis.review.words import sentences

_EFFECT = {"loosens": "met", "tightens": "violated"}
_KIND = {"new": "info", "ended": "deny", "tightened": "deny", "loosened": "met"}


def page(review: Review, *, show_ids: bool = False) -> str:
    """The whole file."""
    body = [
        _top(review),
        _section("What changes, in words", _changes(review)),
        _section("What it does to claims", _impact(review.impact, show_ids)),
        _section("Tests", tests_section(review)),
        _section("What the changed rules rest on", _grounds(review)),
        tag(
            "p",
            "Digest of the documents: ",
            tag("code", review.digests.base),
            " before, ",
            tag("code", review.digests.head),
            " after.",
            class_="meta",
        ),
    ]
    style = files("engine.analysis.review") / "assets" / "review.css"
    return sheet("Policy review", body, style=style.read_text(encoding="utf-8"))


def _section(title: str, *content: Content) -> Markup:
    return tag("section", tag("h2", title), *content)


def _top(review: Review) -> Markup:
    verdict = badge("in order", "met") if review.in_order else badge("needs work", "warn")
    compared = f"{review.diff.base} → {review.diff.head}"
    refused = listed((str(p) for p in review.refused), class_="history")
    return join(
        [
            tag("p", compared, class_="crumbs"),
            tag("h1", "Policy review ", verdict),
            tag("div", listed(sentences(review)), class_="summary"),
            [tag("h2", "Refused"), refused] if review.refused else None,
        ]
    )


def _changes(review: Review) -> Iterator[Content]:
    if not review.diff.changes:
        yield tag("p", "Nothing reads otherwise.")
    for topic, group in groupby(review.diff.changes, key=lambda c: c.topic):
        changes = list(group)
        yield tag("p", tag("strong", changes[0].title), " ", tag("code", topic or "policies"))
        yield [_change(change) for change in changes]


def _change(change: Change) -> Markup:
    when = f" · {days(change.begin, change.end)}" if change.begin else ""
    about = [
        ("codes", listing(change.codes) if change.what in ("rule", "table") else ""),
        ("states", listing(change.states)),
        ("taken over by", ", ".join(dict.fromkeys(x.split("/")[-2] for x in change.layers))),
        ("rests on", ", ".join(change.cites)),
    ]
    return tag(
        "div",
        tag(
            "div",
            tag("h3", change.name),
            tag("div", badge(change.kind, _KIND.get(change.kind, "info")), class_="badges"),
            class_="top",
        ),
        tag("p", f"{change.what}{when}", class_="meta"),
        tag("p", change.says, class_="says") if change.says else None,
        [_clause(clause) for clause in change.clauses],
        [tag("p", f"{label}: {words}", class_="meta") for label, words in about if words],
        class_="rule",
    )


def _clause(clause: Clause) -> Markup:
    effect = badge(clause.effect, _EFFECT[clause.effect]) if clause.effect in _EFFECT else None
    before = tag("del", clause.before) if clause.before is not None else None
    after = tag("ins", clause.after) if clause.after is not None else None
    return tag(
        "div", tag("p", clause.part, " ", effect, class_="meta"), before, after, class_="was"
    )


def _impact(impact: Impact | None, show_ids: bool) -> Markup:
    if impact is None:
        return tag("p", "No claims were given: name a corpus with --claims.")
    return impact_section(impact, show_ids=show_ids)


def _grounds(review: Review) -> Iterator[Content]:
    if not review.grounds:
        yield tag("p", "No rule reads otherwise.")
    yield [_ground(ground) for ground in review.grounds]


def _ground(ground: Ground) -> Markup:
    cites: list[Content] = [
        [tag("strong", f"{c.source}, {c.locator}"), " ", badge(c.evidence), " ", c.says]
        for c in ground.cites
    ]
    cites += [f"{reading}, a reading that no source states" for reading in ground.readings]
    return tag(
        "div",
        tag("h3", tag("code", ground.rule), " ", badge(ground.grade)),
        listed(cites, class_="history"),
        class_="entry",
    )
