"""Claims that are judged together come out exactly as each by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.batch.judge.together import Together
from engine.batch.settings import Settings
from engine.chain.bound import BoundBook
from engine.documents.source import Source
from engine.model.claim import Claim, Patient
from engine.model.directory import Directory
from tests.batch.held import Held
from tests.chain.worlds import DAY, book, claim, line, rule, window

YEAR = {"windows": {"year": window(rolling="12 months")}}
EARLIER = date(2024, 12, 20)
WHOLE = date(1900, 1, 1)
TEN = timedelta(days=10)
SESSIONS = {"of": ["20553"], "within": "year"}


def held(bound: BoundBook, **covered: Any) -> Held:
    """One book, whatever a claim's payer is, and the same book bound again."""
    apart, nobody = BoundBook(bound.book), Directory({}, {})
    settings = Settings(Source({}), **(covered or {"complete_from": WHOLE}))
    return Held(Together(settings, nobody, lambda _: bound), nobody, lambda _: apart)


def agree(bound: BoundBook, *patients: list[Claim], **covered: Any) -> Held:
    """The claims of some patients come out alike in both ways."""
    found = held(bound, **covered)
    assert found.differences(numbered(patients)) == []
    assert found.judged == sum(map(len, patients))
    return found


def numbered(patients: tuple[list[Claim], ...]) -> list[list[Claim]]:
    """The claims with ids of their own."""
    return [
        [
            replace(one, claim_id=f"C{n}-{m}", patient=replace(one.patient, id=f"P{n}"))
            for m, one in enumerate(claims)
        ]
        for n, claims in enumerate(patients)
    ]


def few(of: list[str], **more: Any) -> dict[str, Any]:
    """A rule that allows no service within a year."""
    form = {"of": of, "within": "year", "at_most": 0, **more}
    return rule("few", ["20552"], {"sessions": form})


@pytest.mark.parametrize("codes", [("64493", "64494"), ("64494", "64493")])
@pytest.mark.parametrize(
    "bound",
    [
        book(few(["blocks"]), **YEAR),
        book(rule("far", ["20552"], {"spacing": {"of": ["blocks"], "at_least": "6 months"}})),
    ],
)
def test_codes_of_a_set_that_come_later(bound: BoundBook, codes: tuple[str, str]) -> None:
    """64494 is a block since 2025: before, it does not count, and 64493 does."""
    agree(bound, *([claim(), claim(line(1, code, EARLIER))] for code in codes))


def test_a_code_that_is_asked_for_where_it_counts() -> None:
    bound = book(few(["64493", "64494"], where={"procedure": "blocks"}), **YEAR)
    days = (EARLIER, date(2025, 1, 10))
    agree(bound, *([claim(), claim(line(1, "64494", day))] for day in days))


def test_the_age_at_an_earlier_service_follows_from_the_claim_that_is_judged() -> None:
    bound = book(few(["20553"], where={"patient": {"age": {"at_most": 39}}}), **YEAR)
    before = claim(line(1, "20553", EARLIER))
    born = (date(1984, 12, 21), date(1984, 12, 19))
    agree(bound, *([claim(patient=Patient("P", day)), before] for day in born))


def test_questions_of_two_lines_stay_apart() -> None:
    bound = book(rule("one", ["points"], {"units": {"at_most": 1}}))
    lines = (line(1, units=None), line(2, units=None), line(3, "20553", units=None))
    found = agree(bound, [claim(*lines)], [claim(*reversed(lines[:2]))])
    assert found.quick == found.judged


PAIRS = {
    "table": "pairs",
    "says": "Codes that go together, as far as somebody has said.",
    "file": "pairs.csv",
    "sources": "../payer/sources.yaml",
    "cites": "src/it",
    "key": ["one", "two"],
    "columns": {
        "one": {"type": "code", "says": "-"},
        "two": {"type": "code", "says": "-"},
        "begins": {"type": "date", "says": "-"},
    },
    "dated": {"from": "begins"},
    "complete": False,
}


def test_a_table_that_speaks_of_a_code_for_some_time() -> None:
    """A rule about which a table is silent on one day is passed; later it is violated."""
    paired = {"table": "pairs", "line": "two", "other": "one", "same": ["date"]}
    bound = book(
        rule("paired", ["20552"], {"companion": paired}),
        rule("after", ["20552"], {"outcome": {"rule": "paired", "is": "passed"}}),
        more={
            "coding/pairs.table.yaml": PAIRS,
            "coding/pairs.csv": b"one,two,begins\n64490,20552,2025-01-01\n",
        },
    )
    for days in ((EARLIER, DAY), (DAY, EARLIER)):
        agree(bound, *([claim(line(day=day))] for day in days))


def test_whether_the_history_is_known_hangs_on_the_day() -> None:
    """Both have a service ten days before; of one the year before is not known."""
    bound = book(rule("few", ["20552"], {"sessions": {**SESSIONS, "at_most": 3}}), **YEAR)
    days = (DAY, DAY + timedelta(days=300))
    patients = [[claim(line(1, day=d)), claim(line(1, "20553", d - TEN))] for d in days]
    found = agree(bound, *patients, complete_from=DAY - timedelta(days=200))
    assert found.rows["needs"]


def test_in_which_windows_a_service_lies() -> None:
    """One facet counts in a year and in a month; one service lies in both, the other in one."""
    windows = {"windows": {**YEAR["windows"], "month": window(rolling="1 month")}}
    near = {**SESSIONS, "within": "month", "at_most": 0}
    bound = book(
        rule("few", ["20552"], {"sessions": {**SESSIONS, "at_most": 0}}),
        rule("near", ["20552"], {"sessions": near}),
        **windows,
    )
    days = (DAY - TEN, DAY - 10 * TEN)
    found = agree(bound, *([claim(), claim(line(1, "20553", day))] for day in days))
    assert found.rows["findings"] == 3


def test_what_another_line_bears_where_it_counts() -> None:
    bound = book(few(["20553"], where={"modifier": {"has_any": ["KX"]}}), **YEAR)
    marks = (("KX",), ("RT",), ("RT", "KX"), ())
    found = agree(bound, *([claim(), claim(line(1, "20553", EARLIER, modifiers=m))] for m in marks))
    assert found.rows["findings"] == 2
