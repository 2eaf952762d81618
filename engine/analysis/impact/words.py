"""An impact as text, as a fragment of Markdown and as data; ids only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.analysis.impact import Impact
from engine.analysis.impact.flips import Flip
from engine.analysis.impact.samples import Sample
from engine.analysis.impact.table import VERDICTS, flip_table
from engine.analysis.impact.tally import Money, Tally

_MOVES = {
    "verdict": "have another verdict",
    "reasons": "have the same verdict for other reasons",
    "remarks": "get other remarks that do not weigh",
}


def headline(impact: Impact) -> Iterator[str]:
    """The few sentences that come first."""
    flips, claims = len(impact.flips), impact.claims
    yield f"{flips:,} of {claims:,} claims flip ({_share(flips, claims)})"
    for moved, words in _MOVES.items():
        count = sum(flip.moved == moved for flip in impact.flips)
        if count:
            yield f"{count:,} {words}"
    before, after = impact.rate(impact.before), impact.rate(impact.after)
    yield f"first-pass rate: {before:.2%} before, {after:.2%} after"
    yield money_text(impact.money)
    if impact.asked:
        yield f"{impact.asked:,} more claims come out the same and are asked other questions"
    for rule, lines in sorted(impact.quiet.items()):
        yield f"{rule} comes out otherwise on {lines:,} lines that are told the same"


def money_text(money: Money) -> str:
    """The money at stake in words."""
    if money == Money():
        return "no money at stake"
    kinds = {"fails": "newly fail", "passes": "newly pass", "waits": "newly wait for a fact"}
    parts = [f"{getattr(money, k):,.2f} {w}" for k, w in kinds.items() if getattr(money, k)]
    if money.unknown:
        parts.append(f"{money.unknown:,} lines state no charge")
    return "charges at stake: " + ", ".join(parts)


def groups(impact: Impact, *, show_ids: bool) -> list[tuple[str, tuple[Tally, ...]]]:
    """Every table of counts with its title; providers are numbered unless ids are wanted."""
    providers = impact.by_provider
    if not show_ids:
        providers = tuple(
            Tally(f"provider {n}", t.claims, t.lines, t.money)
            for n, t in enumerate(providers, start=1)
        )
    return [
        ("by rule", impact.by_rule),
        ("by reason", impact.by_reason),
        ("by payer", impact.by_payer),
        ("by place of service", impact.by_place),
        ("by provider", providers),
    ]


def lines(impact: Impact, *, show_ids: bool = False) -> Iterator[str]:
    """The impact for a terminal."""
    yield from headline(impact)
    if not impact.flips:
        return
    for title, tallies in groups(impact, show_ids=show_ids):
        yield ""
        yield title
        yield from (f"  {row}" for row in _aligned(tallies))
    if show_ids:
        yield ""
        yield "claims that flip"
        yield from (f"  {_flip(flip)}" for flip in impact.flips)
    for item in impact.samples:
        yield ""
        yield from _sample(item, show_ids=show_ids)


def _aligned(tallies: Sequence[Tally]) -> Iterator[str]:
    width = max((len(t.name) for t in tallies), default=0)
    for t in tallies:
        yield f"{t.name:{width}}  {t.claims:>7,} claims  {t.lines:>7,} lines  {_sum(t.money)}"


def _sum(money: Money) -> str:
    named = {"fail": money.fails, "pass": money.passes, "wait": money.waits}
    return ", ".join(f"{amount:,.2f} {word}" for word, amount in named.items() if amount)


def _flip(flip: Flip) -> str:
    verdicts = f"{VERDICTS[flip.before]} -> {VERDICTS[flip.after]}"
    return f"{flip.claim_id}  {flip.payer}  {verdicts}  {', '.join(flip.rules())}"


def _sample(item: Sample, *, show_ids: bool) -> Iterator[str]:
    flip = item.flip
    named = f" ({flip.claim_id})" if show_ids else ""
    verdicts = f"{VERDICTS[flip.before]} -> {VERDICTS[flip.after]}"
    yield f"flip {item.number}{named}: {flip.payer}, {verdicts}"
    yield from (f"  {text}" for text in item.billed)
    for title, proof in (("before", item.before), ("after", item.after)):
        yield f"  {title}:"
        yield from (f"    {text}" for text in proof)


def markdown(impact: Impact, level: int = 3, *, show_ids: bool = False) -> str:
    """A fragment for a report, its headings from `level` down."""
    found = [f"- {text}" for text in headline(impact)] + [""]
    for title, tallies in groups(impact, show_ids=show_ids) if impact.flips else ():
        found += [f"{'#' * level} Flips {title}", "", *_table(tallies), ""]
    if impact.flips:
        found += [f"{'#' * level} Claims that flip", ""]
        found += [*flip_table(impact.flips, show_ids=show_ids), ""]
    if impact.samples:
        found += [f"{'#' * level} Some of them, with both proofs", ""]
    for item in impact.samples:
        title, *body = _sample(item, show_ids=show_ids)
        found += ["<details>", f"<summary>{title}</summary>", "", "```text", *body, "```"]
        found += ["", "</details>", ""]
    return "\n".join(found).rstrip() + "\n"


def _table(tallies: Sequence[Tally]) -> Iterator[str]:
    yield "| | claims | lines | newly fail | newly pass | newly wait |"
    yield "|---|--:|--:|--:|--:|--:|"
    for t in tallies:
        sums = " | ".join(f"{v:,.2f}" for v in (t.money.fails, t.money.passes, t.money.waits))
        yield f"| {t.name} | {t.claims:,} | {t.lines:,} | {sums} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "none"


def as_data(impact: Impact, *, show_ids: bool = False) -> dict[str, Any]:
    """The impact for programs."""
    data: dict[str, Any] = {
        "claims": impact.claims,
        "lines": impact.lines,
        "before": dict(impact.before),
        "after": dict(impact.after),
        "first_pass_rate": {
            "before": round(impact.rate(impact.before), 6),
            "after": round(impact.rate(impact.after), 6),
        },
        "flips": len(impact.flips),
        "money": _money_data(impact.money),
        "asked_otherwise": impact.asked,
        "quiet": dict(sorted(impact.quiet.items())),
    }
    for title, tallies in groups(impact, show_ids=show_ids):
        data[title.replace(" ", "_")] = [_tally_data(t) for t in tallies]
    data["samples"] = [
        {"rule": s.rule, "billed": s.billed, "before": s.before, "after": s.after}
        for s in impact.samples
    ]
    if show_ids:
        data["claim_ids"] = [flip.claim_id for flip in impact.flips]
    return data


def _tally_data(tally: Tally) -> dict[str, Any]:
    money = _money_data(tally.money)
    return {"name": tally.name, "claims": tally.claims, "lines": tally.lines, "money": money}


def _money_data(money: Money) -> dict[str, str | int]:
    sums: dict[str, Decimal] = {"fails": money.fails, "passes": money.passes, "waits": money.waits}
    return {**{name: str(amount) for name, amount in sums.items()}, "no_charge": money.unknown}
