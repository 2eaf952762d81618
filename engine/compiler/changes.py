"""What a layer changes in the rules of its base, and whether that base is still the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.compiler.here import Here
from engine.compiler.library import Library
from engine.compiler.placing import Body, Placed, Rules
from engine.compiler.timeline import Entry, overlay, spans
from engine.documents.load import Document


def change(
    rules: Rules,
    item: Placed,
    base_id: str,
    known_on: date | None,
    changed_by: dict[tuple[int, str], Here],
) -> None:
    for name, entries in _changes(item):
        id = f"{base_id}#{name}"
        where = entries[0].value.at("rule")
        if id not in rules:
            known = [r.split("#")[1] for r in rules if r.startswith(base_id + "#")]
            where.unknown("rule", name, known)
            continue
        other = changed_by.setdefault((item.rank, id), where)
        if other.document.file != where.document.file:
            where.problem(
                "changed-twice",
                f"the rule `{name}` is changed by another document of the same rank: "
                f"{other.location()}",
                "two layers of one rank may not change one rule",
            )
            continue
        rules[id] = overlay(rules[id], spans(entries, known_on), _merge)


def _changes(item: Placed) -> Iterator[tuple[str, list[Entry[Here]]]]:
    entries: dict[str, list[Entry[Here]]] = {}
    for key in ("changes", "drops"):
        place = item.head.get(key)
        for part in place.each() if place else ():
            name = part.text("rule")
            if name is None:
                continue
            begin = part.day("from") or item.head.day("from")
            entry = Entry(begin, part.day("published"), part, part.data.get("ends") is True)
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
        {k: v for k, v in rule.items() if k != "examples"}
        for rule in document.data.get("rules") or ()
        if isinstance(rule, dict) and rule.get("rule") == name
    ]
    text = json.dumps(entries, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def check_bases(library: Library, head: Here) -> None:
    """Warn of changes whose base text moved since they were confirmed."""
    base = library.policies.get(head.text("extends") or "")
    for key in ("changes", "drops"):
        place = head.get(key)
        for part in place.each() if place and base else ():
            name, said = part.text("rule"), part.text("base")
            if base is None or name is None or said is None:
                continue
            now = rule_digest(base, name)
            if said != now:
                part.at("base").warn(
                    "base-moved",
                    f"the base rule `{name}` is not the text that this {key[:-1]} was confirmed on",
                    "read the base rule, then run `cleanclaim policy confirm`",
                )
