"""On Spark a batch says what it says on processes; skipped where Spark is not installed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.batch import staging
from engine.batch.judge import Judge
from tests.batch.corpus import batched, lines_of, outcomes, rows, told
from tests.batch.tables import as_csv, flat
from tests.batch.test_long_work import after

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(autouse=True)
def _many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "ROWS_A_PART", 40)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


def test_spark_says_what_check_says(corpus: Path, wanted: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "out"
    batched(str(corpus), "-o", str(out), "--spark", "local[2]", "--json-lines")
    assert outcomes(out) == wanted
    assert told(out)["complete"]
    assert told(out)["findings"] == len(rows(out, "findings"))
    assert len((out / "needs.jsonl").read_text("utf-8").splitlines()) == told(out)["needs"]


def test_spark_goes_on_and_writes_what_processes_write(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain patients, and those with a history, a record, a corrected claim or without an id."""
    words = _of_every_kind(corpus, tmp_path)
    alone, spark = tmp_path / "alone", tmp_path / "spark"
    counts = _counted(monkeypatch)
    batched(*words, "-o", str(alone), "--workers", "1", code=2)
    assert min(counts) > 10
    with monkeypatch.context() as patch:
        after(patch, 2, KeyboardInterrupt())
        batched(*words, "-o", str(spark), "--workers", "1", code=130)
    before = sorted(path.name for path in (spark / "claims").iterdir())
    batched(*words, "-o", str(spark), "--spark", "local[2]", "--resume", code=2)
    assert before < sorted(path.name for path in (spark / "claims").iterdir())
    for name in ("claims", "findings", "needs"):
        assert _sorted(rows(alone, name)) == _sorted(rows(spark, name)) != []
    for name in ("quarantine.jsonl", "remarks.jsonl"):
        assert _sorted(lines_of(alone / name)) == _sorted(lines_of(spark / name)) != []
    same = ("claims", "verdicts", "findings", "needs", "remarks", "charge", "books", "complete")
    assert {n: told(alone)[n] for n in same} == {n: told(spark)[n] for n in same}


def test_a_spark_that_is_not_there_is_a_message(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shown = batched(str(few), "-o", str(out), "--spark", "nowhere", code=2)
    assert "Spark could not do it: " in shown
    assert "nowhere" in shown
    assert told(out)["state"] == "stopped"


def _of_every_kind(corpus: Path, folder: Path) -> list[str]:
    """A file of claims, one of them corrected, and a table; a row of it lacks its patient."""
    claims = lines_of(corpus)
    corrected = {**claims[5], "claim_id": "again", "replaces": claims[5]["claim_id"]}
    text = "\n".join(map(json.dumps, [*claims[:30], corrected]))
    (folder / "claims.jsonl").write_text(text, "utf-8")
    for name in ("history", "documentation"):  # beside the file, of some patients only
        entries = lines_of(corpus.with_name(f"claims-{name}.jsonl"))[:9]
        (folder / f"claims-{name}.jsonl").write_text("\n".join(map(json.dumps, entries)), "utf-8")
    table = [row for row in flat(corpus) if row["claim_id"] in {c["claim_id"] for c in claims[30:]}]
    # The first row stands twice, which is remarked on.
    as_csv([*table, {**table[0]}, {**table[-1], "person_id": None}], folder / "table.csv")
    return [str(folder / "claims.jsonl"), str(folder / "table.csv")]


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many claims are judged together and one by one from now on, in this process."""
    counts, together, alone = [0, 0], Judge.lines, Judge._one

    def lines(self: Judge, *given: Any, **more: Any) -> Any:
        judged, others = together(self, *given, **more)
        counts[0] += sum(judged.written.verdicts.values())
        return judged, others

    def one(self: Judge, *given: Any) -> None:
        counts[1] += 1
        alone(self, *given)

    monkeypatch.setattr(Judge, "lines", lines)
    monkeypatch.setattr(Judge, "_one", one)
    return counts


def _sorted(found: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in found)
