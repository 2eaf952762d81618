"""The tables of the ledger, the same on SQLite and PostgreSQL.

Facts are added, never edited: a line of a claim has one row for each version of what is known of
it, and `current` tells which row holds. Only that mark ever changes.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
)

PROPERTY = Table(
    "property",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What holds for the whole ledger: whether its identifiers are keyed hashes, and of which key."""

SOURCE = Table(
    "source",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
)
"""Where rows came from: the name of a file without its folder, or of a command."""

VERSION = Table(
    "claim_version",
    METADATA,
    Column("claim_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("event", Text, nullable=False),
    Column("patient", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("replaces", Text),
    Column("payer_control", Text),
    Column("source", Integer, ForeignKey("source.id"), nullable=False),
    Column("recorded_at", Text, nullable=False),
    PrimaryKeyConstraint("claim_id", "version"),
    Index("ix_claim_version_patient", "patient"),
    Index(
        "ix_claim_version_replaces",
        "replaces",
        sqlite_where=text("replaces IS NOT NULL"),
        postgresql_where=text("replaces IS NOT NULL"),
    ),
    Index(
        "ix_claim_version_payer_control",
        "payer_control",
        sqlite_where=text("payer_control IS NOT NULL"),
        postgresql_where=text("payer_control IS NOT NULL"),
    ),
)
"""What happened to a claim, one row an event; `content` is a digest of what was said, `lines`
the number of rows in `service` that the event added."""

SERVICE = Table(
    "service",
    METADATA,
    Column("claim_id", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("patient", Text, nullable=False),
    Column("service_date", Date, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("modifiers", Text, nullable=False),
    Column("units", Text),
    Column("side", Text),
    Column("place_of_service", Text),
    Column("diagnoses", Text, nullable=False),
    Column("rendering_npi", Text),
    Column("provider_group", Text),
    Column("payer", Text),
    Column("status", Text),
    Column("payer_control", Text),
    Column("expires_on", Date),
    Column("documentation", Text),
    PrimaryKeyConstraint("claim_id", "line", "version"),
    Index("ix_service_patient", "patient", "service_date"),
)
"""One line of one version of a claim. A line that its source does not number is negative."""

COVERAGE = Table(
    "coverage",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("patient", Text),
    Column("complete_from", Date),
    Column("complete_to", Date),
    Column("providers", Text),
    Column("own_group", Boolean, nullable=False),
    Column("procedures", Text),
    Column("source", Integer, ForeignKey("source.id"), nullable=False),
    Index("ix_coverage_patient", "patient"),
)
"""What is known to be complete, and who says so; without a patient it holds for every patient."""

REMITTANCE = Table(
    "remittance",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("claim_id", Text, nullable=False),
    Column("content", Text, nullable=False, unique=True),
    Column("patient", Text),
    Column("decided_on", Date),
    Column("details", Text, nullable=False),
    Column("applied", Integer),
    Column("source", Integer, ForeignKey("source.id"), nullable=False),
    Index("ix_remittance_claim_id", "claim_id"),
    Index("ix_remittance_patient", "patient"),
)
"""What payers decided, claim by claim. `applied` is the version of the claim that it was applied
to; none while it waits for its claim."""
