"""The sections of the page: a chart where it helps, a table, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.html.charts import bars, columns, legend
from engine.analysis.html.tables import Cell, Number, sortable
from engine.analysis.markup import Markup, badge, join, tag
from engine.analysis.summary import codes
from engine.analysis.summary.numbers import Group, Groups, Reason, Summary
from engine.analysis.summary.reasons import KINDS
from engine.analysis.summary.section import Section, dollars, number, rule_mark
from engine.analysis.summary.words import counted, money, percent, rule_name, sentence

DRAWN, LAST, LABEL = 8, 36, 38
"""So many bars, months, and letters of a bar's label."""
_CLAIMS = ("Judged", "Clean", "To mend", "Waiting", "First-pass rate", "At stake")


def rules(found: Summary) -> Section:
    """Findings by rule."""
    return Section("rules", "What to mend", _RULES, _rules(found))


def groups(found: Summary) -> Iterator[Section]:
    """Claims by what a manager can act on, and findings by what a remittance would say."""
    yield Section("payers", "By payer", _OF_CLAIMS, _groups(found.by_payer, _PAYER))
    yield Section("providers", "By provider", _PROVIDERS, _groups(found.by_provider, _PROVIDER))
    yield Section("months", "By month", _MONTHS, _months(found))
    yield Section("places", "By place of service", _PLACES, _groups(found.by_place, ("Place",)))
    yield Section("codes", "By reason code", _CODES, _codes(found))


_PAYER, _PROVIDER = ("Payer", "Contractor"), ("Provider (NPI)", "Group")
_RULES = (
    "One row a rule, the one with most money at stake first, with the words that it says most "
    "often. A claim counts once for each rule; it can stand under several, so the rows add up to "
    "more than the whole. “Ready to correct” are findings with a correction that was tried and "
    "settles them. A rule that only warns or informs keeps no claim back."
)
_OF_CLAIMS = (
    "Each judged claim counts once. At stake: charges of the lines that would be denied or "
    "rejected, each line once."
)
_PROVIDERS = (
    f"{_OF_CLAIMS} A claim belongs to the rendering provider of its first line, else to the "
    "billing provider. Few claims make a rate that says little."
)
_MONTHS = f"{_OF_CLAIMS} A claim belongs to the month of its first line."
_PLACES = f"{_OF_CLAIMS} A claim belongs to the place-of-service code of its first line."
_CODES = (
    "The group, reason and remark codes that a remittance would bear, as far as the policies name "
    "one. A claim counts once for each row. The words are our own, not the official texts."
)


def _rules(found: Summary) -> Markup | None:
    if not found.by_rule:
        return None
    head = ("Rule", "Effect", "Claims", "Findings", "Ready to correct", "At stake")
    rows = [
        (
            [
                tag("span", sentence(reason.says), class_="says") if reason.says else None,
                rule_mark(reason.names[0]),
            ],
            _effect(reason),
            number(reason.claims),
            number(reason.findings),
            number(reason.mended),
            dollars(reason.stake),
        )
        for reason in found.by_rule
    ]
    return join([_drawn(found), sortable("Findings by rule", head, rows)])


def _effect(reason: Reason) -> Markup:
    """What the findings do, with counts where they differ."""
    several = len(reason.kinds) > 1
    marks = [
        badge(f"{kind} {reason.kinds[kind]:,}" if several else kind, kind)
        for kind in KINDS
        if kind in reason.kinds
    ]
    return join(marks, " ")


def _drawn(found: Summary) -> Markup | None:
    """The rules with most at stake; where no charge is stated those with most claims."""
    by_money = any(reason.stake for reason in found.by_rule)
    weighty = [r for r in found.by_rule if r.weighs and (r.stake or not by_money)]
    drawn = weighty[:DRAWN]
    rows = [
        (
            label,
            float(r.stake) if by_money else float(r.claims),
            money(r.stake) if by_money else counted(r.claims, "claim"),
            "bad",
        )
        for label, r in zip(_labels(drawn), drawn, strict=True)
    ]
    if not rows:
        return None
    title = "Charges at stake, by rule" if by_money else "Claims to mend, by rule"
    return tag("figure", tag("figcaption", title), bars(rows, title))


def _labels(reasons: list[Reason]) -> list[str]:
    """The rules by name, with their topic where two have one name; short enough for a phone."""
    names = [reason.names[0].rpartition("#")[2] for reason in reasons]
    whole = [
        rule_name(reason.names[0]) if names.count(name) > 1 else name
        for name, reason in zip(names, reasons, strict=True)
    ]
    return [label if len(label) <= LABEL else f"{label[: LABEL - 1]}…" for label in whole]


def _codes(found: Summary) -> Markup | None:
    if not found.by_code:
        return None
    head = ("Code", "Used for", "Claims", "Findings", "At stake")
    rows = [
        (
            tag("strong", codes.named(*reason.names)),
            codes.meant(*reason.names[1:]),
            number(reason.claims),
            number(reason.findings),
            dollars(reason.stake),
        )
        for reason in found.by_code
    ]
    return sortable("Findings by reason code", head, rows)


def _groups(groups: Groups, names: tuple[str, ...]) -> Markup | None:
    if not groups.shown:
        return None
    head = (*names, *_CLAIMS)
    rows: list[list[Cell]] = [[*group.names, *_claims(group)] for group in groups.shown]
    return sortable(f"Claims by {names[0].lower()}", head, rows, more=groups.all - len(rows))


def _claims(group: Group) -> list[Number]:
    claims = group.claims
    return [
        *map(number, (claims.judged, claims.clean, claims.not_clean, claims.undecided)),
        Number(claims.rate or 0.0, percent(claims.rate)),
        dollars(claims.stake),
    ]


def _months(found: Summary) -> Markup | None:
    groups = found.by_month
    if not groups.shown:
        return None
    rows = [(g.names[0], _cuts(g)) for g in groups.shown[-LAST:] if g.names[0][:1].isdigit()]
    latest = Groups(tuple(reversed(groups.shown)), groups.all)
    names = [("good", "clean"), ("open", "waiting"), ("bad", "to mend")]
    which = f"the last {LAST} months" if len(groups.shown) > LAST else "by month"
    title = f"Shares of the judged claims, {which}"
    chart = tag("figure", tag("figcaption", title), columns(rows, title), legend(names))
    return join([chart if len(rows) > 1 else None, _groups(latest, ("Month",))])


def _cuts(group: Group) -> list[tuple[int, str]]:
    claims = group.claims
    return [(claims.clean, "good"), (claims.undecided, "open"), (claims.not_clean, "bad")]
