"""Days in and out of windows: leap days, month ends, gaps and periods (clause A9)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.chain import windows
from engine.model.length import Length
from engine.model.term import Window

YEAR = Length(12, "month")
DAY = timedelta(days=1)


def rolling(length: Length, *, far_edge_inside: bool = False) -> Window:
    return Window("w", "rolling", True, length, far_edge_inside)


def calendar(name: str) -> Window:
    return Window("w", "calendar", True, calendar=name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("earlier", "length", "reaches"),
    [
        (date(2024, 2, 29), YEAR, date(2025, 2, 28)),
        (date(2023, 2, 28), YEAR, date(2024, 2, 28)),
        (date(2024, 2, 29), Length(48, "month"), date(2028, 2, 29)),
        (date(2025, 1, 31), Length(1, "month"), date(2025, 2, 28)),
        (date(2024, 1, 31), Length(1, "month"), date(2024, 2, 29)),
        (date(2025, 8, 31), Length(3, "month"), date(2025, 11, 30)),
        (date(2025, 3, 1), Length(6, "week"), date(2025, 4, 12)),
    ],
)
def test_a_length_is_added_forward(earlier: date, length: Length, reaches: date) -> None:
    assert length.after(earlier) == reaches
    open_edge, closed_edge = rolling(length), rolling(length, far_edge_inside=True)
    assert windows.inside(earlier, reaches - DAY, open_edge)
    assert not windows.inside(earlier, reaches, open_edge)
    assert windows.inside(earlier, reaches, closed_edge)
    assert not windows.inside(earlier, reaches + DAY, closed_edge)


@pytest.mark.parametrize("far_edge_inside", [False, True])
@pytest.mark.parametrize("length", [YEAR, Length(1, "month"), Length(6, "month"), Length(5, "day")])
def test_the_first_day_is_the_first_one_inside(length: Length, far_edge_inside: bool) -> None:
    window = rolling(length, far_edge_inside=far_edge_inside)
    for n in range(0, 3 * 366, 5):
        subject = date(2024, 1, 1) + n * DAY
        first = windows.first_day(subject, window)
        assert windows.inside(first, subject, window)
        assert not windows.inside(first - DAY, subject, window)


@pytest.mark.parametrize(
    ("name", "subject", "first"),
    [
        ("year", date(2024, 12, 31), date(2024, 1, 1)),
        ("quarter", date(2024, 6, 30), date(2024, 4, 1)),
        ("quarter", date(2024, 10, 1), date(2024, 10, 1)),
        ("month", date(2024, 2, 29), date(2024, 2, 1)),
    ],
)
def test_calendar_windows(name: str, subject: date, first: date) -> None:
    window = calendar(name)
    assert windows.first_day(subject, window) == first
    assert windows.inside(first, subject, window)
    assert not windows.inside(first - DAY, subject, window)


def test_an_episode_reaches_back_to_the_last_gap() -> None:
    days = [date(2022, 1, 1), date(2024, 1, 1), date(2024, 12, 30)]
    assert windows.episode(days, date(2025, 12, 29), YEAR) == [days[2], days[1]]
    assert windows.episode(days, date(2025, 12, 30), YEAR) == []


def test_a_period_begins_with_the_first_session_after_the_last_one_ended() -> None:
    days = [date(2023, 6, 1), date(2024, 5, 31), date(2024, 6, 1), date(2025, 2, 1)]
    assert windows.benefit_period(days, date(2024, 5, 31), YEAR) != []
    assert windows.benefit_period(days, date(2025, 2, 1), YEAR) == days[2:]
    assert windows.benefit_period(days, date(2025, 6, 1), YEAR) == []
    assert windows.benefit_period([], date(2025, 6, 1), YEAR) == []


@pytest.mark.parametrize(
    ("window", "days", "limit", "free"),
    [
        (rolling(YEAR), [date(2024, 6, 1), date(2024, 9, 1)], 2, date(2025, 6, 1)),
        (rolling(YEAR, far_edge_inside=True), [date(2024, 6, 1)], 1, date(2025, 6, 2)),
        (rolling(YEAR), [date(2024, 6, 1)], 2, date(2025, 3, 5)),
        (calendar("year"), [date(2025, 1, 2)], 1, date(2026, 1, 1)),
        (calendar("quarter"), [date(2025, 1, 2)], 1, date(2025, 4, 1)),
        (calendar("month"), [date(2025, 2, 2)], 1, date(2025, 3, 5)),
        (rolling(YEAR), [date(2024, 6, 1)], 0, None),
        (Window("w", "since_gap_of", True, YEAR), [date(2024, 6, 1)], 1, None),
    ],
)
def test_the_next_eligible_day(
    window: Window, days: list[date], limit: int, free: date | None
) -> None:
    assert windows.next_eligible(days, date(2025, 3, 5), window, limit) == free
