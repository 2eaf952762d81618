"""The cache of rule books: quick the second time, never a reason to fail."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from engine.compiler.shelf import Shelf
from engine.documents import load
from engine.documents.source import Source, from_folder
from tests.compiler.trees import BLOCKS, PALMETTO, edited, tree


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("CLEANCLAIM_CACHE", str(folder))
    return folder


def shelf(files: dict[str, bytes] | None = None, known_on: date | None = None) -> Shelf:
    return Shelf(Source(files or tree()), known_on)


def kept(cache: Path) -> list[Path]:
    """The kept books; which texts fit their schemas is remembered beside them."""
    files = (path for path in cache.rglob("*") if path.is_file())
    return sorted(path for path in files if path.parent.name != "fitting")


def no_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a document was read")

    monkeypatch.setattr(load, "read_yaml", refuse)
    monkeypatch.setattr(load, "load_tree", refuse)


def test_the_second_start_reads_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    first = shelf()
    directory, book = first.directory, first.book("medicare", "palmetto", None)
    no_yaml(monkeypatch)
    second = shelf()
    assert second.directory == directory
    assert second.book("medicare", "palmetto", None) == book
    assert second.problems == []


def test_a_changed_document_is_read(cache: Path) -> None:
    before = shelf().book("medicare", "palmetto", None)
    changed = edited([(BLOCKS, "value: 3,", "value: 5,")])
    assert shelf(changed).book("medicare", "palmetto", None) != before
    assert len(kept(cache)) == 2


def test_contractors_plans_and_days_have_books_of_their_own(cache: Path) -> None:
    one = shelf()
    one.book("medicare", "palmetto", None)
    one.book("medicare", None, "palmetto")
    one.book("medicare", "cgs", None)
    one.book("medicare", None, None)
    shelf(known_on=date(2021, 5, 1)).book("medicare", "palmetto", None)
    assert len(kept(cache)) == 5


def test_another_known_on_is_another_book() -> None:
    late = [(PALMETTO, "adopted_by:", "published: 2023-01-01\nadopted_by:")]
    then = shelf(edited(late), date(2022, 12, 31)).book("medicare", "palmetto", None)
    now = shelf(edited(late)).book("medicare", "palmetto", None)
    assert len(then.rules) < len(now.rules)


@pytest.mark.parametrize(
    "damage",
    [b"", b"nothing of the kind", b"\x80\x05\x95", pickle.dumps(7), pickle.dumps((1, 2))],
    ids=["empty", "text", "cut off", "number", "pair"],
)
def test_a_damaged_file_is_made_anew(cache: Path, damage: bytes) -> None:
    book = shelf().book("medicare", "palmetto", None)
    (file,) = kept(cache)
    file.write_bytes(damage)
    assert shelf().book("medicare", "palmetto", None) == book
    assert file.read_bytes() != damage


def test_a_cache_that_cannot_be_written_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CLEANCLAIM_CACHE", str(tmp_path / "file"))
    made = shelf()
    assert made.book("medicare", "palmetto", None).rules
    assert made.problems == []


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError

    monkeypatch.delenv("CLEANCLAIM_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert shelf().book("medicare", "palmetto", None).rules


def test_nothing_is_left_behind_when_writing_fails(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(pickle, "dump", full)
    assert shelf().book("medicare", "palmetto", None).rules
    assert kept(cache) == []


def test_a_broken_document_is_not_kept(cache: Path) -> None:
    broken = shelf(edited([(BLOCKS, "at_most: block_sessions", "at_most: block_session")]))
    broken.book("medicare", "palmetto", None)
    assert [p.id for p in broken.problems] == ["unknown-parameter"]
    assert kept(cache) == []


def test_warnings_are_kept_with_the_book(tmp_path: Path) -> None:
    root = tmp_path / "policies"
    for path, data in tree().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    (root / "medicare" / "stray.csv").write_text("a,b\n1,2\n")
    first = Shelf(from_folder(root))
    _ = first.directory
    second = Shelf(from_folder(root))
    _ = second.directory
    assert first.problems == second.problems


def test_what_is_made_of_books_is_kept_beside_them() -> None:
    made: list[str] = []

    def make() -> str:
        made.append("once")
        return "what matters"

    for _ in range(2):
        assert shelf().kept("test", str, ("chain",), make) == "what matters"
    assert made == ["once"]
    shelf().kept("test", str, ("chain", "batch"), make)  # other code: it may make something else
    assert len(made) == 2
    assert shelf().kept("test", tuple, ("chain",), lambda: (1, 2)) == (1, 2)
    assert shelf(known_on=date(2025, 1, 1)).kept("test", str, ("chain",), make)
    assert len(made) == 3
