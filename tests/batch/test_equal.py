"""What a batch says of a claim is what `check` says of it, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.batch.corpus import CLAIMS, batched, outcomes, rows, told


def test_a_batch_says_what_check_says(corpus: Path, wanted: dict[str, Any], tmp_path: Path) -> None:
    batched(str(corpus), "-o", str(tmp_path / "out"), "--workers", "1")
    assert outcomes(tmp_path / "out") == wanted
    counts = told(tmp_path / "out")["claims"]
    assert counts == {"read": CLAIMS, "untouched": 0, "judged": CLAIMS, "quarantined": 0}
    assert not (tmp_path / "out" / ".work").exists()


@pytest.mark.unmeasured
def test_a_need_says_whether_it_holds_the_claim_back(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batched(str(corpus), "-o", str(out), "--workers", "1")
    holding = {row["claim_id"] for row in rows(out, "needs") if row["weighs"]}
    for row in rows(out, "claims"):
        if row["verdict"] != "not_clean":
            assert (row["verdict"] == "undecided") == (row["claim_id"] in holding)
