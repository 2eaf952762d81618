"""The whole book: its index, its strata, its digests, and that it can be kept and compared."""

from __future__ import annotations

import pickle
import random
from datetime import date

import pytest

from engine.compiler.book import compile_book, compile_policy
from engine.compiler.library import Library
from engine.documents.load import load_tree
from engine.model.book import RuleBook
from tests.compiler.trees import BLOCKS, CGS, EPIDURALS, PALMETTO, Edit, edited, library, tree

PAIRS = "coding/pairs/policy.yaml"
SOURCES = "medicare/sources.yaml"


def book(*edits: Edit, files: dict[str, bytes] | None = None) -> RuleBook:
    made, problems = compile_book(library(files or edited(edits)), "medicare", "palmetto")
    assert problems == []
    return made


def names(made: RuleBook, code: str) -> set[str]:
    return {made.rules[n].name for n in (*made.index.get(code, ()), *made.unindexed)}


def test_the_index_names_the_rules_that_may_apply_to_a_code() -> None:
    made = book()
    assert names(made, "62323") == {
        "not-together", "care-first", "code-choice", "no-biologics", "two-weeks-apart",
    }  # fmt: skip
    assert "further-needs-first" in names(made, "64491")
    assert "further-needs-first" not in names(made, "64490")
    assert names(made, "99213") == set()


def test_a_rule_about_any_code_is_outside_the_index() -> None:
    made = book(
        (
            EPIDURALS,
            "      procedure: epidurals\n    requires:\n      spacing",
            "      procedure: any\n    requires:\n      spacing",
        ),
        (EPIDURALS, "of: epidurals, same: [region], at_least", "of: epidurals, at_least"),
    )
    assert [made.rules[n].name for n in made.unindexed] == ["two-weeks-apart"]


def test_rules_stand_in_a_fixed_order() -> None:
    ids = [(rule.id, rule.begin) for rule in book().rules]
    assert ids == sorted(ids)


def test_a_rule_that_asks_for_outcomes_stands_above_what_it_asks() -> None:
    made = book()
    positions = {rule.name: n for n, rule in enumerate(made.rules)}
    assert made.strata[(positions["too-often"], "64490")] == 1
    assert made.strata[(positions["further-needs-first"], "64491")] >= 1
    assert (positions["one-unit"], "64490") not in made.strata


def test_a_rule_on_an_add_on_may_ask_for_a_primary_under_the_same_rule() -> None:
    """P21: strata are computed over pairs of rule and code, so this is no cycle."""
    wider = (
        BLOCKS,
        "      procedure: further_blocks\n    requires:\n      companion:\n"
        "        procedure: first_blocks\n        where: {attributes: {position: first}}\n",
        "      procedure: {table: code_pairs, column: column_2}\n    requires:\n"
        "      companion:\n        table: code_pairs\n        line: column_2\n"
        "        other: column_1\n",
    )
    chain = ("coding/pairs/pairs.csv", "64490,62321,1,2020-01-01", "62323,62321,1,2020-01-01")
    made = book(wider, chain, (PAIRS, '{indicator: ["1"]}', '{indicator: ["0"]}'))
    at = next(n for n, r in enumerate(made.rules) if r.name == "further-needs-first")
    assert made.strata[(at, "62321")] > made.strata[(at, "62323")]


def test_a_cycle_is_the_same_problem_every_time() -> None:
    edits = [
        (BLOCKS, "procedure: first_blocks\n        where", "procedure: blocks\n        where"),
        (BLOCKS, "      procedure: further_blocks\n", "      procedure: blocks\n"),
    ]
    found = {
        str(compile_policy(library(edited(edits)), "medicare/national/blocks")[1]) for _ in range(3)
    }
    assert len(found) == 1


def test_a_book_can_be_pickled() -> None:
    made = book()
    again: RuleBook = pickle.loads(pickle.dumps(made))
    assert again == made
    assert again.digest == made.digest


def test_the_order_of_documents_does_not_matter() -> None:
    documents, problems = load_tree(tree())
    shuffled = list(documents)
    random.Random(7).shuffle(shuffled)
    mixed, more = compile_book(Library(shuffled, problems), "medicare", "palmetto")
    assert more == []
    assert mixed == book()


