"""What two lines have in common: claim, date, provider, side, attributes, facts (clause A7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.naive.facts import LACKING, NOT_RECORDED, UNKNOWN, documented, is_line_fact, line_fact
from tests.naive.three import Tri, all_hold, opposite
from tests.naive.world import Here, Item, World

_SIDES = {"RT": {"right"}, "LT": {"left"}, "50": {"right", "left"}}
_WORDS = {"right": {"right"}, "left": {"left"}, "bilateral": {"right", "left"}}


def same(here: Here, other: Item, keys: Iterable[str]) -> Tri:
    """Whether the line and another agree in all keys; a line always agrees with itself."""
    if other.place == here.item.place:
        return True
    return all_hold(_equal(here, other, key) for key in keys)


def different(here: Here, other: Item, keys: Iterable[str]) -> Tri:
    """Whether the line and another differ in all keys."""
    if other.place == here.item.place:
        return not list(keys)
    return all_hold(opposite(_equal(here, other, key)) for key in keys)


def payer_of(world: World, item: Item) -> str | None:
    """Who pays, or was asked to."""
    return world.payer if item.service is None else item.service.payer


def provider_of(item: Item) -> str | None:
    """Who rendered the service."""
    provider = item.line.rendering_provider
    return None if provider is None else provider.npi


def group_of(world: World, item: Item) -> str | None:
    """The group that bills."""
    if item.service is not None:
        return item.service.group
    billing = world.claim.billing_provider
    return None if billing is None else billing.group


def equal_or_unknown(one: Any, other: Any) -> Tri:
    """Whether two values are equal; None is unknown."""
    return None if one is None or other is None else bool(one == other)


def _equal(here: Here, other: Item, key: str) -> Tri:
    if key == "claim":
        return _same_claim(here.item, other)
    if key == "side":
        return _same_side(_side(here), _side(here.at(other)))
    one, two = _key(here, key), _key(here.at(other), key)
    if LACKING in (one, two):
        return False
    return equal_or_unknown(one, two)


def _key(here: Here, key: str) -> Any:
    item = here.item
    if key == "date":
        return item.day
    if key == "procedure":
        return item.line.procedure
    if key == "provider":
        return provider_of(item)
    if key == "group":
        return group_of(here.world, item)
    found = line_fact(here, key) if is_line_fact(here, key) else documented(here, key)
    return None if found is UNKNOWN or found is NOT_RECORDED else found


def _same_claim(one: Item, other: Item) -> Tri:
    if one.service is None or other.service is None:
        return one.service is None and other.service is None
    return equal_or_unknown(one.service.claim_id, other.service.claim_id)


def _side(here: Here) -> set[str] | None:
    found: set[str] = set()
    for modifier in here.item.line.modifiers:
        found |= _SIDES.get(modifier, set())
    stated = documented(here, "side")
    return found or _WORDS.get(str(stated))


def _same_side(one: set[str] | None, other: set[str] | None) -> Tri:
    return None if one is None or other is None else bool(one & other)
