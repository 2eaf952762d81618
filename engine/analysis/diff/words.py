"""A diff as text, as a fragment of Markdown and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from engine.analysis.diff.change import Change, Clause, Diff
from engine.analysis.diff.sentences import days, listing

_MARKS = {
    "new": "+",
    "ended": "-",
    "tightened": "!",
    "loosened": "~",
    "changed": "*",
    "reworded": ".",
}


def summary(diff: Diff) -> str:
    """``1 rule loosened, 2 new; 1 parameter changed``."""
    if not diff.changes:
        return "nothing differs"
    parts = []
    for what, group in groupby(sorted(diff.changes, key=lambda c: c.what), key=lambda c: c.what):
        kinds = Counter(str(change.kind) for change in group)
        counts = ", ".join(f"{kinds[kind]} {kind}" for kind in _MARKS if kinds[kind])
        parts.append(f"{what}s: {counts}".replace("policys", "policies"))
    return "; ".join(parts)


def lines(diff: Diff) -> Iterator[str]:
    """The diff for a terminal: by topic, rule and clause."""
    yield f"{diff.base} -> {diff.head}: {summary(diff)}"
    for topic, group in groupby(diff.changes, key=lambda c: c.topic):
        changes = list(group)
        yield ""
        yield f"{topic or 'policies'}: {changes[0].title}"
        for change in changes:
            named = f"{change.what} {change.name}, {change.kind}{_when(change)}"
            yield f"  {_MARKS[change.kind]} {named}"
            yield from (f"      {line}" for line in _body(change))


def _when(change: Change) -> str:
    return f", {days(change.begin, change.end)}" if change.what == "rule" and change.begin else ""


def _body(change: Change) -> Iterator[str]:
    if change.says:
        yield change.says
    yield from (_clause(clause) for clause in change.clauses)
    if change.codes and change.what in ("rule", "table"):
        yield f"codes: {listing(change.codes)}"
    if change.states:
        yield f"states: {listing(change.states)}"
    if change.layers:
        yield f"taken over by: {_layers(change)}"


def _layers(change: Change) -> str:
    """The folders of the layers' policies, which bear the contractors' and plans' names."""
    return ", ".join(dict.fromkeys(layer.split("/")[-2] for layer in change.layers))


def _clause(clause: Clause) -> str:
    effect = f" ({clause.effect})" if clause.effect in ("loosens", "tightens") else ""
    if clause.before is None and clause.after is None:
        return f"{clause.part}: reads otherwise{effect}"
    if clause.before is None:
        return f"{clause.part}: added: {clause.after}{effect}"
    if clause.after is None:
        return f"{clause.part}: taken out: {clause.before}{effect}"
    return f"{clause.part}: was: {clause.before}; is: {clause.after}{effect}"


def markdown(diff: Diff, level: int = 3) -> str:
    """A fragment for a report, its headings from `level` down."""
    found = [f"{summary(diff).capitalize()}.", ""]
    for topic, group in groupby(diff.changes, key=lambda c: c.topic):
        changes = list(group)
        found += [f"{'#' * level} {changes[0].title}", "", f"`{topic or 'policies'}`", ""]
        for change in changes:
            found += _item(change)
        found.append("")
    return "\n".join(found).rstrip() + "\n"


def _item(change: Change) -> Iterator[str]:
    yield f"- **{change.name}** ({change.what}) is **{change.kind}**{_when(change)}."
    if change.says:
        yield f"  {escaped(change.says)}"
    for clause in change.clauses:
        yield f"  - {escaped(_clause(clause))}"
    if change.codes and change.what in ("rule", "table"):
        yield f"  - codes: {listing(change.codes)}"
    if change.states:
        yield f"  - states: {listing(change.states)}"
    if change.layers:
        yield f"  - taken over by: {_layers(change)}"
    if change.cites:
        yield f"  - rests on: {', '.join(change.cites)}"


def escaped(text: str) -> str:
    """Text in which nothing is taken for Markdown or HTML."""
    for sign in ("\\", "`", "*", "_", "[", "]", "<", ">", "|"):
        text = text.replace(
            sign, "\\" + sign if sign not in "<>" else {"<": "&lt;", ">": "&gt;"}[sign]
        )
    return text


def as_data(diff: Diff) -> dict[str, Any]:
    """The diff for programs."""
    return {
        "base": diff.base,
        "head": diff.head,
        "summary": summary(diff),
        "changes": [_change_data(change) for change in diff.changes],
    }


def _change_data(change: Change) -> dict[str, Any]:
    names = ("topic", "title", "what", "name", "rule", "kind", "says")
    return {
        **{name: getattr(change, name) for name in names},
        "from": str(change.begin) if change.begin else None,
        "until_before": str(change.end) if change.end else None,
        "clauses": [{k: getattr(c, k) for k in c.__dataclass_fields__} for c in change.clauses],
        "codes": list(change.codes),
        "states": list(change.states),
        "layers": list(change.layers),
        "cites": list(change.cites),
        "place": str(change.place) if change.place else None,
    }
