"""Every row of the acceptance matrix has its proof, and every proof holds."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.analysis.examples import run_examples
from engine.compiler.lint import lint
from engine.documents.source import Source, from_folder
from tests.cli.run import ROOT, run
from tests.policies.acceptance import TOOL, WORKED, Row, families, matrix, rulings
from tests.policies.acceptance_page import PAGE, page
from tests.policies.acceptance_proofs import LABELLED, fault, on_both_sides, shows_no_fault
from tests.policies.shipped import SHIPPED

pytestmark = pytest.mark.unmeasured

ROWS = matrix()
EXAMPLES = matrix(WORKED)
LAST = {"A": 43, "B": 40, "C": 86, "D": 96, "E": 72}
"""How many statements each of the five articles has."""
COMMANDS = sorted({(p.of, p.exit) for row in (*ROWS, *EXAMPLES) for p in row.of("command")})

OPEN: frozenset[str] = frozenset()
"""Rows whose proof is still to come; a row that has one is taken out."""


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def with_status(*statuses: str) -> list[Row]:
    return [row for row in ROWS if row.proofs and row.status in statuses]


def test_all_rows_are_there() -> None:
    wanted = [f"{letter}-{n}" for letter, last in LAST.items() for n in range(1, last + 1)]
    assert [row.id for row in ROWS] == wanted
    assert {row.family for row in ROWS} == set(families())
    assert {row.status for row in ROWS} == set("APXCI")
    assert [row.id for row in ROWS if not row.says] == []


def test_a_row_without_proof_is_open() -> None:
    assert {row.id for row in (*ROWS, *EXAMPLES) if not row.proofs} == OPEN


def test_every_proof_holds() -> None:
    faults = {
        row.id: found
        for row in (*ROWS, *EXAMPLES)
        if (found := [said for proof in row.proofs if (said := fault(proof))])
    }
    assert faults == {}


def test_what_is_so_stands_in_a_rule_that_is_shown_on_both_sides() -> None:
    lacking = [
        row.id
        for row in with_status("A", "P")
        if row.family not in TOOL
        and not any(on_both_sides(row, proof.of) for proof in row.of("rule"))
    ]
    assert lacking == []


def test_what_is_said_of_the_tool_is_run() -> None:
    rows = [row for row in with_status("A", "P") if row.family in TOOL]
    assert [row.id for row in rows if not row.of("command", "test")] == []


def test_a_reason_stands_alone_only_where_no_payer_is_named() -> None:
    """A rule of a payer may lack its payer; what is so for everybody needs its rule."""
    rows = [row for row in with_status("A") if row.of("reason")]
    assert [row.id for row in rows if not row.of("rule")] == []


def test_what_one_payer_says_stands_in_its_own_document() -> None:
    elsewhere = {
        row.id: found
        for row in with_status("P")
        if (found := [p.of for p in row.of("rule", "example") if p.of.startswith("coding/")])
    }
    assert elsewhere == {}


def test_what_is_wrong_or_contested_has_a_ruling_and_is_not_enforced() -> None:
    rows = with_status("X", "C")
    assert [row.id for row in rows if not row.ruling] == []
    assert [row.id for row in rows if not row.of("rule")] == []
    assert [row.id for row in rows if not shows_no_fault(row)] == []


def test_a_ruling_has_its_number_or_its_words() -> None:
    known = {ruling for ruling, _, _ in rulings()}
    named = {k for row in (*ROWS, *EXAMPLES) for k in re.findall(r"\bK\d+\b", row.ruling)}
    assert named <= known
    wordless = [r.id for r in ROWS if r.ruling and not re.match(r"K\d+\b|[A-Z]\w+ ", r.ruling)]
    assert wordless == []


def test_the_labelled_payers_are_in_order_and_none_of_them_is_shipped() -> None:
    labelled, shipped = from_folder(LABELLED).files, from_folder(SHIPPED).files
    assert not set(labelled) & set(shipped)
    found, problems = lint(Source({**shipped, **labelled}))
    assert [str(problem) for problem in problems] == []
    ids = [id for id in found.policies if (LABELLED / id).is_dir()]
    checks = [check for id in ids for check in run_examples(found, id)]
    assert {Path(id).parts[0] for id in ids} == {"pooled-reading", "unnamed-plan"}
    assert {check.name: check.faults for check in checks if check.faults} == {}


@pytest.mark.parametrize(("words", "code"), COMMANDS, ids=[words for words, _ in COMMANDS])
def test_every_command_ends_as_it_should(words: str, code: int) -> None:
    assert run(*shlex.split(words)).exit_code == code


def test_all_worked_examples_are_cases() -> None:
    wanted = {"A": 5, "B": 2, "C": 6, "D": 4, "E": 13}
    ids = [f"{letter}x-{n}" for letter, last in wanted.items() for n in range(1, last + 1)]
    assert [row.id for row in EXAMPLES] == ids
    assert [row.id for row in EXAMPLES if row.proofs and not row.of("case")] == []


def test_the_page_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, page())
