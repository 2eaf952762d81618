"""A text in force is refused another wording, unless a mark of correction says why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.compiler.lint_revised import revised
from engine.documents.source import Source
from tests.analysis.trees import VALUE, folder, run
from tests.compiler.trees import BLOCKS, Edit, edited, library

TODAY = date(2026, 1, 1)
CODES = "coding/codes.yaml"
MARK = ", corrects: {reason: It was copied wrongly., published: 2025-12-30}"


def ids(*edits: Edit, base: tuple[Edit, ...] = ()) -> list[str]:
    found = revised(library(edited(base)), library(edited(edits)), TODAY)
    return [p.id for p in found if p.severity == "error"]


def test_nothing_changed() -> None:
    assert ids() == []


@pytest.mark.parametrize(
    "edit",
    [
        (BLOCKS, VALUE, VALUE.replace("value: 3", "value: 4")),
        (BLOCKS, "units: {at_most: 1}", "units: {at_most: 2}"),
        (BLOCKS, "says: One unit a day.", "says: A unit a day."),
        (BLOCKS, "otherwise: therapeutic", "otherwise: diagnostic"),
        (BLOCKS, "from: 2021-01-01\n", "from: 2020-01-01\n"),
        (BLOCKS, "history: {counting: paid", "history: {counting: performed"),
        (CODES, 'members: ["64490", "64493"]', 'members: ["64490", "64493", "64495"]'),
        ("medicare/payer.yaml", "rolling: 12 months", "rolling: 11 months"),
        ("medicare/payer.yaml", "{state: OH, from: 2000-01-01", "{state: OH, from: 2001-01-01"),
    ],
)
def test_an_edit_of_a_text_in_force_is_refused(edit: Edit) -> None:
    assert set(ids(edit)) <= {"edited-in-force", "removed-in-force"}
    assert ids(edit)


def test_a_rule_that_is_taken_out_is_refused() -> None:
    assert ids((BLOCKS, "  - rule: too-often\n", "  - rule: much-too-often\n")) == [
        "removed-in-force"
    ]


LATER = VALUE + VALUE.replace("2021", "2025").replace("value: 3", "value: 4")
MARKED = VALUE.replace("value: 3", "value: 4").replace("sessions}", "sessions" + MARK + "}")
EXAMPLE = """- name: with the first level
        line: {procedure: "64491"}"""
SHORT = 'members: ["64490", "64493"]'
DATED = 'members: ["64490", "64493", {code: "64495", from: 2026-02-01}]'


@pytest.mark.parametrize(
    "edit",
    [
        (BLOCKS, VALUE, LATER),
        (BLOCKS, VALUE, MARKED),
        (BLOCKS, EXAMPLE, EXAMPLE.replace("64491", "64494")),
        (CODES, SHORT, DATED),
        (CODES, "says: Blocks of a first level.", "says: First blocks."),
    ],
)
def test_additions_and_marked_corrections_pass(edit: Edit) -> None:
    assert ids(edit) == []


@pytest.mark.parametrize(
    ("entry", "warned"),
    [
        (VALUE.replace("2021", "2025"), True),
        (VALUE.replace("2021-01-01", "2025-01-01, published: 2024-11-20"), False),
        (VALUE.replace("2021-01-01", "2026-01-02"), False),
    ],
)
def test_an_entry_for_days_past_says_since_when_it_was_known(entry: str, warned: bool) -> None:
    found = revised(library(), library(edited([(BLOCKS, VALUE, VALUE + entry)])), TODAY)
    assert [(p.id, p.severity) for p in found] == [("known-in-hindsight", "warning")] * warned


def test_what_is_not_yet_in_force_may_be_edited() -> None:
    later = VALUE + VALUE.replace("2021-01-01", "2026-06-01")
    other = later.replace("2026-06-01, value: 3", "2026-06-01, value: 5")
    assert ids((BLOCKS, VALUE, other), base=((BLOCKS, VALUE, later),)) == []


def test_an_old_mark_does_not_pass_another_edit() -> None:
    again = MARKED.replace("value: 4", "value: 5")
    assert ids((BLOCKS, VALUE, again), base=((BLOCKS, VALUE, MARKED),)) == ["edited-in-force"]


def test_a_document_in_force_is_not_deleted() -> None:
    files = edited([])
    gone = {path: data for path, data in files.items() if path != BLOCKS}
    from engine.compiler.library import Library
    from engine.documents.load import load_tree

    documents, problems = load_tree(Source(gone, ""))
    found = revised(library(files), Library(documents, problems), TODAY)
    assert [p.id for p in found] == ["removed-in-force"]


def test_the_command_says_what_to_do_instead(tmp_path: Path) -> None:
    base = folder(tmp_path / "base")
    head = folder(tmp_path / "head", (BLOCKS, VALUE, VALUE.replace("value: 3", "value: 4")))
    code, said = run("policy", "lint", str(head), "--base", str(base), "--today", "2026-01-01")
    assert code == 2
    assert "add an entry with its own `from`" in said
    assert "corrects:" in said
