"""Ledgers for tests: an empty one on each database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from engine.cli import ledger_check, ledger_hold, ledger_next, ledger_options, ledger_sessions
from engine.ledger.schema import METADATA
from engine.ledger.store import Ledger, open_ledger
from tests.ledger.making import TODAY
from tests.ledger.running import Runner
from tests.ledger.servers import LACKING, new_database, server_of


@pytest.fixture(scope="session")
def postgresql() -> str:
    """The address of a PostgreSQL server, shared by all test processes."""
    found = server_of(os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid()))
    if found is None:
        pytest.skip(LACKING)
    return found


@pytest.fixture(scope="session")
def database(postgresql: str) -> str:
    """One PostgreSQL database of this test process."""
    return new_database(postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty ledger, on each database in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    address: str = request.getfixturevalue("database")
    emptied(address)
    return address


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger, on each database in turn."""
    found = open_ledger(url, make=True)
    yield found
    found.close()


def emptied(address: str) -> None:
    """Take every row out of a database that may hold a ledger."""
    tables = [table.name for table in METADATA.sorted_tables]
    with psycopg.connect(address, autocommit=True) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        there = {row[0] for row in connection.execute(query)}
        if there.issuperset(tables):
            connection.execute(f"TRUNCATE {', '.join(tables)}".encode())


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    for module in (ledger_options, ledger_sessions, ledger_next, ledger_hold, ledger_check):
        monkeypatch.setattr(module, "today", lambda: TODAY)
    return Runner(url, tmp_path)
