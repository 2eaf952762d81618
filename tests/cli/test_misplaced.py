"""Things given in the wrong place: the message says where they belong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.claims.fields import HOMES
from engine.claims.record import (
    CLAIM_FIELDS,
    LINE_FIELDS,
    PATIENT_FIELDS,
    PAYER_FIELDS,
    PROVIDER_FIELDS,
)
from tests.cli.run import TREE, claim, run, write


def said(*words: str, given: Any) -> str:
    """What a command says of input that it must refuse."""
    done = run(*words, "--policies", TREE, given=json.dumps(given))
    assert done.exit_code == 2
    return done.stderr


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ({"state": "NC"}, "it is a field of payer"),
        ({"units": 1}, "it is a field of a line"),
        ({"planned": True}, "write `stage`: `planned`"),
        ({"payer": "medicare"}, 'such as {"id": "medicare", "state": "NC"}'),
        ({"documentation": {"care_weeks": 6}}, "facts stand below `claim`, or below `lines`"),
        ({"payor": {}}, "did you mean `payer`?"),
    ],
)
def test_a_field_in_the_wrong_object_is_told_its_place(more: dict[str, Any], hint: str) -> None:
    assert hint in said("check", "-", given=claim(**more))


def test_every_home_has_the_fields_that_it_is_said_to_have() -> None:
    objects = {
        "payer": PAYER_FIELDS,
        "patient": PATIENT_FIELDS,
        "a provider": PROVIDER_FIELDS,
        "the claim": CLAIM_FIELDS,
        "a line": LINE_FIELDS,
    }
    for owner, names in HOMES.items():
        assert set(names) <= set(objects[owner])
        others = (fields for other, fields in objects.items() if other != owner)
        assert not set(names).intersection(*[set().union(*others)])


@pytest.mark.parametrize(
    "data",
    [
        {"C-1": {"claim": {"care_weeks": 6}}, "C-2": {"lines": {"1": {"biologic": False}}}},
        {"claim_id": "C-1", "documentation": {"claim": {"care_weeks": 6}}},
    ],
    ids=["by claim id", "one claim a line"],
)
def test_documentation_given_as_claims_is_one_message(data: dict[str, Any]) -> None:
    told = said("check", "-", given=data)
    assert told.count("error") == 1
    assert "give it as --documentation" in told


def test_a_table_is_sent_to_the_command_that_reads_tables() -> None:
    done = run("check", "-", given="claim_id,payer,procedure,date\nA,medicare,64490,2025-03-04\n")
    assert done.exit_code == 2
    assert "`cleanclaim batch` reads tables" in done.stderr


def test_a_folder_is_no_claim_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("check", ".")
    assert done.exit_code == 2
    assert "the file cannot be read" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--claim", "C-2"), "there is no claim `C-2` in the file; did you mean `C-1`?"),
        (("--claim", "xyz"), "there is no claim `xyz` in the file; it holds C-1"),
        (("--line", "7"), "there is no line 7 in any claim of the file; it has 1, 2"),
    ],
)
def test_explain_says_which_claim_or_line_is_not_there(
    words: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "claim.json", claim())
    done = run("explain", path, "--rule", "one-unit", "--policies", TREE, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
