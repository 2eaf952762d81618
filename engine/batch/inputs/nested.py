"""Reads Parquet files whose rows are whole claims of the contract, with their lines inside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyarrow import ArrowException, parquet

from engine.claims import json_text
from engine.claims.record import CLAIM_FIELDS, claim_from
from engine.claims.where import Where
from engine.model.claim import Claim
from engine.model.problem import Location, Problem

_ROWS = 5_000
_TEXTS = ("charge",)


def read_nested(path: Path) -> Iterator[Claim | Problem]:
    """The claims of a file and what is wrong with them; columns that are no fields are left."""
    for ordinal, row in enumerate(_rows(path), 1):
        if isinstance(row, Problem):
            yield row
            return
        data = plain(row)
        if isinstance(data.get("documentation"), str):
            data["documentation"], _ = json_text.whole(data["documentation"], str(path))
        where = Where(str(path), place=f"row {ordinal}")
        claim, problems = claim_from(data, where, ordinal)
        yield from problems
        if claim is not None:
            yield claim


def _rows(path: Path) -> Iterator[dict[str, Any] | Problem]:
    """The rows of a file, and what ended reading before its end."""
    read = 0
    try:
        file = parquet.ParquetFile(path)
        names = [name for name in file.schema_arrow.names if name in CLAIM_FIELDS]
        for batch in file.iter_batches(_ROWS, columns=names):
            yield from batch.to_pylist()
            read += batch.num_rows
    except (ArrowException, OSError, ValueError) as error:
        message = (
            f"this Parquet file is damaged: after {read:,} rows it cannot be read: "
            f"{str(error).splitlines()[0][:120]}"
        )
        hint = "make it anew; what was read of it was judged"
        yield Problem(Location(str(path)), "bad-table", message, hint)


def plain(value: Any, name: str = "") -> Any:
    """A value of Arrow as JSON would have given it; what is null is left out."""
    if isinstance(value, dict):
        found = {k: plain(v, k) for k, v in value.items() if v is not None}
        return {k: v for k, v in found.items() if v not in ({}, [])}
    if isinstance(value, list):
        return [plain(v, name) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        value = Decimal(repr(value))
    if name in _TEXTS and isinstance(value, Decimal | int):
        return f"{value:.2f}"
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value
