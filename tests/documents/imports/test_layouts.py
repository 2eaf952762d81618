"""Every published layout: a small sample of it is read, in the columns of its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.imports.grid import Unreadable, day
from engine.documents.imports.layout import About, Cells
from engine.documents.imports.layouts import LAYOUTS

SAMPLES = Path(__file__).parent / "samples"
QUARTER = About(begins="2026-10-01")


def _read(kind: str, file: str, about: About = QUARTER) -> list[Cells]:
    return list(LAYOUTS[kind].read(SAMPLES / file, about))


def test_pairs_keep_indicator_reason_and_both_days() -> None:
    rows = _read("pairs", "ccipra-v324r0-f1.txt")
    assert len(rows) == 6
    assert rows[0][:7] == (
        *("20552", "20553", "practitioner", "9", "more_extensive"),
        *("2020-01-01", "2023-03-31"),
    )
    assert rows[2][3:7] == ("1", "misuse", "2017-01-01", "")


def test_pairs_of_nobody_are_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "pairs.txt"
    file.write_text("20552\t20553\t\t20200101\t*\t1\tMisuse\n", encoding="utf-8")
    with pytest.raises(Unreadable, match="--part"):
        list(LAYOUTS["pairs"].read(file, About()))


def test_units_hold_from_the_first_day_of_the_quarter() -> None:
    rows = _read("units", "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv")
    assert rows[0] == ("20552", "practitioner", "1", "2", "2026-10-01", "", "", "")
    assert [row[0] for row in rows] == ["20552", "20610", "0001U"]


def test_add_ons_end_with_their_primary_too() -> None:
    rows = _read("add-ons", "AOC_V2026Q4-MCR.txt")
    assert rows[0] == ("64484", "64483", "1", "2013-01-01", "", "", "")
    assert rows[2][3:5] == ("2010-01-01", "2009-12-31")
    assert rows[3][:3] == ("77002", "CCCCC", "2")


def test_drug_codes_have_their_days_and_no_words() -> None:
    rows = _read("hcpcs", "HCPC2026_OCT_ANWEB.txt")
    assert rows[0] == ("J1010", "", "2024-04-01", "", "", "")
    assert rows[1] == ("J1030", "J1010", "1982-01-01", "2024-03-31", "", "")
    assert [row[0] for row in rows] == ["J1010", "J1030", "A0021"]
    assert not any("WORDS" in cell for row in rows for cell in row)


def test_diagnoses_get_their_dot_and_say_whether_they_are_headings() -> None:
    rows = _read("icd10", "icd10cm-order-2027.txt")
    assert [row[:2] for row in rows] == [
        ("M54", "no"),
        ("M54.5", "no"),
        ("M54.50", "yes"),
        ("M79.18", "yes"),
        ("A00.0", "yes"),
    ]


def test_surgery_centre_codes_take_the_quarter_from_the_titles() -> None:
    rows = _read("surgery-centre", "asc-addendum-AA-oct-2026.csv", About())
    assert rows[0] == ("64493", "aa", "G2", "yes", "2026-10-01", "", "", "")
    assert rows[1][2:4] == ("N1", "no")
    rows = _read("surgery-centre", "asc-addendum-BB-oct-2026.csv", About())
    assert rows[0] == ("J1010", "bb", "N1", "", "2026-10-01", "", "", "")


@pytest.mark.parametrize(("kind", "file"), [("units", "a.csv"), ("hcpcs", "a.txt")])
def test_another_kind_of_file_is_refused_in_words(kind: str, file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.write_text("nothing\nof the kind\n", encoding="utf-8")
    with pytest.raises(Unreadable):
        list(LAYOUTS[kind].read(path, QUARTER))


def test_a_spreadsheet_is_read_like_text(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["notice"], ["HCPCS/\nCPT Code", "Outpatient Hospital Services MUE Values"]):
        book.active.append(row)
    book.active.cell(2, 3, "MUE Adjudication Indicator")
    book.active.append(["20552", 1, "2 Date of Service Edit: Policy"])
    path = tmp_path / "mue.xlsx"
    book.save(path)
    rows = list(LAYOUTS["units"].read(path, QUARTER))
    assert rows == [("20552", "outpatient", "1", "2", "2026-10-01", "", "", "")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20240701", "2024-07-01"),
        ("2024183", "2024-07-01"),
        ("07/01/2024", "2024-07-01"),
        ("*", None),
    ],
)
def test_days_are_written_in_several_ways(text: str, found: str | None) -> None:
    assert day(text) == found
