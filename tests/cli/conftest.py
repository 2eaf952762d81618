"""Every test of the command runs at the top of the repository, with a cache of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.run import ROOT


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def at_the_top(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("CLEANCLAIM_CACHE", str(cache))