COMMENT = (BLOCKS, "policy: blocks\n", "# A comment.\npolicy: blocks\n")
EXAMPLE = (
    BLOCKS,
    "      - name: the first\n",
    '      - name: another\n        line: {procedure: "64491"}\n        expect: met\n'
    "      - name: the first\n",
)
FLOW = (BLOCKS, "scope:\n  procedure: blocks\n", "scope: {procedure: blocks}\n")


@pytest.mark.parametrize("edit", [COMMENT, EXAMPLE, FLOW], ids=["comment", "example", "flow"])
def test_what_decides_nothing_does_not_change_the_digest(edit: Edit) -> None:
    assert book(edit).digest == book().digest


def test_a_case_file_does_not_change_the_digest() -> None:
    cases = (
        "cases:\n  - case: one\n    claim:\n      claim_id: A\n      payer: {id: medicare}\n"
        '      patient: {id: P}\n      lines: [{number: 1, procedure: "62323", '
        "service_date: 2025-01-02}]\n    expect: {verdict: undecided}\n"
    )
    files = edited((), {"medicare/national/epidurals/cases/one.yaml": cases})
    assert book(files=files).digest == book().digest


CHANGES = {
    "number": (EPIDURALS, "at_least: 2 weeks", "at_least: 3 weeks"),
    "parameter": (BLOCKS, "value: 3,", "value: 5,"),
    "date": (BLOCKS, "- {from: 2021-01-01,", "- {from: 2021-01-02,"),
    "code": ("coding/codes.yaml", '"62321"', '"62320"'),
    "row": ("coding/pairs/pairs.csv", "62323,1", "62322,1"),
    "vocabulary": ("vocabulary/general.yaml", "    rare: true", "    rare: false"),
    "change of a layer": (PALMETTO, "at_most: 2}", "at_most: 5}"),
    "window": ("medicare/payer.yaml", "rolling: 12 months", "rolling: 11 months"),
    "grade of a source": (SOURCES, "evidence: secondary", "evidence: contested"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_decides_changes_the_digest(what: str) -> None:
    edits = [CHANGES[what]]
    if what == "vocabulary":
        edits.append((EPIDURALS, "when_stated:", "when:"))
        assert book(*edits).digest != book(edits[1]).digest
    else:
        assert book(*edits).digest != book().digest


def test_only_policies_that_changed_have_another_digest() -> None:
    before = {m.id: m.digest for m in book().policies}
    after = {m.id: m.digest for m in book((EPIDURALS, "6 weeks, cites", "7 weeks, cites")).policies}
    assert [id for id in before if before[id] != after[id]] == ["medicare/national/epidurals"]


def test_another_known_on_or_contractor_is_another_digest() -> None:
    base = library()
    books = [
        compile_book(base, "medicare", "palmetto")[0],
        compile_book(base, "medicare", "cgs")[0],
        compile_book(base, "medicare")[0],
        compile_book(base, "medicare", "palmetto", known_on=date(2024, 1, 1))[0],
    ]
    assert len({made.digest for made in books}) == len(books)


def test_there_is_no_book_of_an_unknown_payer() -> None:
    with pytest.raises(KeyError):
        compile_book(library(), "acme")


def test_names_are_only_those_parameters_that_a_rule_uses() -> None:
    """A parameter whose name is part of some word weighs on no grade of evidence."""
    unit = (
        BLOCKS,
        "parameters:\n",
        "parameters:\n  unit:\n    values:\n"
        "      - {from: 2021-01-01, value: 1, cites: hearsay/two}\n",
    )
    found = {r.name: set(r.names or ()) for r in book(unit).rules if r.policy.endswith("blocks")}
    assert found["session-limit"] == {"block_sessions"}
    assert found["one-unit"] == set()


def test_where_a_rule_was_written_is_kept() -> None:
    located = {r.name: r.location for r in book().rules}
    place = located["one-unit"]
    assert place is not None
    written = tree()[BLOCKS].decode().splitlines()
    assert (place.file, place.line) == (
        f"policies/{BLOCKS}",
        written.index("  - rule: one-unit") + 1,
    )


def test_two_contractors_share_nothing_by_mistake() -> None:
    base = library()
    before = compile_book(base, "medicare", "palmetto")[0]
    compile_book(base, "medicare", "cgs")
    assert compile_book(base, "medicare", "palmetto")[0] == before
    assert f"policies/{CGS}" not in {r.location.file for r in before.rules if r.location}
