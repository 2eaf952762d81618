"""What a rule says of a line, and what that means for lines that depend on it (A5, A13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from tests.naive.forms import holds
from tests.naive.grades import may_only_warn
from tests.naive.layers import Ruled, rules_in_force
from tests.naive.others import BEFORE_THE_PAYER
from tests.naive.patterns import matches
from tests.naive.three import Tri, all_hold, any_holds
from tests.naive.world import Here, Item, World, claim_items

Word: TypeAlias = Literal["not_applicable", "met", "violated", "undecided"]


def word_of(world: World, rule: Ruled, items: list[Item]) -> Word:
    """The outcome of a rule on a line, or on the lines that point to one diagnosis."""
    word = _word(world, rule, items)
    if word != "undecided":
        return word
    # Where a table that is not complete lacks the row, the rule is not applicable (A21).
    ways = [_word(replace(world, missing_row=way), rule, items) for way in (True, False)]
    return word if ways == [word, word] else "not_applicable"


def _word(world: World, rule: Ruled, items: list[Item]) -> Word:
    keys = rule.keys
    applies = _some(world, rule, items, lambda here: _applies(here, keys))
    # What does not apply is not asked further: no line waits for the outcome of itself.
    if applies is False:
        return "not_applicable"
    if _some(world, rule, items, lambda here: _stated(here, keys)) is not True:
        return "not_applicable"
    required = _some(world, rule, items, lambda here: _required(here, keys))
    if required is True:
        return "met"
    return "violated" if applies is True and required is False else "undecided"


def payable(world: World, item: Item) -> Tri:
    """Whether no rule that denies or rejects is violated on a line or on its claim."""
    if item.service is not None:
        status = item.service.status
        return None if status is None else status in BEFORE_THE_PAYER
    if world.given is not None:
        return world.given.get(item.line.number, True)
    words = _denials(world, item)
    if "violated" in words:
        return False
    return None if "undecided" in words else True


def came_out(here: Here, name: str, wanted: str) -> Tri:
    """Whether another rule on this same line was violated, or passed."""
    for rule in rules_in_force(here.world, here.item.day):
        own = rule.id.split("#")[0] in [policy.folder for policy in here.sight.policies]
        if rule.id == name or (own and rule.id.endswith(f"#{name}")):
            word = word_of(here.world, rule, [here.item])
            if word == "undecided":
                return None
            return (word == "violated") is (wanted == "violated")
    return wanted == "passed"


def subjects_of(world: World, rule: Ruled, item: Item) -> list[list[Item]]:
    """What a rule judges at a line: the line, or each diagnosis with all lines of the day."""
    if rule.keys.get("for_each", "line") == "line":
        return [[item]]
    return [
        [
            replace(other, diagnosis=diagnosis)
            for other in claim_items(world.claim)
            if other.day == item.day and diagnosis in pointed(world, other)
        ]
        for diagnosis in dict.fromkeys(pointed(world, item))
    ]


def pointed(world: World, item: Item) -> tuple[str, ...]:
    """The diagnoses to which a line points; without pointers all of the claim."""
    return item.line.diagnoses or world.claim.diagnoses


def _denials(world: World, item: Item) -> list[Word]:
    """The outcomes of all rules that could deny this line, or its whole claim."""
    words: list[Word] = []
    for other in claim_items(world.claim):
        for rule in rules_in_force(world, other.day):
            otherwise = rule.keys["otherwise"]
            on_claim = otherwise.get("falls_on", "line") == "claim"
            if otherwise["finding"] not in ("deny", "reject") or may_only_warn(rule):
                continue
            if other.place == item.place or on_claim:
                words += [_hard(world, rule, s) for s in subjects_of(world, rule, other)]
    return words


def _hard(world: World, rule: Ruled, items: list[Item]) -> Word:
    """The outcome as far as it denies: what only the record's silence violates is a review."""
    word = word_of(world, rule, items)
    if word == "violated":
        unasked = word_of(replace(world, ask_nulls=True), rule, items)
        return "violated" if unasked == "violated" else "met"
    return word


def _some(world: World, rule: Ruled, items: list[Item], part: Callable[[Here], Tri]) -> Tri:
    return any_holds(part(Here(world, rule.sight, item, item.day)) for item in items)


def _applies(here: Here, keys: dict[str, Any]) -> Tri:
    pattern = matches(here, keys["applies_to"])
    if pattern is False or "when" not in keys:
        return pattern
    return all_hold([pattern, holds(here, keys["when"])])


def _stated(here: Here, keys: dict[str, Any]) -> Tri:
    return holds(here, keys["when_stated"]) if "when_stated" in keys else True


def _required(here: Here, keys: dict[str, Any]) -> Tri:
    exceptions = [holds(here, one["when"]) for one in keys.get("unless", [])]
    return any_holds([holds(here, keys["requires"]), *exceptions])
