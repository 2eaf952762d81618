"""The report as one HTML file: what was found, what to do first, and every table behind it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from engine.analysis.html import tables
from engine.analysis.html.charts import legend, stacked
from engine.analysis.html.sheet import sheet
from engine.analysis.markup import Content, Markup, join, tag
from engine.analysis.summary import lists, sections
from engine.analysis.summary.folder import Folder
from engine.analysis.summary.numbers import Summary
from engine.analysis.summary.section import Section
from engine.analysis.summary.trace import made_of, trace
from engine.analysis.summary.words import counted, money, notices, opening, percent

TITLE = "What became of the claims"


def page(folder: Folder, found: Summary) -> str:
    """The whole file."""
    parts = [part for part in _parts(folder, found) if part.content]
    body = [
        tag("h1", TITLE),
        tag("p", made_of(folder, found), class_="lead"),
        [tag("p", notice, class_="notice") for notice in notices(folder, found)],
        tag("div", [tag("p", sentence) for sentence in opening(found)], class_="summary"),
        tag("ul", list(_cards(folder, found)), class_="figures"),
        _verdicts(found),
        _contents(parts),
        [_section(part) for part in parts],
        trace(folder),
    ]
    style = files("engine.analysis.summary") / "assets" / "report.css"
    return sheet(TITLE, body, style=style.read_text(encoding="utf-8"), script=tables.script())


def _parts(folder: Folder, found: Summary) -> Iterator[Section]:
    """In the order in which a manager wants them."""
    yield sections.rules(found)
    yield lists.waiting(found)
    yield from sections.groups(found)
    yield from lists.asides(folder, found)
    yield from lists.named(found)


def _cards(folder: Folder, found: Summary) -> Iterator[Markup]:
    claims = found.claims
    yield _card(
        percent(claims.rate),
        "first-pass rate",
        f"{claims.clean:,} of {counted(claims.judged, 'judged claim')} are clean: no rule stands "
        "against them and nothing is left to ask.",
    )
    yield _card(
        f"{claims.not_clean:,}",
        "to mend",
        "Claims on which the payer would deny, reject, recode or review something.",
    )
    yield _card(
        f"{claims.undecided:,}",
        "waiting for a fact",
        "Nothing stands against them so far, but the record leaves a question open.",
    )
    yield _card(
        money(claims.stake),
        "at stake",
        "Charges of the lines that would be denied or rejected. Each line counts once, however "
        "many findings it has. Charges, not payments.",
    )
    yield from _beside(folder)


def _beside(folder: Folder) -> Iterator[Markup]:
    """Claims that are not part of the rate."""
    aside, untouched = folder.claims("quarantined"), folder.claims("untouched")
    if aside:
        yield _card(f"{aside:,}", "set aside", "Could not be read or judged; see why below.")
    if untouched:
        yield _card(
            f"{untouched:,}",
            "not touched",
            "No rule here speaks of any of their lines. They are not part of the rate.",
        )


def _card(figure: str, label: str, means: str) -> Markup:
    return tag("li", tag("strong", figure), tag("span", label), tag("p", means))


def _verdicts(found: Summary) -> Markup | None:
    claims = found.claims
    if not claims.judged:
        return None
    kinds = (
        (claims.clean, "good", "clean"),
        (claims.undecided, "open", "waiting for a fact"),
        (claims.not_clean, "bad", "to mend"),
    )
    row = (f"{claims.judged:,} judged claims", [(count, class_) for count, class_, _ in kinds])
    names = [
        (class_, f"{label}: {count:,} ({percent(count / claims.judged)})")
        for count, class_, label in kinds
    ]
    return tag("figure", stacked([row], "Judged claims by outcome"), legend(names))


def _contents(parts: list[Section]) -> Markup:
    links = [tag("a", part.title, href=f"#{part.anchor}") for part in parts]
    return tag("p", join(links, " · "), class_="jump")


def _section(part: Section) -> Markup:
    content: Content = part.content
    return tag(
        "section",
        tag("h2", part.title),
        tag("p", part.means, class_="lead"),
        content,
        id=part.anchor,
    )
