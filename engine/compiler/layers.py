"""The rules that result from a claim's layers (clause A20)."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import date

from engine.compiler.changes import change
from engine.compiler.here import Here
from engine.compiler.library import Library
from engine.compiler.placing import Body, Placed, Rules, heads
from engine.compiler.sight import Sight
from engine.compiler.timeline import Entry, clip, overlay, spans
from engine.documents.load import Document
from engine.model.book import Span


def combine(
    library: Library, placed: list[Placed], known_on: date | None, *, alone: bool = False
) -> Rules:
    """The rules of all layers: each layer adds its own and changes what stands below it.

    A policy that holds only where it is adopted adds nothing, unless it is looked at `alone`.
    """
    rules: Rules = {}
    changed_by: dict[tuple[int, str], Here] = {}
    for item in placed:
        if item.head.text("applies") == "where_adopted" and not alone:
            continue
        base = item.head.text("extends")
        if base:
            _extend(library, rules, item, base, known_on, changed_by)
        _join(rules, _own(item.head, known_on), item)
    return rules


def _join(rules: Rules, more: Rules, item: Placed) -> None:
    for id, found in more.items():
        kept = clip(found, item.begin, item.end)
        if kept:
            rules[id] = (*rules.get(id, ()), *kept)


def _own(head: Here, known_on: date | None) -> Rules:
    """The rules that a policy writes itself, as spans."""
    entries: dict[str, list[Entry[Body]]] = {}
    place = head.get("rules")
    for part in place.each() if place else ():
        name = part.text("rule") if isinstance(part.data, dict) else None
        if name is None:
            continue
        begin = part.day("from") or head.day("from")
        published = part.day("published") or (
            head.day("published") if part.day("from") is None else None
        )
        body = Body(head, dict(part.items()))
        entries.setdefault(name, []).append(Entry(begin, published, body))
    _check_doubles(entries)
    folder = head.document.folder
    return {f"{folder}#{name}": spans(found, known_on) for name, found in entries.items()}


def _check_doubles(entries: dict[str, list[Entry[Body]]]) -> None:
    for name, found in entries.items():
        seen = set()
        for entry in found:
            if entry.order in seen:
                entry.value.parts["rule"].problem(
                    "same-dates",
                    f"two entries of the rule `{name}` have the same `from` and `published`",
                    "a later text of a rule has its own `from`",
                )
            seen.add(entry.order)


def _extend(
    library: Library,
    rules: Rules,
    item: Placed,
    base_id: str,
    known_on: date | None,
    changed_by: dict[tuple[int, str], Here],
) -> None:
    head = item.head
    base = library.policies.get(base_id)
    if base is None:
        head.at("extends").unknown("policy", base_id, library.policies)
        return
    begin = max((d for d in (head.day("from"), item.begin) if d), default=None)
    ids = [id for id in rules if id.startswith(base_id + "#")]
    if not ids:
        taken = _base_rules(library, head, base, known_on)
        ids = list(taken)
        for id, found in taken.items():
            rules[id] = clip(found, begin, item.end)
    adopted = head.get("adopted_by")
    if adopted is not None:
        for id in ids:
            over = [Span(begin, item.end, adopted)]
            rules[id] = overlay(rules[id], over, lambda b, a: changed(b, adopted_by=a))
    change(rules, item, base_id, known_on, changed_by)


def _base_rules(library: Library, head: Here, base: Document, known_on: date | None) -> Rules:
    """The rules of a base that no layer below has brought: all of them, or as of one day."""
    as_of = head.day("as_of")
    base_head = heads(library, base, head.problems)
    if as_of is None:
        return _all_rules(library, base_head, known_on)
    sight = frozen(base_head.sight, as_of)
    old = Here(base, (), base.data, head.problems, sight)
    when = as_of if known_on is None else min(as_of, known_on)
    found = _all_rules(library, old, when)
    return {
        id: tuple(Span(None, None, s.value) for s in rules if s.holds(as_of))
        for id, rules in found.items()
    }


def _all_rules(library: Library, head: Here, known_on: date | None) -> Rules:
    base = head.text("extends")
    rules: Rules = {}
    if base and base in library.policies:
        lower = Placed(0, head, None, None)
        _extend(library, rules, lower, base, known_on, {})
    rules.update(_own(head, known_on))
    return rules


def frozen(sight: Sight, as_of: date) -> Sight:
    """The sight of a base as it stood on a day: its full names carry the date."""
    mark = f"@{as_of.isoformat()}"
    places = {(kind, full + mark): here for (kind, full), here in sight.places.items()}
    result = changed(sight, places=places, as_of=as_of)
    for kind in ("sets", "parameters", "decisions", "derives", "tables"):
        setattr(result, kind, {name: full + mark for name, full in sight.named(kind).items()})
    return result
