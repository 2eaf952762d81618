"""The corpus in other shapes: tables of claim lines, and Parquet rows that are whole claims."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.batch.corpus import lines_of

Row = dict[str, Any]


def flat(claims: Path) -> list[Row]:
    """One row a line, by the column names of the Tuva layout and, beyond it, of our fields."""
    return [row for claim in lines_of(claims) for row in _rows(claim)]


def _rows(claim: Row) -> list[Row]:
    billing, payer = claim.get("billing_provider") or {}, claim["payer"]
    shared = {
        "claim_id": claim["claim_id"],
        "claim_type": claim.get("form"),
        "person_id": claim["patient"]["id"],
        "birth_date": claim["patient"].get("birth_date"),
        "sex": claim["patient"].get("sex"),
        "payer": payer["id"],
        "plan": payer.get("plan"),
        "state": payer.get("state"),
        "contractor": payer.get("contractor"),
        "bill_type_code": claim.get("type_of_bill"),
        "facility_type": claim.get("facility_type"),
        "stage": claim.get("stage"),
        "replaces": claim.get("replaces"),
        "frequency": claim.get("frequency"),
        "prior_authorization": claim.get("prior_authorization"),
        "billing_npi": billing.get("npi"),
        "billing_specialty": billing.get("specialty"),
        "billing_taxonomy": billing.get("taxonomy"),
        "group": billing.get("group"),
    }
    for n in range(6):
        codes = claim.get("diagnoses") or []
        shared[f"diagnosis_code_{n + 1}"] = codes[n].replace(".", "") if n < len(codes) else None
    return [{**shared, **_line(line)} for line in claim["lines"]]


def _line(line: Row) -> Row:
    provider, modifiers = line.get("rendering_provider") or {}, line.get("modifiers") or []
    pointers = line.get("diagnosis_pointers") or []
    return {
        "claim_line_number": line["number"],
        "hcpcs_code": line["procedure"],
        "service_unit_quantity": None if line.get("units") is None else float(line["units"]),
        "claim_line_start_date": line["service_date"],
        "place_of_service_code": line.get("place_of_service"),
        "charge_amount": line.get("charge"),
        "revenue_center_code": line.get("revenue_code"),
        "ndc": line.get("ndc"),
        "line_prior_authorization": line.get("prior_authorization"),
        "rendering_npi": provider.get("npi"),
        "rendering_specialty": provider.get("specialty"),
        "rendering_taxonomy": provider.get("taxonomy"),
        "rendering_group": provider.get("group"),
        "diagnosis_pointers": " ".join(map(str, pointers)) or None,
        **{f"hcpcs_modifier_{n + 1}": _at(modifiers, n) for n in range(5)},
        "ingest_datetime": "2026-11-01 00:00:00",
    }


def _at(values: list[str], n: int) -> str | None:
    return values[n] if n < len(values) else None


def as_parquet(rows: list[Row], path: Path) -> Path:
    """A Parquet file of rows; columns that hold nothing are texts."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    arrays = {
        name: pa.array(values, pa.string()) if not any(values) else pa.array(values)
        for name, values in columns.items()
    }
    pq.write_table(pa.table(arrays), path)
    return path


def as_csv(rows: list[Row], path: Path, delimiter: str = ",") -> Path:
    """A CSV file of rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_nested(claims: Path, path: Path) -> Path:
    """A Parquet file of whole claims."""
    array = pa.array(lines_of(claims))
    pq.write_table(pa.Table.from_struct_array(array), path)
    return path


def beside(claims: Path) -> list[str]:
    """The options that name the corpus's history and record."""
    history = claims.with_name("claims-history.jsonl")
    record = claims.with_name("claims-documentation.jsonl")
    return ["--history", str(history), "--documentation", str(record), "--workers", "1"]
