"""What alembic runs: the steps on the connection that the ledger hands over."""

from __future__ import annotations

from alembic import context

from engine.ledger.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
)
context.run_migrations()
