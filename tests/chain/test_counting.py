"""Counts of sessions, lines and units, and distances, with what is sure and what may be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.chain.bound import BoundBook
from engine.model.claim import Claim, Coverage, History, Payer, Service
from tests.chain.worlds import DAY, book, claim, history, line, rule, service, window, word

WINDOWS = {
    "year": window(rolling="12 months"),
    "episode": window(since_gap_of="6 months"),
    "period": window(periods_from_first="12 months"),
    "calendar": window(calendar="year"),
    "before": window(rolling="12 months", this_date="outside"),
    "from_start": window(since={"fact": "started"}),
}
YESTERDAY = DAY - timedelta(days=1)


def sessions(within: str, at_most: int, **more: Any) -> BoundBook:
    requires = {"sessions": {"of": "points", "within": within, "at_most": at_most, **more}}
    return book(rule("limit", ["points"], requires), windows=WINDOWS)


def known(since: date | None, until: date | None = YESTERDAY, **more: Any) -> list[Coverage]:
    return [Coverage("P-1", since, until, **more)]


EDGE = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("days", "result"),
    [
        ([], "met"),
        ([date(2024, 3, 6)], "violated"),
        ([EDGE], "met"),
        ([DAY], "met"),
        ([date(2025, 4, 1)], "met"),
    ],
)
def test_a_rolling_year(days: list[date], result: str) -> None:
    assert word(sessions("year", 1), claim(), history(*map(service, days))) == result


@pytest.mark.parametrize(
    ("covered", "result"),
    [
        (known(date(2024, 3, 6)), "met"),
        (known(date(2024, 3, 7)), "undecided"),
        (known(None), "met"),
        (known(date(2024, 3, 6), YESTERDAY - timedelta(days=1)), "undecided"),
        ([*known(date(2024, 1, 1), date(2024, 8, 31)), *known(date(2024, 9, 1))], "met"),
        ([*known(date(2024, 1, 1), date(2024, 8, 31)), *known(date(2024, 9, 2))], "undecided"),
        ([], "undecided"),
        (known(None, own_group=True), "undecided"),
        (known(None, providers=("ours",)), "undecided"),
        (known(None, procedures=("points",)), "met"),
        (known(None, procedures=("20552", "20553")), "met"),
        (known(None, procedures=("20552",)), "undecided"),
        ([Coverage("P-2")], "undecided"),
    ],
)
def test_the_history_must_reach(covered: list[Coverage], result: str) -> None:
    assert word(sessions("year", 1), claim(), history(covered=covered)) == result


def test_a_short_history_still_violates() -> None:
    seen = history(service(date(2025, 1, 1)), covered=[])
    assert word(sessions("year", 1), claim(), seen) == "violated"


def test_own_services_are_enough_where_only_they_count() -> None:
    bound = sessions("year", 1, by="group")
    assert word(bound, claim(), history(covered=known(None, own_group=True))) == "met"
    theirs = service(date(2025, 1, 1), group="theirs")
    assert word(bound, claim(), history(theirs)) == "met"
    nobody = service(date(2025, 1, 1), group=None)
    assert word(bound, claim(), history(nobody)) == "undecided"


@pytest.mark.parametrize(
    ("status", "payer", "paid", "performed"),
    [
        ("paid", "payer", "violated", "violated"),
        ("submitted", "payer", "violated", "violated"),
        ("denied", "payer", "met", "violated"),
        ("paid", "other", "met", "violated"),
        ("paid", None, "undecided", "violated"),
        (None, "payer", "undecided", "undecided"),
        ("planned", "payer", "met", "met"),
        ("void", "payer", "met", "met"),
    ],
)
def test_what_counts(status: Any, payer: str | None, paid: str, performed: str) -> None:
    seen = history(service(date(2025, 1, 1), status=status, payer=payer))
    assert word(sessions("year", 1, counting="paid"), claim(), seen) == paid
    assert word(sessions("year", 1, counting="performed"), claim(), seen) == performed


def test_an_earlier_version_of_the_claim_is_not_counted() -> None:
    seen = history(service(date(2025, 1, 1), claim_id="OLD"))
    assert word(sessions("year", 1), claim(replaces="OLD"), seen) == "met"
    assert word(sessions("year", 1), claim(claim_id="OLD"), seen) == "met"
    assert word(sessions("year", 1), claim(), seen) == "violated"


def test_an_episode_opens_where_the_history_ends() -> None:
    bound = sessions("episode", 2)
    near, far = service(date(2024, 12, 1)), service(date(2024, 7, 1))
    assert word(bound, claim(), history(near, far)) == "violated"
    assert word(bound, claim(), history(near)) == "met"
    assert word(bound, claim(), history(near, covered=known(date(2024, 8, 1)))) == "undecided"
    assert word(bound, claim(), history(near, covered=known(date(2024, 5, 1)))) == "met"


def test_periods_begin_with_the_first_session() -> None:
    bound = sessions("period", 2)
    older = [service(date(2023, 2, 1)), service(date(2024, 2, 10)), service(date(2025, 1, 9))]
    assert word(bound, claim(), history(*older)) == "met"
    seen = [*older, service(date(2025, 2, 11))]
    assert word(bound, claim(), history(*seen)) == "met"
    assert (
        word(bound, claim(line(day=date(2025, 3, 6))), history(*seen, service(DAY))) == "violated"
    )
    assert word(bound, claim(), history(*seen, covered=known(date(2020, 1, 1)))) == "undecided"


def test_a_calendar_year() -> None:
    bound = sessions("calendar", 1)
    assert word(bound, claim(), history(service(date(2024, 12, 31)))) == "met"
    assert word(bound, claim(), history(service(date(2025, 1, 1)))) == "violated"


def test_a_window_without_its_own_day() -> None:
    bound = sessions("before", 1)
    assert word(bound, claim(), history(service(date(2025, 1, 1)))) == "met"
    twice = history(service(date(2025, 1, 1)), service(date(2025, 1, 2)))
    assert word(bound, claim(), twice) == "violated"


def test_since_a_documented_day() -> None:
    bound, seen = sessions("from_start", 1), history(service(date(2025, 1, 1)))
    assert word(bound, claim(record={"started": date(2025, 1, 1)}), seen) == "violated"
    assert word(bound, claim(record={"started": date(2025, 1, 2)}), seen) == "met"
    assert word(bound, claim(), seen) == "undecided"


def test_lines_and_units_of_one_day() -> None:
    two = claim(line(1, units=2), line(2, "20553", units=None))
    assert word(sessions("year", 1), two) == "met"
    assert word(sessions("year", 1, count="lines"), two) == "violated"
    assert word(sessions("year", 2, count="units"), two) == "undecided"
    assert word(sessions("year", 1, count="units"), two) == "violated"


def test_a_planned_claim_takes_the_time_after_the_history_as_empty() -> None:
    bound, covered = sessions("year", 1), known(date(2024, 1, 1), date(2024, 12, 1))
    assert word(bound, claim(stage="planned"), history(covered=covered)) == "met"
    assert word(bound, claim(), history(covered=covered)) == "undecided"


@pytest.mark.parametrize(
    ("day", "result"),
    [
        (date(2025, 1, 23), "violated"),
        (date(2025, 1, 22), "met"),
        (DAY, "met"),
        (date(2025, 3, 6), "met"),
    ],
)
def test_spacing(day: date, result: str) -> None:
    bound = book(rule("apart", ["points"], {"spacing": {"of": "points", "at_least": "6 weeks"}}))
    assert word(bound, claim(), history(service(day))) == result
    assert word(bound, claim(), history(covered=known(date(2025, 1, 22)))) == "met"
    assert word(bound, claim(), history(covered=known(date(2025, 1, 24)))) == "undecided"


def summed(*keys: str, **more: Any) -> BoundBook:
    return book(rule("sum", ["points"], {"units": {"at_most": 2, "summed_over": keys, **more}}))


def past(**more: Any) -> Service:
    return service(DAY, units=1, **more)


@pytest.mark.parametrize(
    ("one", "before", "result"),
    [
        (claim(line(units=2)), history(), "met"),
        (claim(line(units=2), line(2)), history(), "violated"),
        (claim(line(units=2), line(2, "20553")), history(), "met"),
        (claim(line(units=2), line(2, day=DAY + timedelta(days=1))), history(), "met"),
        (claim(line(units=2)), history(past()), "violated"),
        (claim(line(units=2)), history(past(status="denied")), "met"),
        (claim(line(units=2)), history(past(payer="other")), "met"),
        (claim(line(units=2)), history(past(payer=None)), "undecided"),
        (claim(line(units=2)), history(service(YESTERDAY)), "met"),
        (claim(line(units=None)), history(), "undecided"),
        (claim(line(units=None), line(2, units=3)), history(), "violated"),
    ],
)
def test_units_of_a_day(one: Claim, before: History, result: str) -> None:
    assert word(summed("date", "procedure"), one, before) == result


def test_units_of_a_claim_leave_the_history_out() -> None:
    before = history(past(), past(claim_id="H-2"))
    assert word(summed("claim", "date", "procedure"), claim(), before) == "met"
    assert word(summed("date", "procedure"), claim(), before) == "violated"


def test_an_unknown_payer_counts_nothing_for_sure() -> None:
    one = claim(payer=Payer(None))
    assert word(sessions("year", 1), one, history(service(date(2025, 1, 1)))) == "undecided"
