"""Claims of sorted tables are counted as they are, and nothing is said of tables that are not."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.inputs import Input, opened
from engine.batch.inputs.tables import lines_of
from engine.batch.staging import Stager, counting
from engine.batch.staging.ascending import claims_by_payer
from engine.batch.staging.trigger import Relevance

ROWS = st.tuples(
    st.sampled_from(["A", "B", "C", "D", "é", " A", "A ", "", "E\u00a0"]),
    st.sampled_from([("medicare", "x"), ("aetna", "x"), (None, "x"), ("aetna", None)]),
)
Row = tuple[Any, tuple[str | None, str | None]]


def _file(path: Path, rows: list[Row], size: int) -> Input:
    columns: dict[str, Any] = {"claim_id": pa.array([claim for claim, _ in rows])}
    columns["payer"] = pa.array([payer for _, (payer, _) in rows], pa.string())
    columns["payer_name"] = pa.array([name for _, (_, name) in rows], pa.string())
    for name in ("person_id", "hcpcs_code", "claim_line_start_date"):
        columns[name] = pa.array(["2026-03-05"] * len(rows))
    pq.write_table(pa.table(columns), path, row_group_size=size)
    found = opened(path, None)
    assert isinstance(found, Input)
    return found


def _counted(inputs: list[Input]) -> Counter[Any] | None:
    found = claims_by_payer(lines_of(inputs), ["payer", "payer_name"], 2)
    if found is None:
        return None
    told: Counter[Any] = Counter()
    for row in found.to_pylist():
        told[Path(row["filename"]).name, row["payer"], row["payer_name"]] += row["claims"]
    return +told


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(ROWS, min_size=1, max_size=12),
    size=st.integers(1, 5),
    cut=st.integers(0, 12),
    ascending=st.booleans(),
    one_payer=st.booleans(),
)
def test_sorted_claims_are_counted_and_others_are_not(
    rows: list[Row], size: int, cut: int, ascending: bool, one_payer: bool
) -> None:
    if ascending:
        rows = sorted(rows, key=lambda row: row[0])
    if one_payer:  # of a claim; not of the table
        first: dict[str, Any] = {}
        rows = [(claim, first.setdefault(claim, payer)) for claim, payer in rows]
    parts = [part for part in (rows[:cut], rows[cut:]) if part]
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / f"{n}.parquet" for n in range(len(parts))]
        told = _counted([_file(p, part, size) for p, part in zip(paths, parts, strict=True)])
    bearers = {
        (claim, (f"{n}.parquet", *payer)) for n, part in enumerate(parts) for claim, payer in part
    }
    claims = {claim for claim, _ in rows}
    good = (
        [claim for claim, _ in rows] == sorted(claim for claim, _ in rows)
        and len(bearers) == len(claims)
        and not claims & {" A", "A ", "", "E\u00a0"}
    )
    assert told == (Counter(bearer for _, bearer in bearers) if good else None)


@pytest.mark.parametrize(
    ("ids", "used"), [(["1", "1", "2"], True), ([1, 2, 10], True), (["2", "1", "1"], False)]
)
def test_a_stager_counts_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: list[Any], used: bool
) -> None:
    """Numbers are sorted as numbers, also where their texts would not be."""
    asked: list[bool] = []

    def noted(*given: Any) -> Any:
        found = claims_by_payer(*given)
        asked.append(found is not None)
        return found

    monkeypatch.setattr(counting, "claims_by_payer", noted)
    rows: list[Row] = [(claim, ("medicare ", None)) for claim in ids]
    given = _file(tmp_path / "t.parquet", rows, 2)
    staged = Stager(tmp_path / "work", [given]).run(lambda _plans: Relevance())
    assert asked == [used]
    assert staged.claims == {"t.parquet": len(set(ids))}
    assert staged.untouched == [("medicare", None, None, len(set(ids)))]
    assert staged.lines == {"t.parquet": 3}
