"""Which policies stand in a claim's layers, and the rules that result (clause A20)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date
from typing import Any

from engine.compiler.here import Here
from engine.compiler.library import Library, day
from engine.compiler.sight import Sight, sight_of
from engine.compiler.timeline import Entry, clip, overlay, spans
from engine.documents.load import Document
from engine.model.book import Span
from engine.model.problem import Problem

RANKS = ("coding", "payer", "contractor", "plan")


@dataclass(frozen=True)
class Placed:
    """A policy in the layers of a claim: its rank, and the days on which its layer stands."""

    rank: int
    head: Here
    begin: date | None
    end: date | None

    @property
    def id(self) -> str:
        return self.head.document.folder


@dataclass(frozen=True)
class Body:
    """A rule as written, key by key, from its base and the layers that changed it."""

    head: Here
    parts: dict[str, Here]
    more_unless: tuple[Here, ...] = ()
    adopted_by: Here | None = None
    changed_cites: tuple[Here, ...] = ()

    @property
    def whole(self) -> Here:
        return next(iter(self.parts.values()))


Rules = dict[str, tuple[Span[Body], ...]]


def heads(library: Library, document: Document, problems: list[Problem]) -> Here:
    """The head of a policy, with its own sight."""
    sight = sight_of(library, document, problems)
    return Here(document, (), document.data, problems, sight)


def place(
    library: Library,
    payer: Document,
    contractor: str | None,
    plan: str | None,
    problems: list[Problem],
    known_on: date | None,
) -> list[Placed]:
    """The policies of the payer's layers, most general first."""
    entries = [
        Entry(day(e.get("from")), day(e.get("published")), e)
        for e in payer.data.get("layers") or ()
    ]
    placed = []
    for span in spans(entries, known_on):
        for rank, layer in enumerate(RANKS):
            for folder in span.value.get(layer) or ():
                name = _fill(folder, contractor, plan)
                for document in _below(library, name) if name else ():
                    head = heads(library, document, problems)
                    placed.append(Placed(rank, head, span.begin, span.end))
    return placed


def _fill(folder: str, contractor: str | None, plan: str | None) -> str | None:
    for word, value in (("{contractor}", contractor), ("{plan}", plan)):
        if word in folder:
            if value is None:
                return None
            folder = folder.replace(word, value)
    return folder


def _below(library: Library, folder: str) -> list[Document]:
    return [
        d
        for name, d in sorted(library.policies.items())
        if name == folder or name.startswith(folder + "/")
    ]


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
    _change(rules, item, base_id, known_on, changed_by)


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


def _change(
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
