"""Claims that are judged once for all like them come out as if each were judged by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bench.corpus import generate
from engine.batch.inputs import Input, opened
from engine.batch.judge import Judge, Judged, whole_patients
from engine.batch.records import parts_of, records
from engine.batch.run import Batch
from engine.batch.settings import Settings
from engine.batch.staging import Stager
from engine.cli.options import source_of

CLAIMS = 60


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("first", "last"),
    [(None, None), (date(2024, 11, 1), None), (date(2015, 1, 1), date(2026, 3, 1))],
)
def test_like_claims_come_out_alike(tmp_path: Path, first: date | None, last: date | None) -> None:
    given = opened(generate(tmp_path / "claims.parquet", CLAIMS, 1.0, seed=4), None)
    assert isinstance(given, Input)
    settings = Settings(source_of(None), complete_from=first, complete_to=last)
    work = tmp_path / "work"
    staged = Stager(work, [given]).run(Batch(tmp_path, [given], settings, {})._relevance)
    batches = [t for n in parts_of(work, staged.parts) for t in whole_patients(records(work, n))]
    # The same claims of other persons a second time: what was learnt from the first is used.
    again = [_others(batch) for batch in batches]
    likewise, alone = Judge(settings), Judge(settings, alone=True)
    for batch in (*batches, *again):
        one, other = likewise(batch), alone(batch)
        assert one.refused == other.refused
        assert (one.verdicts, one.charge, one.books) == (other.verdicts, other.charge, other.books)
        assert _rows(one) == _rows(other)
        assert one.filled.count("claims") > 0.8 * batch.num_rows


def _others(batch: pa.Table) -> pa.Table:
    rows = batch.to_pylist()
    for row in rows:
        row["claim_id"], row["patient"] = f"X{row['claim_id']}", f"X{row['patient']}"
        row["group"] = f"X{row['group']}"
    return pa.Table.from_pylist(rows, schema=batch.schema)


def _rows(judged: Judged) -> dict[str, list[dict[str, Any]]]:
    return {
        name: sorted(table.to_pylist(), key=lambda row: str(row["claim_id"]))
        for name, table in judged.tables().items()
    }
