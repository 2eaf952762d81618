"""The policies of this repository are tested: whatever no test notices has a written reason."""

from __future__ import annotations

import pytest

from engine.analysis.mutation.score import score
from tests.policies.shipped import linted

LEAST = 90
"""Percent of all small changes that a test must notice."""


@pytest.mark.unmeasured
def test_the_shipped_policies() -> None:
    found = score(linted()[0])
    assert found.failing == ()
    assert found.percent >= LEAST
    assert [str(survivor.mutant) for survivor in found.untested] == []
    assert [str(problem) for problem in found.stale] == []
