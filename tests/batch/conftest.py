"""The corpus that the tests of batches share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.batch.corpus import checked, expected, lines_of, make


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of claims with its history and its record beside it."""
    return make(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def wanted(corpus: Path) -> dict[str, Any]:
    """What `check` says of it."""
    return expected(checked(str(corpus)))


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many claims of two payers: two books to read instead of fifteen."""
    return make(tmp_path_factory.mktemp("few"), topic="alabama")


@pytest.fixture(scope="session")
def few_wanted(few: Path) -> dict[str, Any]:
    """What `check` says of those."""
    return expected(checked(str(few)))


@pytest.fixture(scope="session")
def plain(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those without the history and the record beside them, two of each patient: all are plain."""
    claims = lines_of(few)
    for one, two in zip(claims[::2], claims[1::2], strict=True):
        two["patient"] = one["patient"]
    path = tmp_path_factory.mktemp("plain") / "claims.jsonl"
    path.write_text("\n".join(map(json.dumps, claims)), "utf-8")
    return path


@pytest.fixture(scope="session")
def plain_wanted(plain: Path) -> dict[str, Any]:
    """What `check` says of those."""
    return expected(checked(str(plain)))
