"""Brings the tables of a ledger up to date, and refuses a ledger newer than this program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from engine.ledger.refused import RefusedError

if TYPE_CHECKING:
    from alembic.config import Config

LATEST = "0001"
"""The last step; a test compares it with the files."""


def revision(connection: Connection) -> str | None:
    """The last step that was run on a database; None for one without a ledger."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def bring_up(connection: Connection) -> None:
    """Run the steps that are lacking; raises `RefusedError` if the ledger knows later ones."""
    from alembic import command  # takes a second to import, and is wanted once a ledger

    now = revision(connection)
    if now is not None and now > LATEST:
        raise RefusedError(
            f"the ledger was made by a later version of cleanclaim (step {now})",
            "use that version, or a later one",
        )
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """Alembic's settings for a connection."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    attributes: dict[Any, Any] = found.attributes
    attributes["connection"] = connection
    return found
