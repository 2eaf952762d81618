"""What a change does to claims, drawn: verdicts, rules, money, and every claim that flips."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.analysis.html.charts import bars, legend, stacked
from engine.analysis.impact import Flip, Impact, Tally
from engine.analysis.impact.words import groups, headline
from engine.analysis.markup import Content, Markup, badge, join, listed, table, tag

_VERDICTS = (("clean", "good"), ("not_clean", "bad"), ("undecided", "open"))
MOST = 200
"""So many flips are listed."""


def impact_section(impact: Impact, *, show_ids: bool) -> Markup:
    """Charts and tables of an impact."""
    found: list[Content] = [listed(headline(impact)), _verdicts(impact)]
    if impact.flips:
        found += [
            _rules(impact),
            _money(impact),
            tag("h3", "Claims that flip"),
            _flips(impact, show_ids),
        ]
        found += _tables(impact, show_ids)
    return join(found)


def _verdicts(impact: Impact) -> Markup:
    rows = [
        (label, [(counts[verdict], class_) for verdict, class_ in _VERDICTS])
        for label, counts in (("before", impact.before), ("after", impact.after))
    ]
    names = [
        (
            class_,
            f"{verdict.replace('_', ' ')}: {impact.before[verdict]:,} → {impact.after[verdict]:,}",
        )
        for verdict, class_ in _VERDICTS
    ]
    return tag("figure", stacked(rows, "Verdicts before and after"), legend(names))


def _rules(impact: Impact) -> Markup:
    rows = [
        (tally.name.rpartition("#")[2], float(tally.claims), _claims(tally.claims), "main")
        for tally in impact.by_rule[:12]
    ]
    return tag(
        "figure", tag("figcaption", "Claims that flip, by rule"), bars(rows, "Flips by rule")
    )


def _claims(count: int) -> str:
    return f"{count:,} claim{'' if count == 1 else 's'}"


def _money(impact: Impact) -> Markup | None:
    kinds = (
        ("newly pass", impact.money.passes, "good"),
        ("newly fail", impact.money.fails, "bad"),
        ("newly wait for a fact", impact.money.waits, "open"),
    )
    rows = [(label, float(sum_), f"{sum_:,.2f}", class_) for label, sum_, class_ in kinds if sum_]
    if not rows:
        return None
    return tag("figure", tag("figcaption", "Charges at stake"), bars(rows, "Charges at stake"))


def _flips(impact: Impact, show_ids: bool) -> Markup:
    rows = [_flip(n, flip, show_ids) for n, flip in enumerate(impact.flips[:MOST], start=1)]
    more = len(impact.flips) - len(rows)
    head = ("Claim", "Payer", "Lines", "Verdict", "Charges", "Rules")
    whole = table(head, rows, class_="stacked")
    return join([whole, tag("p", f"and {more:,} more") if more > 0 else None])


def _flip(number: int, flip: Flip, show_ids: bool) -> list[Content]:
    lines = ", ".join(f"{line.number} ({line.procedure})" for line in flip.lines)
    charges = sum((line.charge or Decimal(0) for line in flip.lines), Decimal(0))
    return [
        flip.claim_id if show_ids else f"flip {number}",
        flip.payer,
        lines,
        _moved(flip),
        f"{charges:,.2f}",
        join([tag("code", r.rpartition("#")[2], title=r) for r in flip.rules()], ", "),
    ]


def _moved(flip: Flip) -> Content:
    kinds = {"clean": "met", "not_clean": "violated", "undecided": "undecided"}
    before, after = badge(flip.before, kinds[flip.before]), badge(flip.after, kinds[flip.after])
    return join([before, " → ", after]) if flip.before != flip.after else [before, " other reasons"]


def _tables(impact: Impact, show_ids: bool) -> Iterator[Content]:
    for title, tallies in groups(impact, show_ids=show_ids):
        if tallies:
            yield tag("details", tag("summary", f"Flips {title}"), _tallies(tallies))
    for item in impact.samples:
        text = "\n".join((*item.billed, "", "before:", *item.before, "", "after:", *item.after))
        label = f"Both proofs of flip {item.number}"
        yield tag("details", tag("summary", label), tag("pre", text))


def _tallies(tallies: tuple[Tally, ...]) -> Markup:
    rows = [
        [
            t.name,
            f"{t.claims:,}",
            f"{t.lines:,}",
            *(f"{v:,.2f}" for v in (t.money.fails, t.money.passes, t.money.waits)),
        ]
        for t in tallies
    ]
    return table(("", "claims", "lines", "newly fail", "newly pass", "newly wait"), rows)
