"""The third evaluator: it reads the documents themselves, slow and obviously right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from engine.documents.load import Documents
from engine.model.claim import Claim, History
from tests.naive.layers import Ruled, families, payer_document, rules_in_force, scope, sight_of
from tests.naive.outcomes import Word, subjects_of, word_of
from tests.naive.patterns import matches
from tests.naive.world import Here, Item, World, claim_items

Judged: TypeAlias = tuple[str, tuple[int, ...], str | None]
"""A rule's id, the numbers of the lines that it judges, and the diagnosis if it judges one."""

NO_POLICY = "no-policy"


def naive_outcomes(
    documents: Documents,
    payer: str,
    contractor: str | None,
    plan: str | None,
    claim: Claim,
    history: History,
    known_on: date | None = None,
    given: Mapping[int, bool] | None = None,
) -> dict[Judged, Word]:
    """What every rule in force says of the claim; also which lines no policy speaks of.

    `given` tells of each other line whether it is payable, where an example says so instead of
    leaving it to the rules.
    """
    world = World(documents, payer, contractor, plan, claim, history, known_on, given=given)
    found: dict[Judged, Word] = {}
    for item in claim_items(claim):
        for rule in rules_in_force(world, item.day):
            for subject in subjects_of(world, rule, item):
                found[_judged(rule, subject)] = word_of(world, rule, subject)
        if _without_policy(world, item):
            found[NO_POLICY, (item.line.number,), None] = "undecided"
    return found


def _judged(rule: Ruled, subject: list[Item]) -> Judged:
    numbers = tuple(sorted(item.line.number for item in subject))
    return rule.id, numbers, subject[0].diagnosis


def _without_policy(world: World, item: Item) -> bool:
    """Whether no coverage policy of the payer surely has the line in its scope (A23)."""
    if payer_document(world).data.get("outside_scope") == "covered":
        return False
    for family in families(world, item.day):
        wanted = scope(family)
        here = Here(world, sight_of(world, family), item, item.day)
        if wanted is not None and matches(here, wanted) is True:
            return False
    return True
