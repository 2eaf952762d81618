"""Books share what was said where their rules and all that these name are equal."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from typing import Any

import pytest

from engine.chain.bound import BoundBook
from engine.chain.calendar import Calendar
from engine.chain.counter import joined
from engine.chain.reads_terms import reads_of_rule
from engine.chain.shared import Shared
from engine.model.claim import Coverage
from engine.model.length import Length
from engine.model.term import Window
from tests.chain.test_stratified import HEADER
from tests.chain.worlds import FACTS, SETS, book, rule, window


def all_known(_: date | None, __: date) -> bool:
    """A history that holds everything."""
    return True


def token(shared: Shared, bound: BoundBook) -> Hashable:
    """The token of a book's rule `this`."""
    position = next(n for n, r in enumerate(bound.book.rules) if r.name == "this")
    read = reads_of_rule(bound, bound.book.rules[position], "20552")
    return shared.token(bound, [position], read.rests_on)


def parameter(value: int) -> dict[str, Any]:
    values = [{"from": "2000-01-01", "value": value, "cites": "src/it"}]
    return {"parameters": {"limit": {"says": "How many.", "values": values}}}


def world(requires: dict[str, Any] | None = None, **more: Any) -> BoundBook:
    """A book of a rule that counts; other rules and definitions may be `more`."""
    form = {"of": ["points"], "within": "year", "at_most": "limit"}
    head = {"windows": {"year": window(rolling="12 months")}, **parameter(1), **more}
    rules = head.pop("rules", [])
    return book(rule("this", ["points"], requires or {"sessions": form}), *rules, **head)


def test_equal_rules_of_two_books_share() -> None:
    shared = Shared(all_known)
    one, two = world(), world(rules=[rule("another", ["blocks"], {"never": "covered"})])
    assert token(shared, one) == token(shared, two)
    assert shared.answers("a", 1) is shared.answers("a", 1)
    assert shared.answers("a", 1) is not shared.answers("a", 2)


# As long as the others, so that the rules stand at the same places of their files.
POINTS = {**SETS, "points": {**SETS["points"], "members": ["20552", "20560"]}}
PAINS = {**SETS, "pains": {**SETS["pains"], "members": ["M54.16", "M47.817"]}}


def test_what_differs_is_not_shared() -> None:
    shared = Shared(all_known)
    usual = token(shared, world())
    assert token(shared, world({"never": "covered"})) != usual
    assert token(shared, world(**parameter(2))) != usual
    assert token(shared, world(sets=POINTS)) != usual
    assert token(shared, world(windows={"year": window(rolling="18 months")})) != usual
    # Of a set that the rule does not name it hangs on nothing.
    assert token(shared, world(sets=PAINS)) == usual


def test_a_table_that_differs_is_not_shared() -> None:
    shared, found = Shared(all_known), []
    for rows in (b"code,begin\n20552,2025-01-01\n", b"code,begin\n20552,2025-01-02\n"):
        more = {"coding/valid.table.yaml": HEADER, "coding/valid.csv": rows}
        found.append(token(shared, world({"active_code": {"table": "valid"}}, more=more)))
    assert found[0] != found[1]


def test_an_outcome_that_differs_is_not_shared() -> None:
    shared, found = Shared(all_known), []
    for limit in (1, 1, 2):
        other = rule("other", ["points"], {"units": {"at_most": limit}})
        passed = {"outcome": {"rule": "other", "is": "passed"}}
        found.append(token(shared, world(passed, rules=[other])))
    assert found[0] == found[1] != found[2]


def test_how_facts_are_asked_for_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Shared(all_known)
    usual = token(shared, world())
    monkeypatch.setitem(FACTS, "units", {"type": "integer", "about": "claim"})
    assert token(shared, world()) != usual


ROLLING = Window("a", "rolling", True, Length(12, "month"))
SINCE = Window("b", "since_gap_of", True, Length(6, "month"))
EVER = Window("c", "periods_from_first", True, Length(12, "month"))
MONTH = Window("d", "calendar", True, calendar="month")


def calendar(*windows: Window, since: date | None = None, chained: bool = False) -> Calendar:
    """A calendar of a corpus that is complete from a day on until 2025."""
    span = [Coverage("", since, date(2024, 12, 31))]

    def covers(begin: date | None, until: date) -> bool:
        return (begin is not None and begin > until) or joined(span, begin, until, open_end=False)

    return Calendar(windows, covers, chained=chained)


@pytest.mark.parametrize(
    ("window", "begin"),
    [
        (ROLLING, date(2024, 3, 1)),
        (
            Window("e", "rolling", True, Length(12, "month"), far_edge_inside=True),
            date(2024, 2, 28),
        ),
        (Window("f", "rolling", True, Length(30, "day")), date(2025, 1, 30)),
        (MONTH, date(2025, 2, 1)),
        (Window("g", "calendar", True, calendar="quarter"), date(2025, 1, 1)),
        (SINCE, date(2024, 9, 1)),
        (EVER, None),
    ],
)
def test_the_first_day_of_a_window(window: Window, begin: date | None) -> None:
    found = calendar(window).stretch(date(2025, 2, 28))
    assert found.begins == (begin,)
    first = begin or date.min
    assert found.windows(first) == 1
    assert first == date.min or found.windows(first - timedelta(days=1)) == 0


def test_days_are_told_apart_by_what_is_known() -> None:
    known = calendar(ROLLING, MONTH, since=date(2024, 1, 1))
    whole, later = known.stretch(date(2025, 1, 1)), known.stretch(date(2025, 1, 2))
    early = known.stretch(date(2024, 12, 31))
    assert whole.kind == known.stretch(date(2025, 1, 1)).kind
    # On the second not even the day before is known; at the end of 2024 the year is known.
    assert later.kind != whole.kind
    assert early.kind == whole.kind
    assert known.stretch(date(2024, 12, 30)).kind != early.kind
    never = calendar(EVER, since=date(2024, 1, 1)).stretch(date(2025, 1, 1))
    assert never.kind != calendar(EVER).stretch(date(2025, 1, 1)).kind


def test_windows_that_begin_on_one_day_are_told_apart_from_others() -> None:
    """A question names the day, so that it matters which windows begin on it."""
    days = calendar(Window("a", "rolling", True, Length(1, "month")), MONTH)
    alike = [days.stretch(date(2024, 7, n)).kind for n in (15, 16)]
    assert alike[0] == alike[1]
    assert days.stretch(date(2024, 8, 31)).begins == (date(2024, 8, 1), date(2024, 8, 1))
    assert days.stretch(date(2024, 8, 31)).kind != alike[0]


def test_a_chain_looks_at_whatever_was_before() -> None:
    found = calendar(ROLLING, SINCE, chained=True).stretch(date(2025, 2, 28))
    assert found.windows(date.min) == 3
