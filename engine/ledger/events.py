"""Opens the recording of one source on a connection: who says it, and when it was taken down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import PurePath

import sqlalchemy as sa

from engine.ledger.record import Recorder
from engine.ledger.schema import SOURCE
from engine.ledger.store import Ledger


def stamp() -> str:
    """This moment, as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def source_id(ledger: Ledger, name: str) -> int:
    """A new source: a file by its last name, or the words of a command."""
    plain = PurePath(name).name if "/" in name or "\\" in name else name
    with ledger.writing(()) as connection:
        done = connection.execute(sa.insert(SOURCE).values(name=plain, recorded_at=stamp()))
        key = done.inserted_primary_key
    return int(key[0]) if key else 0


def recorder(
    ledger: Ledger, connection: sa.Connection, source: int, patients: Collection[str]
) -> Recorder:
    """A recorder in a transaction that has locked `patients` (stored names)."""
    locked = frozenset(patients) if ledger.postgresql else None
    return Recorder(connection, ledger.names, source, stamp(), locked)
