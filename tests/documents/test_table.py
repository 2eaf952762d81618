"""The rows of a table: types, places, and what overlaps."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.load import load_text
from engine.documents.relation import Table
from engine.documents.table import read_table
from engine.model.problem import Problem

GOOD = Path(__file__).parent / "good"
HEADER: dict[str, Any] = load_text(
    "table", (GOOD / "plain.table.yaml").read_text(encoding="utf-8"), "h"
)[0].data
TITLES = "column_1,column_2,indicator,effective,ended,weight\n"


def read(*rows: str) -> tuple[Table, list[Problem]]:
    return read_table(HEADER, TITLES + "".join(f"{row}\n" for row in rows), "t.csv")


def test_cells_have_the_types_of_their_columns() -> None:
    table, problems = read("j1010, 20552 ,0,2020-01-01,,-3")
    assert problems == []
    assert table.rows == (("J1010", "20552", "0", date(2020, 1, 1), None, -3),)
    assert table.columns == ("column_1", "column_2", "indicator", "effective", "ended", "weight")


def test_columns_may_stand_in_another_order() -> None:
    text = "weight,ended,effective,indicator,column_2,column_1\n1,,2020-01-01,0,20552,20553\n"
    table, problems = read_table(HEADER, text, "t.csv")
    assert problems == []
    assert table.rows == (("20553", "20552", "0", date(2020, 1, 1), None, 1),)


def test_lines_count_quoted_line_ends_and_blank_lines() -> None:
    table, problems = read('A1,B1,"two\nlines",2020-01-01,,', "", "A1,B2,x,2020-01-01,,")
    assert problems == []
    assert table.lines == (2, 5)


def test_windows_line_ends_and_byte_order_mark() -> None:
    text = "\ufeff" + TITLES.replace("\n", "\r\n") + "A1,B1,x,2020-01-01,,\r\n"
    table, problems = read_table(HEADER, text, "t.csv")
    assert (problems, len(table.rows)) == ([], 1)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("2020-01-01,2020-12-31", "2021-01-01,", False),
        ("2020-01-01,2021-01-01", "2021-01-01,", True),
        ("2020-01-01,", "2019-01-01,2019-12-31", False),
        ("2020-01-01,", "2030-01-01,", True),
        (",", "2030-01-01,", True),
        ("2020-01-01,2020-12-31", "2020-02-01,2020-02-02", True),
    ],
)
def test_rows_of_one_key_share_no_day(first: str, second: str, clash: bool) -> None:
    _, problems = read(f"A1,B1,x,{first},", f"A1,B1,x,{second},")
    assert [p.id for p in problems] == ["overlapping-rows"] * clash


def test_a_long_row_hides_no_later_overlap() -> None:
    rows = ["2020-01-01,2020-12-31", "2021-01-01,2021-01-31", "2021-01-15,2021-02-01"]
    _, problems = read(*(f"A1,B1,x,{row}," for row in rows))
    assert [(p.location.line, p.id) for p in problems] == [(4, "overlapping-rows")]


@given(st.text())
def test_no_text_raises(text: str) -> None:
    read_table(HEADER, text, "t.csv")
    read_table(HEADER, TITLES + text, "t.csv")
