"""The policies of this repository are tested: whatever no test notices has a written reason."""

from __future__ import annotations

import pytest

from engine.analysis.mutation.score import score
from engine.compiler.library import Library
from engine.documents.load import load_tree
from engine.documents.source import from_folder
from tests.analysis.trees import SHIPPED

LEAST = 90
"""Percent of all small changes that a test must notice."""


@pytest.mark.unmeasured
def test_the_shipped_policies() -> None:
    documents, problems = load_tree(from_folder(SHIPPED))
    found = score(Library(documents, problems))
    assert found.failing == ()
    assert found.percent >= LEAST
    assert [str(survivor.mutant) for survivor in found.untested] == []
    assert [str(problem) for problem in found.stale] == []
