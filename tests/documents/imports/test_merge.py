"""What a new file does to the rows in place: ends, successors, and what is reported."""

from __future__ import annotations

from engine.documents.imports.layout import About, Cells
from engine.documents.imports.layouts import LAYOUTS
from engine.documents.imports.merge import Change, Merge


def _merged(
    kind: str, old: list[Cells], new: list[Cells], published: str | None = None
) -> tuple[list[Cells], Change]:
    merge = Merge(LAYOUTS[kind], About(begins="2026-10-01"), published)
    return merge.merged(old, new), merge.change


def _unit(limit: str, begins: str, ends: str = "", code: str = "20552") -> Cells:
    return (code, "practitioner", limit, "2", begins, ends, "", "")


def _pair(indicator: str, begins: str, ends: str = "") -> Cells:
    return ("20553", "20552", "practitioner", indicator, "misuse", begins, ends, "", "")


def test_another_limit_ends_the_old_row_the_day_before() -> None:
    rows, change = _merged("units", [_unit("1", "2024-07-01")], [_unit("2", "2026-10-01")])
    assert rows == [_unit("1", "2024-07-01", "2026-09-30"), _unit("2", "2026-10-01")]
    assert dict(change.rows) == {"changed": 1}
    assert change.codes["changed"]["20552"] == 1


def test_the_same_limit_changes_nothing() -> None:
    rows, change = _merged("units", [_unit("1", "2024-07-01")], [_unit("1", "2026-10-01")])
    assert (rows, change.same, dict(change.rows)) == ([_unit("1", "2024-07-01")], 1, {})


def test_a_code_that_the_file_lacks_has_ended_and_the_other_file_is_left_alone() -> None:
    other: Cells = ("20552", "outpatient", "1", "2", "2024-07-01", "", "", "")
    new = [_unit("1", "2026-10-01", code="20610")]
    rows, change = _merged("units", [_unit("1", "2024-07-01"), other], new)
    assert other in rows
    assert _unit("1", "2024-07-01", "2026-09-30") in rows
    assert dict(change.rows) == {"ended": 1, "added": 1}


def test_a_correction_of_the_same_first_day_takes_the_place_of_the_row() -> None:
    rows, change = _merged("units", [_unit("1", "2026-10-01")], [_unit("2", "2026-10-01")])
    assert rows == [_unit("2", "2026-10-01")]
    assert dict(change.rows) == {"changed": 1}


def test_a_deleted_pair_gets_its_last_day_and_when_that_was_known() -> None:
    old, new = [_pair("1", "2017-01-01")], [_pair("1", "2017-01-01", "2026-09-30")]
    rows, change = _merged("pairs", old, new, "2026-09-01")
    assert rows == [(*_pair("1", "2017-01-01", "2026-09-30")[:7], "", "2026-09-01")]
    assert dict(change.rows) == {"ended": 1}


def test_a_pair_that_comes_back_with_another_indicator_is_a_row_of_its_own() -> None:
    old = [_pair("1", "2017-01-01")]
    new = [_pair("0", "2026-10-01"), _pair("1", "2017-01-01", "2026-09-30")]
    rows, change = _merged("pairs", old, new)
    assert [row[3:7] for row in rows] == [
        ("1", "misuse", "2017-01-01", "2026-09-30"),
        ("0", "misuse", "2026-10-01", ""),
    ]
    assert dict(change.rows) == {"ended": 1, "added": 1}


def test_the_true_first_day_replaces_that_of_the_file_read_before() -> None:
    rows, change = _merged("pairs", [_pair("1", "2024-07-01")], [_pair("1", "2003-07-01")])
    assert rows == [_pair("1", "2003-07-01")]
    assert dict(change.rows) == {"begins_earlier": 1}


def test_a_pair_that_the_file_lacks_is_kept_and_told() -> None:
    other: Cells = ("64493", "64494", *_pair("1", "2017-01-01")[2:])
    rows, change = _merged("pairs", [_pair("1", "2017-01-01")], [other])
    assert _pair("1", "2017-01-01") in rows
    assert dict(change.rows) == {"added": 1, "not_in_the_file": 1}
