"""Tables of claim lines and other shapes of the same claims come out the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.batch.corpus import batched, outcomes, rows
from tests.batch.tables import as_csv, as_nested, as_parquet, beside, flat


@pytest.mark.parametrize(
    "shape",
    [
        *(pytest.param(shape, marks=pytest.mark.unmeasured) for shape in ("parquet", "csv", "tab")),
        "nested",
        "folder",
    ],
)
def test_other_shapes_of_the_same_claims(
    corpus: Path, wanted: dict[str, Any], tmp_path: Path, shape: str
) -> None:
    lines = flat(corpus)
    (tmp_path / "in").mkdir()
    if shape == "parquet":
        given = as_parquet(lines, tmp_path / "in" / "lines.parquet")
    elif shape in ("csv", "tab"):
        given = as_csv(lines, tmp_path / "in" / "lines.csv", "," if shape == "csv" else "\t")
    elif shape == "nested":
        given = as_nested(corpus, tmp_path / "in" / "claims.parquet")
    else:
        middle = len(lines) // 2  # the lines of one claim may stand in two files
        as_parquet(lines[:middle], tmp_path / "in" / "one.parquet")
        as_csv(lines[middle:], tmp_path / "in" / "two.csv")
        given = tmp_path / "in"
    batched(str(given), "-o", str(tmp_path / "out"), *beside(corpus))
    assert outcomes(tmp_path / "out") == wanted


@pytest.mark.unmeasured
def test_days_are_equal_however_tables_write_them(
    few: Path, few_wanted: dict[str, Any], tmp_path: Path
) -> None:
    """As they are, with midnight, and without hyphens, by turns from row to row."""
    lines = flat(few)
    for n, row in enumerate(lines):
        day = row["claim_line_start_date"]
        spellings = (day, f"{day} 00:00:00", f"{day}T00:00:00.000Z", day.replace("-", ""))
        row["claim_line_start_date"] = spellings[n % 4]
        if row["birth_date"] and n % 2:
            row["birth_date"] = row["birth_date"].replace("-", "")
    given = as_csv(lines, tmp_path / "lines.csv")
    batched(str(given), "-o", str(tmp_path / "out"), *beside(few))
    assert outcomes(tmp_path / "out") == few_wanted


@pytest.mark.unmeasured
def test_a_mapping_names_the_columns(few: Path, few_wanted: dict[str, Any], tmp_path: Path) -> None:
    renamed = [
        {{"claim_id": "CLM", "hcpcs_code": "HC", "person_id": "WHO"}.get(k, k): v
         for k, v in row.items() if k != "claim_type"}
        for row in flat(few)
    ]  # fmt: skip
    given = as_parquet(renamed, tmp_path / "lines.parquet")
    refused = batched(str(given), "--describe", code=2)
    assert "claim_id, procedure, patient" in refused
    assert "  not used: CLM" in refused
    assert "  needed and missing: claim_id, procedure, patient" in refused
    mapping = tmp_path / "ours.yaml"
    mapping.write_text(
        "columns: {CLM: claim_id, HC: procedure, WHO: patient}\nconstants: {note: from ours}\n"
    )
    words = [str(given), "--mapping", str(mapping)]
    shown = batched(*words, "--describe", code=0)
    assert "CLM: claim_id" in shown
    assert "not used: ingest_datetime" in shown
    assert "always `from ours`: note" in shown
    batched(*words, "-o", str(tmp_path / "out"), *beside(few))
    assert {row["claim_id"] for row in rows(tmp_path / "out", "claims")} == set(few_wanted)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: {A: procedur}", "did you mean `procedure`?"),
        ("colums: {}", "has the keys `columns` and `constants`"),
        ("constants: {modifiers: KX}", "must have a text"),
        ("columns: [", "error"),
    ],
)
def test_a_wrong_mapping_is_told(tmp_path: Path, text: str, said: str) -> None:
    mapping, given = tmp_path / "m.yaml", tmp_path / "x.csv"
    mapping.write_text(text)
    given.write_text("claim_id,procedure\n1,20552\n")
    assert said in batched(str(given), "--mapping", str(mapping), "--describe", code=2)
