"""Which rules hold for a claim on a day: the layers, their changes and what they adopt (A20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from engine.documents.load import Document
from tests.naive.clock import day, head_in_force, in_force
from tests.naive.remembered import remembered
from tests.naive.sight import Sight, clocks_of
from tests.naive.world import World

Found = TypeVar("Found")

RANKS = ("coding", "payer", "contractor", "plan")


@dataclass(frozen=True)
class Ruled:
    """A rule in force: its id, its keys after all changes, and what it sees."""

    id: str
    keys: dict[str, Any]
    sight: Sight


@dataclass(frozen=True)
class Family:
    """A base policy with the layers that extend it, the most general layer first."""

    base: Document
    layers: tuple[Document, ...]

    @property
    def sight_order(self) -> tuple[Document, ...]:
        return (*reversed(self.layers), self.base)


def rules_in_force(world: World, on: date) -> list[Ruled]:
    """Every rule that holds for the claim on a service date."""
    return _once("rules", world, on, _rules_in_force)


def _rules_in_force(world: World, on: date) -> list[Ruled]:
    return [rule for family in families(world, on) for rule in _rules(world, family, on)]


def _once(
    what: str, world: World, on: date, find: Callable[[World, date], list[Found]]
) -> list[Found]:
    """What the documents say of a payer and a day, whatever the claim."""
    asked = (what, world.payer, world.contractor, world.plan, world.known_on, on)
    return remembered((world.documents,), asked, lambda: find(world, on))


def families(world: World, on: date) -> list[Family]:
    """The policies that hold, each once, with all layers that extend it."""
    return _once("families", world, on, _families)


def _families(world: World, on: date) -> list[Family]:
    layers: dict[str, list[Document]] = {}
    bases: dict[str, Document] = {}
    for document in _in_layers(world, on):
        chain = _chain(world, document)
        base = chain[0]
        if len(chain) == 1 and base.data.get("applies") == "where_adopted":
            continue
        bases[base.folder] = base
        known = layers.setdefault(base.folder, [])
        known += [one for one in chain[1:] if one not in known]
    return [Family(bases[folder], tuple(layers[folder])) for folder in bases]


def scope(family: Family) -> Any:
    """The scope of a coverage policy: the most specific layer's, else the base's."""
    return next((d.data["scope"] for d in family.sight_order if "scope" in d.data), None)


def sight_of(world: World, family: Family) -> Sight:
    """What the rules of a policy see under its layers."""
    pins = [day(d.data["as_of"]) for d in family.sight_order if "as_of" in d.data]
    return Sight(world.documents, family.sight_order, pins[0] if pins else None)


def payer_document(world: World) -> Document:
    """The payer's own document."""
    return world.documents.at(world.payer, "payer")[0]


def _in_layers(world: World, on: date) -> Iterator[Document]:
    """The policies in the payer's folders, the most general rank first, that have begun."""
    payer = payer_document(world)
    entry = in_force(payer.data["layers"], on, world.known_on, payer.data)
    for rank in RANKS:
        for pattern in (entry or {}).get(rank, []):
            folder = _folder(world, pattern)
            for document in world.documents.of("policy"):
                inside = f"{document.folder}/".startswith(f"{folder}/")
                if folder and inside and head_in_force(document.data, on, world.known_on):
                    yield document


def _folder(world: World, pattern: str) -> str | None:
    """The folder that a pattern names for this claim; None if the claim has no such layer."""
    for name, value in (("{contractor}", world.contractor), ("{plan}", world.plan)):
        if name in pattern:
            if value is None:
                return None
            pattern = pattern.replace(name, value)
    return pattern


def _chain(world: World, document: Document) -> list[Document]:
    """The base first, then each layer between it and this document."""
    extended = document.data.get("extends")
    if extended is None:
        return [document]
    return [*_chain(world, world.documents.at(extended, "policy")[0]), document]


def _rules(world: World, family: Family, on: date) -> list[Ruled]:
    sight = sight_of(world, family)
    rules = _own(world, sight, family.base, on)
    for layer in family.layers:
        for name in list(rules):
            if _entry(world, layer, "drops", name, on) is not None:
                del rules[name]
                continue
            change = _entry(world, layer, "changes", name, on)
            if change is not None:
                owner, keys = rules[name]
                rules[name] = owner, _changed(keys, change)
        rules |= _own(world, sight, layer, on)
    return [Ruled(f"{owner}#{name}", keys, sight) for name, (owner, keys) in rules.items()]


def _own(
    world: World, sight: Sight, document: Document, on: date
) -> dict[str, tuple[str, dict[str, Any]]]:
    """The rules that a document itself states and that are in force, by name."""
    found = {}
    clocks = clocks_of(sight, document, on, world.known_on)
    rules = document.data.get("rules", [])
    for name in dict.fromkeys(rule["rule"] for rule in rules):
        entries = [rule for rule in rules if rule["rule"] == name]
        entry = in_force(entries, *clocks, head=document.data)
        if entry is not None:
            found[name] = document.folder, dict(entry)
    return found


def _entry(world: World, layer: Document, key: str, name: str, on: date) -> Any:
    """The change or the drop of a rule that is in force."""
    entries = [entry for entry in layer.data.get(key, []) if entry["rule"] == name]
    return in_force(entries, on, world.known_on, layer.data)


def _changed(keys: dict[str, Any], change: Any) -> dict[str, Any]:
    changed = {**keys, **change.get("replaces", {})}
    added = change.get("adds", {}).get("unless", [])
    return {**changed, "unless": [*changed.get("unless", []), *added]}
