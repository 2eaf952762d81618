"""On Spark a batch says what it says on processes; skipped where Spark is not installed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.batch.corpus import batched, outcomes, rows, told

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),
]


def test_spark_says_what_check_says(
    corpus: Path, wanted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    out = tmp_path / "out"
    batched(str(corpus), "-o", str(out), "--spark", "local[2]", "--json-lines")
    assert outcomes(out) == wanted
    assert told(out)["complete"]
    assert told(out)["findings"] == len(rows(out, "findings"))
    assert len((out / "needs.jsonl").read_text("utf-8").splitlines()) == told(out)["needs"]
