"""Code sets, attributes, parameters and tables with the days on which they hold."""

from __future__ import annotations

from datetime import date

from engine.compiler.book import compile_book
from engine.model.book import RuleBook, in_force
from tests.compiler.trees import BLOCKS, Edit, edited, library

CODES, CSV = "coding/codes.yaml", "coding/pairs/pairs.csv"
HEADER = "coding/pairs/pairs.table.yaml"
PAIRS = "coding/pairs:code_pairs"


def book(*edits: Edit, known_on: date | None = None) -> RuleBook:
    made, problems = compile_book(library(edited(edits)), "medicare", "palmetto", known_on=known_on)
    assert problems == []
    return made


def test_an_undated_member_always_holds() -> None:
    members = book().sets["coding:blocks"].members
    assert in_force(members["64490"], date(1999, 1, 1)) is True


def test_a_member_begins_and_ends() -> None:
    dated = (
        '"62323", region: lumbar}\n',
        '"62323", region: lumbar, from: 2022-01-01}\n'
        '      - {code: "62323", from: 2024-01-01, ends: true}\n',
    )
    made = book((CODES, *dated))
    spans = made.sets["coding:epidurals"].members["62323"]
    held = [in_force(spans, date(y, 6, 1)) for y in (2021, 2022, 2023, 2024)]
    assert held == [None, True, True, None]
    region = made.attributes["region"]["62323"]
    assert [in_force(region, date(y, 6, 1)) for y in (2021, 2023, 2024)] == [None, "lumbar", None]


def test_a_member_is_known_from_its_publication() -> None:
    dated = (
        '"62323", region: lumbar}',
        '"62323", region: lumbar, from: 2022-01-01, published: 2022-03-01}',
    )
    early = book((CODES, *dated), known_on=date(2022, 2, 28))
    assert "62323" not in early.sets["coding:epidurals"].members
    late = book((CODES, *dated), known_on=date(2022, 3, 1))
    assert "62323" in late.sets["coding:epidurals"].members


def test_an_attribute_may_change_its_value() -> None:
    moved = (
        '"62323", region: lumbar}\n',
        '"62323", region: lumbar, from: 2020-01-01}\n'
        '      - {code: "62323", region: sacral, from: 2023-01-01}\n',
    )
    region = book((CODES, *moved)).attributes["region"]["62323"]
    assert [in_force(region, date(y, 6, 1)) for y in (2022, 2023)] == ["lumbar", "sacral"]


def test_a_parameter_has_a_value_a_day_and_its_own_citation() -> None:
    more = (
        "value: 3, cites: article/sessions}\n",
        "value: 3, cites: article/sessions}\n"
        "      - {from: 2023-01-01, value: 5, cites: article/care}\n",
    )
    spans = book((BLOCKS, *more)).parameters["medicare/national/blocks:block_sessions"]
    old, new = in_force(spans, date(2022, 12, 31)), in_force(spans, date(2023, 1, 1))
    assert old is not None
    assert new is not None
    assert (old.value, old.cite.locator, new.value, new.cite.locator) == (3, "sessions", 5, "care")


TO = (
    (
        HEADER,
        "dated: {from: effective}",
        "dated: {from: effective, to: ended, published: said, to_published: end_said}",
    ),
    (
        HEADER,
        "  effective: {type: date, says: the first day}\n",
        "  effective: {type: date, says: the first day}\n"
        "  ended: {type: date, says: the last day}\n"
        "  said: {type: date, says: its publication}\n"
        "  end_said: {type: date, says: the publication of its end}\n",
    ),
    (
        CSV,
        "column_1,column_2,indicator,effective\n64493,62323,1,2020-01-01\n64490,62321,1,2020-01-01\n",
        "column_1,column_2,indicator,effective,ended,said,end_said\n"
        "64493,62323,1,2020-01-01,2022-12-31,2019-11-01,2022-12-01\n"
        "64490,62321,1,2020-01-01,2022-12-31,2019-11-01,\n",
    ),
)


def test_the_last_day_of_a_row_is_still_in_force() -> None:
    spans = book(*TO).tables[PAIRS].spans
    assert spans == ((date(2020, 1, 1), date(2023, 1, 1)),) * 2


def test_an_end_is_known_from_its_own_publication_else_from_that_of_the_row() -> None:
    spans = book(*TO, known_on=date(2022, 11, 30)).tables[PAIRS].spans
    assert [end for _, end in spans] == [None, date(2023, 1, 1)]


def test_a_row_is_known_from_its_publication() -> None:
    assert len(book(*TO, known_on=date(2019, 10, 31)).tables[PAIRS].rows) == 0
    assert len(book(*TO, known_on=date(2019, 11, 1)).tables[PAIRS].rows) == 2


def test_breakpoints_are_all_days_on_which_anything_changes() -> None:
    points = book(*TO).breakpoints
    assert list(points) == sorted(set(points))
    assert {date(2020, 1, 1), date(2021, 5, 2), date(2023, 1, 1)} <= set(points)
