"""What layers make of a base: adoption, changes, drops, own values, `as_of` (clause A20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pytest

from engine.compiler.book import compile_book
from engine.model.book import Rule, RuleBook, in_force
from engine.model.term import Constant, Parameter, Sessions, Units
from tests.compiler.trees import BLOCKS, CGS, EPIDURALS, PALMETTO, Edit, edited, library

BASE = "medicare/national/blocks"
UNIT, LIMIT, OFTEN = f"{BASE}#one-unit", f"{BASE}#session-limit", f"{BASE}#too-often"


def book(
    edits: Iterable[Edit] = (),
    more: Mapping[str, str] | None = None,
    contractor: str | None = "palmetto",
    plan: str | None = None,
    known_on: date | None = None,
) -> RuleBook:
    """The book of a contractor over an edited tree; nothing may be wrong with it."""
    made, problems = compile_book(
        library(edited(edits, more)), "medicare", contractor, plan, known_on
    )
    assert problems == []
    return made


def rule(made: RuleBook, id: str, *on: int) -> Rule | None:
    """The entry of a rule in force on a day; there is never more than one."""
    day = date(*on)
    found = [
        r for r in made.rules if r.id == id and r.begin <= day and (r.end is None or day < r.end)
    ]
    assert len(found) < 2
    return found[0] if found else None


def most(made: RuleBook, *on: int) -> Any:
    """How many units the rule allows on a day."""
    found = rule(made, UNIT, *on)
    if found is None:
        return None
    assert isinstance(found.requires, Units)
    assert isinstance(found.requires.value, Constant)
    return found.requires.value.value


def limit(made: RuleBook, *on: int) -> Any:
    """How many sessions the rule allows on a day."""
    found = rule(made, LIMIT, *on)
    if found is None:
        return None
    assert isinstance(found.requires, Sessions)
    assert isinstance(found.requires.value, Parameter)
    dated = in_force(made.parameters[found.requires.value.name], date(*on))
    return dated.value if dated else None


def test_a_base_holds_from_the_day_of_adoption() -> None:
    made = book()
    assert rule(made, LIMIT, 2021, 5, 1) is None
    assert rule(made, LIMIT, 2021, 5, 2) is not None
    assert rule(book(contractor="cgs"), LIMIT, 2021, 6, 5) is None


def test_where_nobody_adopted_it_a_uniform_policy_says_nothing() -> None:
    made = book(contractor=None)
    assert not [r for r in made.rules if r.policy == BASE]
    assert [s.policy for s in made.scopes] == ["medicare/national/epidurals"]
    assert BASE not in [mark.id for mark in made.policies]


def test_the_adoption_is_cited_first() -> None:
    found = rule(book(), LIMIT, 2022, 1, 1)
    assert found is not None
    assert [c.locator for c in found.cites] == ["adopted", "sessions"]


def test_a_scope_begins_with_the_adoption() -> None:
    (scope,) = [s for s in book().scopes if s.policy == BASE]
    assert (scope.begin, scope.end) == (date(2021, 5, 2), None)


def test_a_change_replaces_a_key_and_inherits_the_rest() -> None:
    found = rule(book(), UNIT, 2022, 1, 1)
    assert found is not None
    assert most(book(), 2022, 1, 1) == 2
    assert found.consequence.carc == "151"
    assert [c.locator for c in found.cites] == ["adopted", "units"]
    assert most(book(contractor="cgs"), 2022, 1, 1) == 1


def test_a_change_holds_from_its_from_until_it_ends() -> None:
    until = "changes:\n  - {rule: one-unit, from: 2024-01-01, ends: true}\n"
    begun = "  - rule: one-unit\n    from: 2023-01-01\n"
    edits = [
        (PALMETTO, "changes:\n", until),
        (PALMETTO, "  - rule: one-unit\n    why", begun + "    why"),
    ]
    made = book(edits)
    assert [most(made, y, 1, 1) for y in (2022, 2023, 2024)] == [1, 2, 1]
    assert most(made, 2023, 12, 31) == 2


def test_a_change_is_known_from_its_publication() -> None:
    dated = "  - rule: one-unit\n    from: 2023-01-01\n    published: 2022-11-01\n    why"
    edits = [(PALMETTO, "  - rule: one-unit\n    why", dated)]
    assert most(book(edits, known_on=date(2022, 10, 31)), 2023, 1, 1) == 1
    assert most(book(edits, known_on=date(2022, 11, 1)), 2023, 1, 1) == 2


def test_a_change_may_add_an_exception() -> None:
    added = (
        "    adds:\n      unless:\n        - exception: told-so\n          cites: article/units\n"
        "          when: {modifier: {has_any: [GA]}}\n    replaces:\n"
    )
    found = rule(book([(PALMETTO, "    replaces:\n", added)]), UNIT, 2022, 1, 1)
    assert found is not None
    assert [e.label for e in found.exemptions] == ["told-so"]


def test_a_dropped_rule_is_gone() -> None:
    assert rule(book(contractor="cgs"), OFTEN, 2022, 1, 1) is None
    assert rule(book(), OFTEN, 2022, 1, 1) is not None


def test_a_drop_may_begin_and_end() -> None:
    edits = [
        (CGS, "drops:\n", "drops:\n  - {rule: too-often, from: 2024-01-01, ends: true}\n"),
        (CGS, "    why: CGS has no", "    from: 2023-01-01\n    why: CGS has no"),
    ]
    made = book(edits, contractor="cgs")
    assert [bool(rule(made, OFTEN, y, 6, 1)) for y in (2022, 2023, 2024)] == [True, False, True]


def test_a_layer_gives_a_parameter_of_its_own() -> None:
    assert limit(book(contractor="cgs"), 2022, 1, 1) == 4
    assert limit(book(), 2022, 1, 1) == 3


def test_the_own_value_of_a_parameter_may_end() -> None:
    ended = "article/sessions}\n      - {from: 2023-01-01, ends: true}\n"
    made = book([(CGS, "article/sessions}\n", ended)], contractor="cgs")
    assert [limit(made, y, 6, 1) for y in (2022, 2023)] == [4, 3]


def test_a_layer_gives_a_set_of_its_own() -> None:
    own = 'sets:\n  heavy:\n    why: CGS names more.\n    members: ["64490", "64493"]\ndrops:'
    edits = [
        (BLOCKS, "derives:", 'sets:\n  heavy:\n    members: ["64490"]\nderives:'),
        (CGS, "drops:", own),
    ]
    heavy = f"{BASE}:heavy"
    ours, theirs = book(edits, contractor="cgs").sets[heavy], book(edits).sets[heavy]
    assert in_force(ours.members["64493"], date(2021, 6, 6))
    assert not in_force(ours.members["64493"], date(2021, 6, 5))
    assert "64493" not in theirs.members


def test_a_layer_gives_a_derived_fact_of_its_own() -> None:
    own = (
        "derives:\n  - fact: purpose\n    why: CGS reads no KX.\n    says: All are therapeutic.\n"
        "    cites: article/sessions\n    of: {procedure: blocks}\n    cases: []\n"
        "    otherwise: therapeutic\ndrops:"
    )
    made = book([(CGS, "drops:", own)], contractor="cgs")
    spans = made.derivations[f"{BASE}:purpose"]
    before, after = in_force(spans, date(2021, 6, 5)), in_force(spans, date(2021, 6, 6))
    assert before is not None
    assert after is not None
    assert (len(before.cases), len(after.cases)) == (1, 0)


def test_a_layer_adds_rules_under_its_own_name() -> None:
    added = (
        "rules:\n  - rule: more\n    says: One more.\n    cites: article/units\n"
        "    applies_to: {procedure: blocks}\n    requires: {units: {at_most: block_sessions}}\n"
        "    otherwise: {finding: deny}\nchanges:"
    )
    made = book([(PALMETTO, "changes:", added)])
    assert rule(made, "medicare/contractors/palmetto/blocks#more", 2022, 1, 1) is not None


LATER = (
    BLOCKS,
    "value: 3, cites: article/sessions}\n",
    "value: 3, cites: article/sessions}\n"
    "      - {from: 2023-01-01, value: 6, cites: article/sessions}\n",
)
NEWER = (
    BLOCKS,
    "  - rule: imaging-stated\n",
    "  - rule: one-unit\n    from: 2023-01-01\n    says: Three a day.\n    cites: article/units\n"
    "    applies_to: {procedure: blocks}\n    requires: {units: {at_most: 3}}\n"
    "    otherwise: {finding: deny}\n  - rule: imaging-stated\n",
)
AS_OF = (CGS, "adopted_by:", "as_of: 2022-01-01\nadopted_by:")
NO_OVERRIDE: Edit = (
    CGS,
    "parameters:\n  block_sessions:\n    unit: sessions\n    why: CGS allows one more.\n"
    "    values:\n      - {from: 2021-06-06, value: 4, cites: article/sessions}\n",
    "",
)


def test_without_as_of_a_layer_follows_its_base() -> None:
    made = book([LATER, NEWER, NO_OVERRIDE], contractor="cgs")
    assert (limit(made, 2024, 1, 1), most(made, 2024, 1, 1)) == (6, 3)


def test_as_of_freezes_parameters_and_rules() -> None:
    made = book([LATER, NEWER, NO_OVERRIDE, AS_OF], contractor="cgs")
    assert (limit(made, 2024, 1, 1), most(made, 2024, 1, 1)) == (3, 1)
    assert limit(made, 2021, 6, 5) is None


def test_as_of_freezes_sets() -> None:
    grown = (
        "derives:",
        'sets:\n  heavy:\n    members: ["64490", {code: "64493", from: 2023-01-01}]\nderives:',
    )
    used = ("blocks\n    requires:\n      documented:", "heavy\n    requires:\n      documented:")
    edits = [(BLOCKS, *grown), (BLOCKS, *used), AS_OF]
    made = book(edits, contractor="cgs")
    frozen = made.sets[f"{BASE}:heavy@2022-01-01"]
    assert in_force(frozen.members["64490"], date(2024, 1, 1))
    assert "64493" not in frozen.members


def test_an_own_value_lies_over_a_frozen_base() -> None:
    assert limit(book([LATER, AS_OF], contractor="cgs"), 2024, 1, 1) == 4


def test_a_change_lies_over_a_frozen_base() -> None:
    frozen = (PALMETTO, "adopted_by:", "as_of: 2022-01-01\nadopted_by:")
    assert most(book([NEWER, frozen]), 2024, 1, 1) == 2


def test_as_of_takes_the_base_as_it_was_known_that_day() -> None:
    """A correction backwards that was published later is not part of the base of that day."""
    corrected = (
        BLOCKS,
        "value: 3, cites: article/sessions}\n",
        "value: 3, cites: article/sessions}\n"
        "      - {from: 2021-01-01, published: 2023-01-01, value: 6, cites: article/sessions}\n",
    )
    assert limit(book([corrected, NO_OVERRIDE, AS_OF], contractor="cgs"), 2024, 1, 1) == 3
    assert limit(book([corrected, NO_OVERRIDE], contractor="cgs"), 2024, 1, 1) == 6


PLAN_LAYER = (
    "medicare/payer.yaml",
    '    contractor: ["medicare/contractors/{contractor}"]\n',
    '    contractor: ["medicare/contractors/{contractor}"]\n    plan: ["medicare/plans/{plan}"]\n',
)
GOLD = (
    "policy: blocks\ntitle: Gold\nextends: medicare/national/blocks\nfrom: 2022-01-01\n"
    "sources: ../../../sources.yaml\nchanges:\n  - rule: one-unit\n    why: Gold pays more.\n"
    "    cites: article/units\n    replaces: {requires: {units: {at_most: 9}}}\n"
)
PLANS = {"medicare/plans/gold/blocks/policy.yaml": GOLD}


def test_a_plan_lies_over_the_contractor() -> None:
    made = book([PLAN_LAYER], PLANS, plan="gold")
    assert [most(made, y, 6, 1) for y in (2021, 2022)] == [2, 9]
    assert most(book([PLAN_LAYER], PLANS), 2022, 6, 1) == 2


def test_a_plan_may_change_what_its_contractor_changed_and_extend_it_by_name() -> None:
    gold = GOLD.replace(
        "extends: medicare/national/blocks", "extends: medicare/contractors/palmetto/blocks"
    )
    made = book([PLAN_LAYER], {next(iter(PLANS)): gold}, plan="gold")
    assert [most(made, y, 6, 1) for y in (2021, 2022)] == [2, 9]


def test_a_policy_of_another_payer_brings_all_its_bases() -> None:
    payer = (
        "payer: acme\ntitle: Acme\nnames: [ACME]\nids: []\nsources: ../medicare/sources.yaml\n"
        "layers:\n  - {from: 2020-01-01, coding: [coding], payer: [acme]}\n"
    )
    policy = (
        "policy: blocks\ntitle: Blocks\nextends: medicare/contractors/palmetto/blocks\n"
        "from: 2023-01-01\nsources: ../../medicare/sources.yaml\n"
    )
    files = edited((), {"acme/payer.yaml": payer, "acme/blocks/policy.yaml": policy})
    made, problems = compile_book(library(files), "acme")
    assert problems == []
    assert (most(made, 2022, 12, 31), most(made, 2023, 1, 1)) == (None, 2)
    marks = [mark.id for mark in made.policies]
    assert marks == ["acme/blocks", "coding/pairs", "medicare/contractors/palmetto/blocks", BASE]
    assert [(s.policy, s.begin) for s in made.scopes] == [(BASE, date(2023, 1, 1))]


def test_two_documents_of_one_layer_may_adopt_one_base() -> None:
    earlier = (
        "policy: early\ntitle: Early\nextends: medicare/national/blocks\nfrom: 2021-02-01\n"
        "sources: ../../../sources.yaml\nadopted_by: article/adopted\n"
    )
    made = book((), {"medicare/contractors/palmetto/early/policy.yaml": earlier})
    assert [most(made, 2021, m, 1) for m in (1, 2, 5, 6)] == [None, 1, 1, 2]


def test_a_layer_stands_only_while_the_payer_lists_it() -> None:
    moved = (
        "medicare/payer.yaml",
        "windows:\n",
        "  - from: 2023-01-01\n    coding: [coding]\n    payer: [medicare/national]\nwindows:\n",
    )
    made = book([moved])
    assert [most(made, 2022, 12, 31), most(made, 2023, 1, 1)] == [2, None]
    assert [(s.begin, s.end) for s in made.scopes if s.policy == BASE] == [
        (date(2021, 5, 2), date(2023, 1, 1))
    ]


def test_a_layer_listed_again_stands_again() -> None:
    again = (
        "medicare/payer.yaml",
        "windows:\n",
        "  - from: 2023-01-01\n    coding: [coding]\n    payer: [medicare/national]\n"
        "  - from: 2024-01-01\n    coding: [coding]\n    payer: [medicare/national]\n"
        '    contractor: ["medicare/contractors/{contractor}"]\nwindows:\n',
    )
    made = book([again])
    assert [most(made, y, 6, 1) for y in (2022, 2023, 2024)] == [2, None, 2]


def test_what_nobody_could_know_yet_is_not_in_the_book() -> None:
    published = (PALMETTO, "adopted_by:", "published: 2021-03-18\nadopted_by:")
    before = book([published], known_on=date(2021, 3, 17))
    after = book([published], known_on=date(2021, 3, 18))
    assert (most(before, 2022, 1, 1), most(after, 2022, 1, 1)) == (None, 2)
    assert BASE not in [s.policy for s in before.scopes]
    assert BASE in [s.policy for s in after.scopes]


def test_a_rule_may_end() -> None:
    ended = (
        EPIDURALS,
        "rules:\n",
        "rules:\n  - {rule: code-choice, from: 2024-01-01, ends: true}\n",
    )
    made, id = book([ended]), "medicare/national/epidurals#code-choice"
    assert rule(made, id, 2023, 12, 31) is not None
    assert rule(made, id, 2024, 1, 1) is None


@pytest.mark.parametrize("contractor", [None, "palmetto", "cgs"])
def test_every_contractor_has_a_book_without_problems(contractor: str | None) -> None:
    assert book(contractor=contractor).contractor == contractor
