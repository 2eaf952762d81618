"""Each file of `bad/` is one fault in the good tree; the one problem expected stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.compiler.trees import edited, linted, tree

BAD = Path(__file__).parent / "bad"
FAULTS = sorted(BAD.glob("*.yaml"))


def faulty(file: Path) -> dict[str, bytes]:
    """The tree with the fault."""
    fault: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    edits = [(e["file"], e["old"], e["new"]) for e in fault.get("edits", ())]
    return edited(edits, fault.get("files"))


def test_the_good_tree_has_no_problem() -> None:
    assert linted(tree()) == []


@pytest.mark.parametrize("file", FAULTS, ids=lambda file: file.stem)
def test_one_fault_is_one_problem(file: Path, golden: Callable[[Path, str], None]) -> None:
    found = linted(faulty(file))
    golden(file.with_suffix(".problem"), "".join(f"{problem}\n" for problem in found))
    assert len(found) == 1
