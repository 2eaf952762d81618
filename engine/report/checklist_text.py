"""A checklist as text for the visit: what to write down, and what else limits the service."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.report.cited import in_words

WIDTH = 100
_WHEN = {
    "before_service": "Before the service the note states",
    "at_service": "The note of the service states",
    "after_service": "After the service the note states",
}
_ROLES = {
    "must": "",
    "if_it_applies": "where it applies: ",
    "instead": "or instead: ",
    "condition": "says whether the rule applies: ",
    "if_it_happened": "only if it happened: ",
}
_SOFT = ("warn", "info", "revenue")
_REST = {
    "claim": "The claim must bear",
    "limits": "Limits",
    "authorization": "Authorization",
    "person": "A person decides",
    "never": "Not covered",
}


def checklist_lines(shown: Mapping[str, Any], title: str) -> Iterator[str]:
    """The lines of a checklist."""
    yield title
    if not shown["covered_by_policy"]:
        yield from _wrapped("No policy here speaks of this code on this day.", 2)
    for when, heading in _WHEN.items():
        items: Sequence[Mapping[str, Any]] = shown["note"][when]
        if items:
            yield ""
            yield heading
            for item in items:
                yield from _item(item)
    for name, heading in _REST.items():
        if shown[name]:
            yield ""
            yield heading
            for reason in shown[name]:
                yield from _reason(reason, 2)


def _item(item: Mapping[str, Any]) -> Iterator[str]:
    box = "[ ]" if item["required"] else "( )"
    yield from _wrapped(f"{box} {item['question']}", 2, 6)
    for reason in item["rules"]:
        yield from _reason(reason, 6)


def _reason(reason: Mapping[str, Any], indent: int) -> Iterator[str]:
    yield from _wrapped(f"{_ROLES[reason['role']]}{reason['says']}", indent)
    rule = reason["rule"].split("#")[-1]
    soft = f", {reason['finding']} only" if reason["finding"] in _SOFT else ""
    yield from _wrapped(f"{rule}{soft}: {in_words(reason['cites'])}", indent + 2)


def _wrapped(text: str, indent: int, below: int | None = None) -> Iterator[str]:
    more = " " * (indent if below is None else below)
    yield from textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=more)
