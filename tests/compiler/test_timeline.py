"""Dated entries become spans: clause A19."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compiler.timeline import Entry, clip, overlay, replace, spans
from engine.model.book import Span, in_force


def day(month: int, of: int = 1) -> date:
    return date(2025, month, of)


def entry(month: int | None, value: str, published: int | None = None, **more: bool) -> Entry[str]:
    begin = day(month) if month else None
    return Entry(begin, day(published) if published else None, value, **more)


def test_the_latest_begun_holds() -> None:
    found = spans([entry(5, "new"), entry(1, "old")], None)
    assert found == (Span(day(1), day(5), "old"), Span(day(5), None, "new"))


def test_among_the_same_from_the_later_publication_holds() -> None:
    first, corrected = entry(3, "first", 2), entry(3, "corrected", 6)
    assert spans([corrected, first], None) == (Span(day(3), None, "corrected"),)
    assert spans([corrected, first], day(5)) == (Span(day(3), None, "first"),)
    assert spans([corrected, first], day(6)) == (Span(day(3), None, "corrected"),)


def test_a_value_runs_on_until_its_successor_was_published() -> None:
    """P26: nothing has a `to` that would close the old entry a day too early."""
    old, new = entry(1, "old", 1), entry(4, "new", 3)
    assert in_force(spans([old, new], day(2)), day(5)) == "old"
    assert in_force(spans([old, new], day(3)), day(5)) == "new"


def test_an_entry_without_publication_was_known_from_its_first_day() -> None:
    assert spans([entry(4, "new")], day(3)) == ()
    assert spans([entry(4, "new")], day(4)) == (Span(day(4), None, "new"),)


def test_ends_leaves_nothing_in_force_until_the_next_entry() -> None:
    found = spans([entry(1, "a"), entry(3, "", ends=True), entry(6, "b")], None)
    assert found == (Span(day(1), day(3), "a"), Span(day(6), None, "b"))


def test_an_end_can_be_published_later() -> None:
    entries = [entry(1, "a"), entry(3, "", published=8, ends=True)]
    assert in_force(spans(entries, day(7)), day(5)) == "a"
    assert in_force(spans(entries, day(8)), day(5)) is None


def test_an_undated_entry_always_holds() -> None:
    assert spans([entry(None, "always")], date(1900, 1, 1)) == (Span(None, None, "always"),)
    found = spans([entry(4, "later"), entry(None, "always")], None)
    assert found == (Span(None, day(4), "always"), Span(day(4), None, "later"))


def test_overlay_merges_where_the_upper_holds() -> None:
    base = (Span(day(1), day(6), "base"), Span(day(6), None, "next"))
    upper = (Span(day(3), day(8), "+"),)
    assert overlay(base, upper, lambda below, above: below + above) == (
        Span(day(1), day(3), "base"),
        Span(day(3), day(6), "base+"),
        Span(day(6), day(8), "next+"),
        Span(day(8), None, "next"),
    )


def test_overlay_drops_where_merge_says_none() -> None:
    base = (Span(None, None, "base"),)
    assert overlay(base, (Span(day(3), None, "x"),), lambda _b, _a: None) == (
        Span(None, day(3), "base"),
    )


def test_an_upper_span_that_was_always_there_covers_a_base_that_was_too() -> None:
    assert overlay((Span(None, None, "b"),), (Span(None, day(2), "u"),), lambda b, a: b + a) == (
        Span(None, day(2), "bu"),
        Span(day(2), None, "b"),
    )


def test_replace_keeps_the_base_elsewhere() -> None:
    base = (Span(day(1), None, "base"),)
    assert replace(base, (Span(day(3), day(5), "own"),)) == (
        Span(day(1), day(3), "base"),
        Span(day(3), day(5), "own"),
        Span(day(5), None, "base"),
    )


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        (None, None, (Span(day(2), day(6), "x"),)),
        (day(3), None, (Span(day(3), day(6), "x"),)),
        (None, day(3), (Span(day(2), day(3), "x"),)),
        (day(6), None, ()),
        (None, day(2), ()),
    ],
)
def test_clip(begin: date | None, end: date | None, expected: tuple[Span[str], ...]) -> None:
    assert clip([Span(day(2), day(6), "x")], begin, end) == expected


days = st.dates(date(2025, 1, 1), date(2025, 1, 12))
entries_of_days = st.lists(
    st.builds(Entry, st.none() | days, st.none() | days, st.integers(0, 5), st.booleans()),
    max_size=8,
    unique_by=lambda e: e.order,
)


def plain(entries: list[Entry[int]], on: date, known: date | None) -> int | None:
    """Clause A19, word for word."""
    begun = [e for e in entries if (e.begin or date.min) <= on]
    begun = [e for e in begun if known is None or e.order[1] <= known]
    last = max(begun, key=lambda e: e.order, default=None)
    return None if last is None or last.ends else last.value


@given(entries_of_days, days, st.none() | days)
def test_spans_say_what_the_clause_says(
    entries: list[Entry[int]], on: date, known: date | None
) -> None:
    assert in_force(spans(entries, known), on) == plain(entries, on, known)
    assert spans(reversed(entries), known) == spans(entries, known)


spans_of_days = entries_of_days.map(lambda entries: spans(entries, None))


@given(spans_of_days, spans_of_days, days)
def test_replace_is_the_upper_else_the_base(
    base: tuple[Span[int], ...], upper: tuple[Span[int], ...], on: date
) -> None:
    own = in_force(upper, on)
    assert in_force(replace(base, upper), on) == (in_force(base, on) if own is None else own)
