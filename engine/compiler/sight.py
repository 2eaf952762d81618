"""What a policy can name: sets, parameters, windows, tables, decisions, facts and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from engine.compiler.here import Here
from engine.compiler.library import Library
from engine.documents.load import Document
from engine.model.problem import Problem
from engine.model.vocabulary import Fact

KINDS = ("sets", "parameters", "windows", "decisions", "derives")


@dataclass
class Sight:
    """Names in reach of one policy, each with the full name or place of its definition.

    Full names are ``<folder>:<name>``. `overrides` are full names of the base that this
    policy defines again for its layer; `as_of` freezes what is taken from the base.
    """

    policy: str
    facts: dict[str, Fact]
    sets: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    windows: dict[str, Here] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    derives: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    places: dict[tuple[str, str], Here] = field(default_factory=dict)
    overrides: list[tuple[str, str, Here]] = field(default_factory=list)
    base: Sight | None = None
    as_of: date | None = None
    """The day as of which all of this is seen; None: as it is."""

    def named(self, kind: str) -> dict[str, str]:
        """Name to full name, for one kind of definition."""
        names: dict[str, str] = getattr(self, kind)
        return names

    def knows_attribute(self, name: str) -> bool:
        """Whether a code set or a derivation in sight gives this attribute."""
        return name in self.attributes or name in self.derives


def sight_of(library: Library, document: Document, problems: list[Problem]) -> Sight:
    """Collect what a policy document can name; names used twice in sight are problems."""
    sight = Sight(document.folder, library.facts)
    root = Here(document, (), document.data, problems, sight)
    base = library.base(document)
    if base is not None:
        seen, as_of = sight_of(library, base, problems), root.day("as_of")
        sight.base = seen if as_of is None else frozen(seen, as_of)
        _inherit(sight, sight.base)
    for shared in library.shared_by(document.folder):
        _take(sight, Here(shared, (), shared.data, problems, sight), shared.folder)
    payer = library.payer_above(document.folder)
    if payer is not None:
        _take(sight, Here(payer, (), payer.data, problems, sight), payer.folder)
    _take(sight, root, document.folder)
    return sight


def frozen(sight: Sight, as_of: date) -> Sight:
    """What one sees as it stood on a day: the full names carry the date."""
    if sight.as_of is not None:
        return sight
    mark = f"@{as_of.isoformat()}"
    places = {
        (kind, full if "@" in full else full + mark): here
        for (kind, full), here in sight.places.items()
    }
    result = replace(sight, places=places, as_of=as_of)
    for kind in ("sets", "parameters", "decisions", "derives", "tables"):
        names = sight.named(kind).items()
        setattr(result, kind, {n: full if "@" in full else full + mark for n, full in names})
    return result


def _inherit(sight: Sight, base: Sight) -> None:
    for kind in ("sets", "parameters", "decisions", "derives", "tables"):
        sight.named(kind).update(base.named(kind))
    sight.windows.update(base.windows)
    sight.attributes |= base.attributes
    sight.places.update(base.places)


def _take(sight: Sight, root: Here, folder: str) -> None:
    if not isinstance(root.data, dict):
        return
    if root.document.kind == "table":
        name = root.text("table")
        if name:
            _define(sight, "tables", name, f"{folder}:{name}", root)
        return
    for kind in KINDS:
        for name, here in _definitions(root, kind):
            if kind == "windows":
                _define_window(sight, name, here)
            else:
                _define(sight, kind, name, f"{folder}:{name}", here)
            if kind == "sets":
                sight.attributes.update(here.data.get("attributes") or ())


def _definitions(root: Here, kind: str) -> Iterator[tuple[str, Here]]:
    part = root.get(kind)
    if part is None:
        return
    if kind == "derives":
        seen: set[str] = set()
        for here in part.each():
            name = here.text("fact") if isinstance(here.data, dict) else None
            if name and name not in seen:
                seen.add(name)
                yield name, here
    elif isinstance(part.data, dict):
        yield from ((name, here) for name, here in part.items() if isinstance(here.data, dict))


def _define(sight: Sight, kind: str, name: str, full: str, here: Here) -> None:
    names = sight.named(kind)
    known = names.get(name)
    if known is None or known.partition("@")[0] == full:
        names[name] = full
        sight.places[(kind, full)] = here
    elif _overrides(sight, kind, name, here):
        sight.overrides.append((kind, known, here))
    else:
        where = sight.places[(kind, known)].location()
        here.problem(
            "name-used-twice",
            f"`{name}` is defined twice in sight of this policy; the other is at {where}",
            "give one of them another name",
            key=True,
        )


def _overrides(sight: Sight, kind: str, name: str, here: Here) -> bool:
    """Whether a layer's own document defines again what a policy that it extends defines.

    What many policies share, like the sets of ``coding/codes.yaml``, is not a layer's to change.
    """
    own = here.document.kind == "policy" and here.document.folder == sight.policy
    return own and sight.named(kind)[name].partition(":")[0] in set(_extended(sight))


def _extended(sight: Sight) -> Iterator[str]:
    base = sight.base
    while base is not None:
        yield base.policy
        base = base.base


def _define_window(sight: Sight, name: str, here: Here) -> None:
    known = sight.windows.get(name)
    if known is not None and known.document.file != here.document.file:
        here.problem(
            "name-used-twice",
            f"window `{name}` is defined twice in sight of this policy; "
            f"the other is at {known.location()}",
            "give one of them another name",
            key=True,
        )
    sight.windows[name] = here
