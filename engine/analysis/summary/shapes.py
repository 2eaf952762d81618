"""The columns of a batch's Parquet files that a report reads."""

from __future__ import annotations

from collections.abc import Mapping

Shape = Mapping[str, str]
"""Column and its DuckDB type."""

_PROVIDERS = {"billing_npi": "VARCHAR", "group": "VARCHAR", "rendering_npi": "VARCHAR"}

TABLES: Mapping[str, Shape] = {
    "claims": {
        "claim_id": "VARCHAR",
        "verdict": "VARCHAR",
        "payer": "VARCHAR",
        "contractor": "VARCHAR",
        "place_of_service": "VARCHAR",
        "service_date": "DATE",
        **_PROVIDERS,
        "charge": "DECIMAL(18,2)",
    },
    "findings": {
        "claim_id": "VARCHAR",
        "rule": "VARCHAR",
        "finding": "VARCHAR",
        "lines": "INTEGER[]",
        "charge": "DECIMAL(18,2)",
        "group_code": "VARCHAR",
        "carc": "VARCHAR",
        "rarc": "VARCHAR",
        "message": "VARCHAR",
        "verified": "BOOLEAN",
    },
    "needs": {
        "claim_id": "VARCHAR",
        "fact": "VARCHAR",
        "question": "VARCHAR",
        "weighs": "BOOLEAN",
    },
}


def suits(wanted: str, found: str) -> bool:
    """Whether a column of one type can be read as the other: dates may come as ISO text, lists
    and numbers in any width."""
    if wanted.endswith("[]"):
        return found.endswith("[]")
    if wanted.startswith("DECIMAL"):
        return found.startswith(("DECIMAL", "DOUBLE", "BIGINT", "INTEGER"))
    if wanted == "DATE":
        return found in ("DATE", "VARCHAR") or found.startswith("TIMESTAMP")
    if wanted == "VARCHAR":
        return found in ("VARCHAR", "INTEGER") or found.startswith("ENUM")
    return found == wanted
