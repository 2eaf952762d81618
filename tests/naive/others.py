"""Which other lines a form looks at, each with whether it surely counts (clauses A7, A10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.naive.codes import among
from tests.naive.keys import different, equal_or_unknown, group_of, payer_of, provider_of, same
from tests.naive.patterns import matches
from tests.naive.three import Tri, all_hold
from tests.naive.world import Here, Item, World, claim_items, history_items

BEFORE_THE_PAYER = ("paid", "submitted")


def all_items(world: World) -> list[Item]:
    """The lines of the claim, and the services of the history that can count."""
    return claim_items(world.claim) + history_items(world)


def of_the_day(here: Here) -> Iterator[tuple[Item, Tri]]:
    """The other lines of this claim, and the same payer's of the same date, paid or submitted."""
    for other in all_items(here.world):
        if other.place == here.item.place:
            continue
        if other.service is None and here.item.service is None:
            yield other, True
        else:
            payer = equal_or_unknown(payer_of(here.world, here.item), payer_of(here.world, other))
            yield other, all_hold([other.day == here.item.day, payer, _before_payer(other)])


def alike(here: Here, other: Item, form: Mapping[str, Any]) -> Tri:
    """Whether another line has the keys and is as `where` wants."""
    own_code = here.item.line.procedure
    return all_hold(
        [
            same(here, other, form.get("same", [])),
            different(here, other, form["different"]) if "different" in form else True,
            matches(here.at(other), form.get("where", {}), own_code),
        ]
    )


def counted(here: Here, form: Mapping[str, Any]) -> list[tuple[Item, Tri]]:
    """Every service, up to the day, that surely or perhaps is of the kind that a form counts."""
    found: list[tuple[Item, Tri]] = []
    for other in all_items(here.world):
        if other.day > here.item.day:
            continue
        there = here.at(other)
        code = among(there, other.line.procedure, form["of"], here.item.line.procedure)
        value = all_hold(
            [code, alike(here, other, form), _done(here, other, form), _by(here, other, form)]
        )
        if value is not False:
            found.append((other, value))
    return found


def habit(here: Here, form: Mapping[str, Any], key: str) -> str:
    """How a form counts, or by whom: what it says itself, else what its policy says."""
    if key in form:
        return str(form[key])
    for document in here.sight.policies:
        if "history" in document.data:
            return str(document.data["history"][key])
    return {"counting": "paid", "by": "any_provider"}[key]


def _before_payer(item: Item) -> Tri:
    if item.service is None:
        return True
    status = item.service.status
    return None if status is None else status in BEFORE_THE_PAYER


def _done(here: Here, other: Item, form: Mapping[str, Any]) -> Tri:
    if other.service is None:
        return True
    if habit(here, form, "counting") == "performed":
        return None if other.service.status is None else True
    payer = equal_or_unknown(other.service.payer, here.world.payer)
    return all_hold([payer, _before_payer(other)])


def _by(here: Here, other: Item, form: Mapping[str, Any]) -> Tri:
    by = habit(here, form, "by")
    if by == "any_provider" or other.place == here.item.place:
        return True
    if by == "group":
        if other.service is None and here.item.service is None:
            return True
        return equal_or_unknown(group_of(here.world, here.item), group_of(here.world, other))
    return equal_or_unknown(provider_of(here.item), provider_of(other))
