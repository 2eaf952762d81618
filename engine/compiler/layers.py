"""The rules that result from a claim's layers (clause A20)."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import date

from engine.compiler.changes import change
from engine.compiler.here import Here
from engine.compiler.library import Library
from engine.compiler.placing import Body, Placed, Rules, heads
from engine.compiler.sight import frozen
from engine.compiler.timeline import Entry, clip, overlay, replace, spans
from engine.documents.load import Document
from engine.model.book import Span

Standing = dict[str, tuple[Span[bool], ...]]
"""The days on which a base stands in the rules already, by the base's id."""


def combine(
    library: Library, placed: list[Placed], known_on: date | None, *, alone: bool = False
) -> Rules:
    """The rules of all layers: each layer adds its own and changes what stands below it.

    A policy that holds only where it is adopted adds nothing, unless it is looked at `alone`.
    """
    rules: Rules = {}
    standing: Standing = {}
    changed_by: dict[tuple[int, str], Here] = {}
    for item in placed:
        if (item.head.text("applies") == "where_adopted" and not alone) or unknown(item, known_on):
            continue
        base = item.head.text("extends")
        if base:
            _extend(library, rules, standing, item, base, known_on, changed_by)
        _join(rules, _own(item.head, known_on), item)
        _stand(standing, item.id, item.first, item.end)
    return rules


def unknown(item: Placed, known_on: date | None) -> bool:
    """Whether nobody could know of a policy yet."""
    said = item.head.day("published") or item.head.day("from")
    return known_on is not None and said is not None and said > known_on


def _stand(standing: Standing, id: str, begin: date | None, end: date | None) -> None:
    standing[id] = (*standing.get(id, ()), Span(begin, end, True))


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
        ends = part.data.get("ends") is True
        entries.setdefault(name, []).append(Entry(begin, published, body, ends))
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
    standing: Standing,
    item: Placed,
    base_id: str,
    known_on: date | None,
    changed_by: dict[tuple[int, str], Here],
) -> None:
    head = item.head
    base = library.base(head.document)
    if base is None:
        if base_id not in library.policies:
            head.at("extends").unknown("policy", base_id, library.policies)
        return
    families = [document.folder for document in library.bases(head.document)]
    taken = _base_rules(library, head, base, known_on)
    _bring(rules, standing, item, base_id, taken)
    ids = [id for id in rules if id.split("#")[0] in families]
    adopted = head.get("adopted_by")
    if adopted is not None:
        for id in ids:
            over = [Span(item.first, item.end, adopted)]
            rules[id] = overlay(rules[id], over, lambda b, a: changed(b, adopted_by=a))
    change(rules, item, {id.split("#")[1]: id for id in ids}, known_on, changed_by)


def _bring(rules: Rules, standing: Standing, item: Placed, base: str, taken: Rules) -> None:
    """Lay the base's rules where no layer below has brought them. With `as_of` they are laid
    over what the layers below have, because this layer follows the base no more."""
    days = (item.first, item.end)
    below = standing.get(base, ())
    if item.head.day("as_of") is not None:
        for id in taken:
            rules[id] = overlay(rules.get(id, ()), [Span(*days, True)], lambda _b, _a: None)
        below = ()
    for id, found in taken.items():
        own = overlay(clip(found, *days), below, lambda _below, _above: None)
        rules[id] = replace(own, rules.get(id, ()))
    _stand(standing, base, *days)


def _base_rules(library: Library, head: Here, base: Document, known_on: date | None) -> Rules:
    """The rules of a base: all of them, or as of one day."""
    base_head = heads(library, base, head.problems)
    as_of = head.sight.as_of or head.day("as_of")
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
    if base:
        lower = Placed(0, head, None, None)
        _extend(library, rules, {}, lower, base, known_on, {})
    rules.update(_own(head, known_on))
    return rules
