"""Gathers the definitions that the policies of a book can see, and what layers put over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from engine.compiler import definitions
from engine.compiler.derivations import derivation
from engine.compiler.here import Here
from engine.compiler.library import Library, day
from engine.compiler.lowering import PolicyLowering
from engine.compiler.placing import Placed
from engine.compiler.sight import Sight
from engine.compiler.timeline import clip, joined, replace
from engine.model.book import CodeSet, Dated, Derivation, Span, Table
from engine.model.term import Decision


@dataclass
class Gathered:
    """Definitions by full name."""

    sets: dict[str, CodeSet] = field(default_factory=dict)
    attributes: dict[str, dict[str, tuple[Span[str], ...]]] = field(default_factory=dict)
    parameters: dict[str, tuple[Span[Dated], ...]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    derivations: dict[str, tuple[Span[Derivation], ...]] = field(default_factory=dict)


def gather(
    library: Library,
    sights: Iterable[Sight],
    placed: Iterable[Placed],
    lowerings: Mapping[str, PolicyLowering],
    known_on: date | None,
) -> Gathered:
    """Compile every definition in sight once, then lay the layers' own values over it."""
    found = Gathered()
    for sight in sights:
        for (kind, full), here in sorted(sight.places.items()):
            _compile(library, found, kind, full, here, lowerings, known_on)
    for item in placed:
        for kind, full, here in item.head.sight.overrides:
            _override(library, found, item, kind, full, here, lowerings, known_on)
    return found


def _compile(
    library: Library,
    found: Gathered,
    kind: str,
    full: str,
    here: Here,
    lowerings: Mapping[str, PolicyLowering],
    known_on: date | None,
) -> None:
    as_of = day(full.partition("@")[2])
    when = min((d for d in (as_of, known_on) if d), default=None)
    if kind == "sets" and full not in found.sets:
        found.sets[full] = _frozen_set(definitions.code_set(full, here, when), as_of)
        if as_of is None:
            _merge_attributes(found, here, definitions.attributes(here, when))
    elif kind == "parameters" and full not in found.parameters:
        found.parameters[full] = _frozen(definitions.parameter(library, here, when), as_of)
    elif kind == "tables" and full not in found.tables:
        make = partial(definitions.table, library, here, when)
        found.tables[full] = library.once(("table", full, when), make)
    elif kind == "decisions" and full not in found.decisions:
        found.decisions[full] = definitions.decision(full, here)
    elif kind == "derives" and full not in found.derivations:
        entries = _entries(here)
        lowering = lowerings.get(here.document.folder) or PolicyLowering(here, {})
        derived = derivation(library, entries, lowering, when)
        found.derivations[full] = _frozen(derived, as_of)


def _entries(here: Here) -> list[Here]:
    """All dated entries of the derived fact of which `here` is the first."""
    top = Here(here.document, (), here.document.data, here.problems, here.sight)
    name = here.text("fact")
    return [part for part in top.at("derives").each() if part.text("fact") == name]


def _override(
    library: Library,
    found: Gathered,
    item: Placed,
    kind: str,
    full: str,
    here: Here,
    lowerings: Mapping[str, PolicyLowering],
    known_on: date | None,
) -> None:
    begin, end = item.first, item.end
    if kind != "derives" and here.text("why") is None:
        here.problem(
            "no-reason",
            f"`{full.split(':')[-1]}` is the base's; a layer that gives its own says why",
            "add `why:` with the sentence that a reviewer needs",
            key=True,
        )
    if kind == "parameters":
        own = clip(definitions.parameter(library, here, known_on), begin, end)
        _check_differs(here, found.parameters.get(full, ()), own)
        found.parameters[full] = replace(found.parameters.get(full, ()), own)
    elif kind == "sets":
        own_set = definitions.code_set(full, here, known_on)
        found.sets[full] = _replace_set(found.sets[full], own_set, begin, end)
        _merge_attributes(found, here, definitions.attributes(here, known_on))
    elif kind == "derives":
        lowering = lowerings.get(here.document.folder) or PolicyLowering(here, {})
        own_facts = derivation(library, _entries(here), lowering, known_on)
        over = clip(own_facts, begin, end)
        found.derivations[full] = replace(found.derivations.get(full, ()), over)
    elif kind == "decisions":
        found.decisions[full] = definitions.decision(full, here)


def _check_differs(here: Here, base: tuple[Span[Dated], ...], own: tuple[Span[Dated], ...]) -> None:
    if own and all(
        any(b.holds(s.begin or date.min) and b.value.value == s.value.value for b in base)
        for s in own
    ):
        here.problem(
            "changes-nothing",
            "this layer gives the base's own value",
            "take it out, or give the value that differs",
            key=True,
        )


def _replace_set(base: CodeSet, own: CodeSet, begin: date | None, end: date | None) -> CodeSet:
    members = {}
    for code in sorted({*base.members, *own.members}):
        below = base.members.get(code, ())
        before = clip(below, None, begin) if begin else ()
        after = clip(below, end, None) if end else ()
        spans = (*before, *clip(own.members.get(code, ()), begin, end), *after)
        if spans:
            members[code] = spans
    return CodeSet(base.name, own.says or base.says, base.of, members)


def _frozen(spans: tuple[Span[Any], ...], as_of: date | None) -> tuple[Span[Any], ...]:
    if as_of is None:
        return spans
    return tuple(Span(None, None, s.value) for s in spans if s.holds(as_of))


def _frozen_set(found: CodeSet, as_of: date | None) -> CodeSet:
    if as_of is None:
        return found
    members = {c: _frozen(s, as_of) for c, s in found.members.items()}
    return CodeSet(found.name, found.says, found.of, {c: s for c, s in members.items() if s})


def _merge_attributes(
    found: Gathered, here: Here, more: dict[str, dict[str, tuple[Span[str], ...]]]
) -> None:
    for name, codes in more.items():
        known = found.attributes.setdefault(name, {})
        for code, spans in codes.items():
            other = known.get(code, ())
            known[code] = joined(replace(other, spans))
            if _differ(other, spans):
                here.problem(
                    "two-values",
                    f"code `{code}` has another value of `{name}` in another set",
                    "one code has one value of an attribute, in all sets together",
                    key=True,
                )


def _differ(one: tuple[Span[str], ...], two: tuple[Span[str], ...]) -> bool:
    """Whether two sets give a code different values on one day."""
    return any(
        a.value != b.value
        and (a.end is None or b.begin is None or b.begin < a.end)
        and (b.end is None or a.begin is None or a.begin < b.end)
        for a in one
        for b in two
    )
