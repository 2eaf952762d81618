"""The report for a terminal: the same sentences, and the first rows of each table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from engine.analysis.summary import codes
from engine.analysis.summary.folder import Folder
from engine.analysis.summary.numbers import Groups, Reason, Summary
from engine.analysis.summary.trace import made_of, trace_lines
from engine.analysis.summary.words import asked, money, notices, opening, percent, rule_name

WIDTH, ROWS = 100, 8
Row = Sequence[str]


def lines(folder: Folder, found: Summary) -> Iterator[str]:
    """The whole text, line by line."""
    yield from _wrapped(made_of(folder, found))
    for notice in notices(folder, found):
        yield from _wrapped(f"NOTE: {notice}")
    yield ""
    for sentence in opening(found):
        yield from _wrapped(sentence)
    yield ""
    yield from _figures(folder, found)
    for title, head, rows in _tables(folder, found):
        if rows:
            yield from _table(title, head, rows)
    yield ""
    for label, value in trace_lines(folder):
        yield f"{label}: {value}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False, break_long_words=False)


def _figures(folder: Folder, found: Summary) -> Iterator[str]:
    claims = found.claims
    shown = (
        ("first-pass rate", percent(claims.rate), "clean claims of those judged"),
        ("to mend", f"{claims.not_clean:,}", "a finding denies, rejects, recodes or reviews"),
        ("waiting", f"{claims.undecided:,}", "a fact is missing, nothing else stands against them"),
        ("at stake", money(claims.stake), "charges of lines denied or rejected, each line once"),
        ("set aside", f"{folder.claims('quarantined'):,}", "could not be read or judged"),
        ("not touched", f"{folder.claims('untouched'):,}", "no rule speaks of them; not counted"),
    )
    for label, figure, means in shown if folder.told else shown[:4]:
        yield f"  {label:16}{figure:>12}   {means}"


def _tables(folder: Folder, found: Summary) -> Iterator[tuple[str, Row, Sequence[Row]]]:
    weighty = [_rule(r) for r in found.by_rule if r.weighs]
    yield "What to mend", ("rule", "claims", "at stake"), weighty
    facts = [
        (asked(f), f"{f.claims:,}", f"{f.alone:,}", f"{f.so_far:,}") for f in found.waiting.facts
    ]
    yield "What claims wait for", ("question", "ask", "alone", "with all above"), facts
    latest = Groups(tuple(reversed(found.by_month.shown)), found.by_month.all)
    yield from (
        (title, (title.lower().removeprefix("by "), *_COUNTS), _groups(groups))
        for title, groups in (
            ("By payer", found.by_payer),
            ("By provider", found.by_provider),
            ("By month", latest),
            ("By place of service", found.by_place),
        )
    )
    yield "By reason code", ("code", "claims", "at stake"), [_code(r) for r in found.by_code]
    yield from _beside(folder, found)


def _beside(folder: Folder, found: Summary) -> Iterator[tuple[str, Row, Sequence[Row]]]:
    """Claims that are in no other table, and single ones where they may be named."""
    held = [(f"{h.code}: {h.reason}", f"{h.count:,}") for h in found.held]
    yield "Set aside", ("reason", "number"), held
    untouched = sorted((folder.run.get("untouched") or {}).items())
    yield "Not touched", ("payer", "claims"), [(str(p), f"{n:,}") for p, n in untouched if n]
    mend = [(c.claim_id, money(c.charge), *c.why[:1]) for c in found.not_clean if c.why]
    yield "Claims to mend first", ("claim", "at stake", "rule"), mend
    wait = [(c.claim_id, money(c.charge), *c.why[:1]) for c in found.undecided if c.why]
    yield "Claims to complete first", ("claim", "charges", "fact"), wait


_COUNTS = ("judged", "clean", "to mend", "waiting", "rate", "at stake")


def _rule(reason: Reason) -> Row:
    return rule_name(reason.names[0]), f"{reason.claims:,}", money(reason.stake)


def _code(reason: Reason) -> Row:
    words = codes.meant(*reason.names[1:])
    named = codes.named(*reason.names)
    return f"{named}: {words}" if words else named, f"{reason.claims:,}", money(reason.stake)


def _groups(groups: Groups) -> list[Row]:
    return [
        (
            " / ".join(name for name in group.names if name),
            *(f"{n:,}" for n in (group.claims.judged, group.claims.clean)),
            *(f"{n:,}" for n in (group.claims.not_clean, group.claims.undecided)),
            percent(group.claims.rate),
            money(group.claims.stake),
        )
        for group in groups.shown
    ]


def _table(title: str, head: Row, rows: Sequence[Row]) -> Iterator[str]:
    shown = rows[:ROWS]
    widths = [max(len(row[n]) for row in (head, *shown)) for n in range(len(head))]
    widths[0] = min(widths[0], WIDTH - 2 - sum(w + 2 for w in widths[1:]))
    yield ""
    yield title
    for row in (head, *shown):
        first = textwrap.shorten(row[0], widths[0], placeholder=" …")
        cells = [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([f"  {first:{widths[0]}}", *cells]).rstrip()
    if len(rows) > ROWS:
        yield f"  and {len(rows) - ROWS:,} more"
