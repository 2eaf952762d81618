"""What a layer changes in the rules of its base, and whether that base is still the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.compiler.here import Here
from engine.compiler.library import Library
from engine.compiler.placing import Body, Placed, Rules
from engine.compiler.timeline import Entry, clip, overlay, spans
from engine.documents.load import Document


def change(
    rules: Rules,
    item: Placed,
    ids: Mapping[str, str],
    known_on: date | None,
    changed_by: dict[tuple[int, str], Here],
) -> None:
    """Apply the changes and drops of a layer; `ids` are its base's rules by their name."""
    for name, entries in _changes(item):
        where = entries[0].value.at("rule")
        if name not in ids:
            where.unknown("rule", name, ids)
            continue
        id = ids[name]
        other = changed_by.setdefault((item.rank, id), where)
        if other.document.file != where.document.file:
            where.problem(
                "changed-twice",
                f"the rule `{name}` is changed by another document of the same rank: "
                f"{other.location()}",
                "two layers of one rank may not change one rule",
            )
            continue
        check_orders(name, entries)
        found = clip(spans(entries, known_on), item.begin, item.end)
        rules[id] = overlay(rules[id], found, _merge)


def check_orders(name: str, entries: list[Entry[Here]]) -> None:
    """Report two entries that share `from` and `published` (clause A19)."""
    seen = set()
    for entry in entries:
        if entry.order in seen:
            entry.value.problem(
                "same-dates",
                f"two entries of `{name}` have the same `from` and `published`",
                "which of them holds? give the later one its own `from` or `published`",
            )
        seen.add(entry.order)


def _changes(item: Placed) -> Iterator[tuple[str, list[Entry[Here]]]]:
    entries: dict[str, list[Entry[Here]]] = {}
    head = item.head
    for key in ("changes", "drops"):
        place = head.get(key)
        for part in place.each() if place else ():
            name = part.text("rule")
            if name is None:
                continue
            own = part.day("from")
            published = part.day("published") or (head.day("published") if own is None else None)
            ends = part.data.get("ends") is True
            entry = Entry(own or head.day("from"), published, part, ends)
            entries.setdefault(name, []).append(entry)
    yield from entries.items()


def _merge(base: Body, change: Here) -> Body | None:
    if change.path and change.path[0] == "drops":
        return None
    replaces, adds = change.get("replaces"), change.get("adds")
    parts = dict(base.parts)
    same = True
    for key, part in replaces.items() if replaces else ():
        same = same and key in parts and parts[key].data == part.data
        parts[key] = part
    more = adds.get("unless") if adds else None
    if same and more is None:
        change.problem(
            "changes-nothing",
            "this change leaves the rule as it is",
            "take it out, or replace a key with what differs",
        )
    cites = change.get("cites")
    return Body(
        base.head,
        parts,
        (*base.more_unless, *(more.each() if more else ())),
        base.adopted_by,
        (*base.changed_cites, *([cites] if cites else [])),
    )


def rule_digest(document: Document, name: str) -> str:
    """Twelve hex digits of what a base rule says, its examples left out (clause A20)."""
    entries: list[Any] = [
        {k: v for k, v in rule.items() if k != "examples"} for rule in _entries(document, name)
    ]
    text = json.dumps(entries, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _entries(document: Document, name: str) -> list[dict[str, Any]]:
    rules = document.data.get("rules") or ()
    return [r for r in rules if isinstance(r, dict) and r.get("rule") == name]


def base_of(library: Library, document: Document, rule: str) -> Document | None:
    """The nearest policy below a layer that writes a rule itself."""
    return next((base for base in library.bases(document) if _entries(base, rule)), None)
