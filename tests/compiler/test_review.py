"""When a source is due to be read again."""

from __future__ import annotations

from datetime import date

import pytest

from engine.compiler.review import due_on, interval


@pytest.mark.parametrize(
    ("source", "due"),
    [
        ({"read": "2026-11-22"}, date(2027, 11, 22)),
        ({"read": "2026-11-22", "review_every": "6 months"}, date(2027, 5, 22)),
        ({"read": "2026-08-31", "review_every": "3 months"}, date(2026, 11, 30)),
        ({}, None),
    ],
)
def test_due(source: dict[str, str], due: date | None) -> None:
    assert due_on(source) == due


def test_the_usual_interval_is_a_year() -> None:
    assert str(interval({})) == "12 months"
