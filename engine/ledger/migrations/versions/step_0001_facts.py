"""The first tables: services by claim, line and version, remittances, and what is complete."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "property",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_property"),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )
    _claims()
    _services()
    _coverage()
    _remittances()


def downgrade() -> None:
    """Take the tables away, and all that they hold."""
    for name in ("remittance", "coverage", "service", "claim_version", "source", "property"):
        op.drop_table(name)


def _claims() -> None:
    op.create_table(
        "claim_version",
        sa.Column("claim_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("patient", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("replaces", sa.Text),
        sa.Column("payer_control", sa.Text),
        sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "version", name="pk_claim_version"),
    )
    op.create_index("ix_claim_version_patient", "claim_version", ["patient"])
    for name in ("replaces", "payer_control"):
        some = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_claim_version_{name}",
            "claim_version",
            [name],
            sqlite_where=some,
            postgresql_where=some,
        )


def _services() -> None:
    op.create_table(
        "service",
        sa.Column("claim_id", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("patient", sa.Text, nullable=False),
        sa.Column("service_date", sa.Date, nullable=False),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("modifiers", sa.Text, nullable=False),
        sa.Column("units", sa.Text),
        sa.Column("side", sa.Text),
        sa.Column("place_of_service", sa.Text),
        sa.Column("diagnoses", sa.Text, nullable=False),
        sa.Column("rendering_npi", sa.Text),
        sa.Column("provider_group", sa.Text),
        sa.Column("payer", sa.Text),
        sa.Column("status", sa.Text),
        sa.Column("payer_control", sa.Text),
        sa.Column("expires_on", sa.Date),
        sa.Column("documentation", sa.Text),
        sa.PrimaryKeyConstraint("claim_id", "line", "version", name="pk_service"),
    )
    op.create_index("ix_service_patient", "service", ["patient", "service_date"])


def _coverage() -> None:
    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("patient", sa.Text),
        sa.Column("complete_from", sa.Date),
        sa.Column("complete_to", sa.Date),
        sa.Column("providers", sa.Text),
        sa.Column("own_group", sa.Boolean, nullable=False),
        sa.Column("procedures", sa.Text),
        sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_coverage"),
    )
    op.create_index("ix_coverage_patient", "coverage", ["patient"])


def _remittances() -> None:
    op.create_table(
        "remittance",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("claim_id", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("patient", sa.Text),
        sa.Column("decided_on", sa.Date),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("applied", sa.Integer),
        sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remittance"),
        sa.UniqueConstraint("content"),
    )
    op.create_index("ix_remittance_claim_id", "remittance", ["claim_id"])
    op.create_index("ix_remittance_patient", "remittance", ["patient"])
