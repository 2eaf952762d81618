"""A text that fitted its schema is not held against it again; another text always is."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents import fitting, load
from engine.documents.load import load_tree
from engine.documents.marks import Marks
from engine.documents.marks import Path as Place
from engine.documents.schema import validate
from engine.model.problem import Problem
from tests.compiler.trees import BLOCKS, edited


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLEANCLAIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of documents that are held against their schemas, as it happens."""
    found: list[str] = []

    def noted(kind: str, data: object, marks: Marks) -> tuple[list[Problem], frozenset[Place]]:
        found.append(kind)
        return validate(kind, data, marks)

    monkeypatch.setattr(load, "validate", noted)
    return found


def forget() -> None:
    """As in a new process."""
    fitting._known.clear()


def test_only_what_is_new_is_checked(cache: Path, checked: list[str]) -> None:
    load_tree(edited([]))
    assert len(checked) > 5
    checked.clear()
    load_tree(edited([]))
    forget()
    load_tree(edited([]))
    assert checked == []
    load_tree(edited([(BLOCKS, "value: 3, cites", "value: 4, cites")]))
    assert checked == ["policy"]


def test_what_does_not_fit_is_said_every_time(cache: Path) -> None:
    broken = edited([(BLOCKS, "units: {at_most: 1}", "units: {at_mots: 1}")])
    first = load_tree(broken)[1]
    assert first
    forget()
    assert load_tree(broken)[1] == first


def test_a_text_fits_as_one_kind_only(cache: Path) -> None:
    fitting.note("policy", "policy: x")
    assert fitting.fits("policy", "policy: x")
    assert not fitting.fits("payer", "policy: x")


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"nothing of the kind"])
def test_a_damaged_list_is_no_list(cache: Path, checked: list[str], damage: bytes) -> None:
    load_tree(edited([]))
    count = len(checked)
    (file,) = (cache / "fitting").iterdir()
    file.write_bytes(damage)
    forget()
    load_tree(edited([]))
    assert len(checked) == 2 * count


def test_a_cache_that_cannot_be_written_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CLEANCLAIM_CACHE", str(tmp_path / "file"))
    assert load_tree(edited([]))[1] == []
