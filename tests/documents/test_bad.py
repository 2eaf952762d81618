"""Every document in `bad/` has one fault; the problem expected stands in the file beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.documents.document import KINDS
from engine.documents.load import load_text, load_tree
from engine.model.problem import Problem

BAD = Path(__file__).parent / "bad"
DOCUMENTS = sorted(p for p in BAD.iterdir() if p.suffix in (".yaml", ".json"))


def problems_of(file: Path) -> list[Problem]:
    """The problems of one bad document, loaded as if it stood where its kind belongs."""
    kind = file.stem.rpartition(".")[2]
    table = BAD / f"{file.stem.removesuffix('.table')}.csv"
    place = {"vocabulary": "vocabulary/", "cases": "cases/"}.get(kind, "")
    name = file.name if kind in ("table", "vocabulary", "cases") else f"{kind}{file.suffix}"
    files = {f"{place}{name}": file.read_bytes()}
    if table.exists():
        files[table.name] = table.read_bytes()
    elif kind == "table" and "elsewhere" not in file.read_text(encoding="utf-8"):
        _, problems = load_text("table", file.read_text(encoding="utf-8"), file.name)
        return problems
    _, problems = load_tree(files)
    return problems


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_one_fault_is_one_problem(file: Path, golden: Callable[[Path, str], None]) -> None:
    found = problems_of(file)
    golden(file.with_name(f"{file.name}.problem"), "".join(f"{problem}\n" for problem in found))
    assert len(found) == 1


def test_every_kind_has_bad_documents() -> None:
    kinds = {file.stem.rpartition(".")[2] for file in DOCUMENTS}
    assert kinds == set(KINDS)
