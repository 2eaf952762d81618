"""What a batch says of a claim is what `check` says of it, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from engine.batch.schemas import OUTPUTS
from tests.batch.corpus import CLAIMS, batched, outcomes, rows, told


@pytest.fixture(scope="module")
def out(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a batch writes of the corpus."""
    out = tmp_path_factory.mktemp("batch") / "out"
    batched(str(corpus), "-o", str(out), "--workers", "1")
    return out


def test_a_batch_says_what_check_says(out: Path, wanted: dict[str, Any]) -> None:
    assert outcomes(out) == wanted
    counts = told(out)["claims"]
    assert counts == {"read": CLAIMS, "untouched": 0, "judged": CLAIMS, "quarantined": 0}
    assert not (out / ".work").exists()


def test_a_need_says_whether_it_holds_the_claim_back(out: Path) -> None:
    holding = {row["claim_id"] for row in rows(out, "needs") if row["weighs"]}
    for row in rows(out, "claims"):
        if row["verdict"] != "not_clean":
            assert (row["verdict"] == "undecided") == (row["claim_id"] in holding)


def test_outputs_have_their_columns(out: Path) -> None:
    for name, schema in OUTPUTS.items():
        for path in (out / name).glob("*.parquet"):
            assert pq.read_schema(path) == schema
            assert pq.read_table(path).schema == schema
