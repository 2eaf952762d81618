"""Large tables in a mapped file say what the same rows say in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.documents import storing
from engine.model.stored import Stored

HEADER: Mapping[str, Any] = {
    "key": ["one", "two"],
    "columns": {
        "one": {"type": "code"},
        "two": {"type": "code"},
        "mark": {"type": "word"},
        "limit": {"type": "integer"},
        "begins": {"type": "date"},
        "ends": {"type": "date"},
        "known": {"type": "date"},
    },
    "dated": {"from": "begins", "to": "ends", "to_published": "known"},
}
TITLES = "one,two,mark,limit,begins,ends,known\n"
ROWS = """20552,64483,1,3,2017-01-01,,
20552,64484,0,,2017-01-01,2023-12-31,2024-02-01
20553,64483,1,-2,,,
20552,64484,1,4,2024-01-01,,
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANCLAIM_CACHE", str(tmp_path))


def _stored(text: str, header: Mapping[str, Any] = HEADER) -> Stored:
    found = storing.stored(header, text.encode())
    assert found is not None
    return found


def test_rows_are_found_by_one_code_or_two() -> None:
    table = _stored(TITLES + ROWS)
    rows = list(table.find((("one", "20552"), ("two", "64484"))))
    assert [(row["mark"], row["limit"], days) for row, days in rows] == [
        ("0", None, (date(2017, 1, 1), date(2024, 1, 1))),
        ("1", 4, (date(2024, 1, 1), None)),
    ]
    assert [row["one"] for row, _ in table.find((("two", "64483"),))] == ["20552", "20553"]
    assert list(table.find((("one", "99999"),))) == []


def test_rows_are_chosen_by_other_columns() -> None:
    table = _stored(TITLES + ROWS)
    chosen = (("mark", frozenset({"1"})),)
    assert list(table.spans((("one", "20552"),), chosen)) == [
        (date(2017, 1, 1), None),
        (date(2024, 1, 1), None),
    ]
    assert table.values("two", chosen) == {"64483", "64484"}
    assert table.values("two", (("mark", frozenset({"0"})),)) == {"64484"}
    assert table.values("one", (*chosen, ("limit", frozenset({"-2"})))) == {"20553"}


def test_an_end_is_not_known_before_it_was_published() -> None:
    table = _stored(TITLES + ROWS)
    early = Stored(table.path, table.digest, date(2024, 1, 15))
    spans = list(early.spans((("two", "64484"),)))
    assert spans == [(date(2017, 1, 1), None), (date(2024, 1, 1), None)]
    earlier = Stored(table.path, table.digest, date(2016, 1, 1))
    assert list(earlier.spans((("one", "20552"),))) == []
    assert len(list(earlier.spans((("one", "20553"),)))) == 1


def test_the_days_on_which_something_changes_are_known() -> None:
    assert _stored(TITLES + ROWS).days() == (date(2017, 1, 1), date(2024, 1, 1))


def test_the_same_rows_are_stored_once(tmp_path: Path) -> None:
    assert _stored(TITLES + ROWS).path == _stored(TITLES + ROWS).path
    assert len(list((tmp_path / "tables").iterdir())) == 1


def test_quotes_and_line_ends_make_no_difference() -> None:
    plain, quoted = _stored(TITLES + ROWS), _stored(TITLES + ROWS.replace(",1,3,", ',"1",3,'))
    windows = _stored((TITLES + ROWS).replace("\n", "\r\n"))
    at = (("one", "20552"),)
    assert list(plain.find(at)) == list(quoted.find(at)) == list(windows.find(at))


@pytest.mark.parametrize(
    "row",
    [
        "20552,64483,1,3,2018-01-01,,",
        "20552,64485,1,3,2017-13-01,,",
        "20552,64485,1,three,2017-01-01,,",
        ",64485,1,3,2017-01-01,,",
        "20552,64485,1",
        '20552,"64485,1,3,2017-01-01,,',
    ],
)
def test_a_table_with_a_fault_is_not_stored(row: str) -> None:
    assert storing.stored(HEADER, (TITLES + ROWS + row + "\n").encode()) is None


def test_more_values_than_a_byte_or_two_hold() -> None:
    lines = "".join(f"A{n:06d},B{n % 300},1,{n},,,\n" for n in range(70_000))
    table = _stored(TITLES + lines)
    for n in (0, 255, 256, 65_535, 65_536, 69_999):
        [(row, _)] = table.find((("one", f"A{n:06d}"),))
        assert (row["two"], row["limit"]) == (f"B{n % 300}", n)
