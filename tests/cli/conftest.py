"""Every test of the command runs at the top of the repository."""

from __future__ import annotations

import pytest

from tests.cli.run import ROOT


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
