"""Keys of a facet differ where a rule reads something else, and nowhere besides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.batch.judge.people import People
from engine.chain.beside import Setting
from engine.chain.bound import BoundBook
from engine.chain.facts import Surroundings
from engine.chain.shared import Shared
from engine.chain.sheets import Sheets
from engine.model.claim import Claim, Line, Payer, Provider
from tests.chain.worlds import DAY, book, claim, line, rule, window

SINCE = date(2023, 1, 1)
WINDOWS = {
    "windows": {
        "year": window(rolling="12 months"),
        "episode": window(since_gap_of="6 months"),
    }
}
OTHER = line(1, "20553", DAY - timedelta(days=30))


def known(begin: date | None, _: date) -> bool:
    """A history that holds everything since a day."""
    return begin is not None and begin >= SINCE


def world(requires: dict[str, Any], code: str = "20552", **more: Any) -> BoundBook:
    return book(rule("this", [code], requires, **more), **WINDOWS)


def key(bound: BoundBook, *claims: Claim, payable: bool | None = True) -> Any:
    """The key of the first line of the first claim, as far as one tells it; None where none
    does."""
    numbered = [replace(c, claim_id=f"C-{n}") for n, c in enumerate(claims)]
    people = People(numbered, ())
    own = people.lines[0][0]
    sheet = Sheets(bound, Shared(known)).sheet(own.procedure, own.date)
    around = Surroundings(bound, numbered[0], people.history(0))
    others = people.others(own)
    setting = Setting(own, others, lambda _: payable)
    (level,) = [level for level in sheet.levels if level.facets or level.untold]
    if level.untold:
        return None
    (facet,) = level.facets
    keys = (facet.own_key(own.values, lambda: around.lines[0]),)
    found = [one for looked in sheet.look(own, others) for one in looked.items()]
    if not found:
        return keys, facet.stretch(own.date).kind if facet.looks else None
    beside = facet.keys(setting, found[0][1], lambda: around.lines[0])
    return None if beside is None else (*keys, facet.stretch(own.date).kind, *beside)


def sessions(**more: Any) -> dict[str, Any]:
    return {"sessions": {"of": ["points"], "within": "year", "at_most": 1, **more}}


def of(*lines: Line, **more: Any) -> Claim:
    return claim(*(lines or (line(),)), **more)


def beside(requires: dict[str, Any], *others: Claim, own: Claim | None = None) -> list[Any]:
    """The keys of a line beside each of some other claims."""
    bound = world(requires)
    return [key(bound, own or of(), other) for other in others]


def test_lines_that_differ_in_what_is_read() -> None:
    bound = world({"place_of_service": ["11"]})
    alike = [of(line(place_of_service=place, units=n)) for n, place in enumerate(("22", "24"))]
    assert key(bound, alike[0]) == key(bound, alike[1])
    assert key(bound, alike[0]) != key(bound, of(line(place_of_service="11")))
    assert key(bound, alike[0]) != key(bound, of(line(place_of_service=None)))


def test_units_are_read_as_they_are_written() -> None:
    bound = world({"units": {"at_most": 1}})
    found = [key(bound, of(line(units=n))) for n in (2, Decimal("2.0"), None)]
    assert len(set(found)) == len(found)


def test_the_number_of_a_line_alone_is_not_read() -> None:
    bound = world({"units": {"at_most": 1}})
    assert key(bound, of(line(1))) == key(bound, of(line(7)))


def test_lines_of_the_claim() -> None:
    bound = world({"companion": {"procedure": "points", "same": ["claim"]}})
    alone, with_other = of(), of(line(), line(2, "20553"))
    assert key(bound, alone) != key(bound, with_other)
    assert key(bound, alone) == key(bound, alone, of(OTHER))
    assert key(bound, alone) == key(bound, of(line(), line(2, "99213")))
    # A finding and a question name its number.
    assert key(bound, of(line(), line(3, "20553"))) != key(bound, with_other)


def test_lines_of_the_day() -> None:
    form = {"companion": {"procedure": "points", "same": ["date"]}}
    today, earlier = of(line(1, "20553")), of(OTHER)
    same, none, other = beside(form, today, earlier, replace(today, payer=Payer("another")))
    assert len({same, none, other}) == 3
    assert none == key(world(form), of())


def test_fields_of_other_lines_that_are_compared() -> None:
    form = {"companion": {"procedure": "points", "same": ["date", "provider"]}}
    own = of(line(rendering_provider=Provider("1")))
    others = [of(line(1, "20553", rendering_provider=Provider(n))) for n in ("1", "2", "3", None)]
    same, different, third, unknown = beside(form, *others, own=own)
    assert different == third
    assert len({same, different, unknown}) == 3


def test_whether_another_line_is_payable() -> None:
    form = {"companion": {"procedure": "points", "same": ["claim"], "outcome": "payable"}}
    bound = world(form, "64490")
    one = of(line(1, "64490"), line(2))
    assert len({key(bound, one, payable=value) for value in (True, False, None)}) == 3


def test_units_that_are_summed() -> None:
    form = {"units": {"at_most": 1, "of": ["points"], "summed_over": ["date"]}}
    one, two, none = beside(form, *(of(line(1, "20553", units=n)) for n in (1, 2, None)))
    assert len({one, two, none}) == 3


@pytest.mark.parametrize(
    "form", [sessions(), {"spacing": {"of": ["points"], "at_least": "1 year"}}]
)
def test_services_in_a_window(form: dict[str, Any]) -> None:
    """Days are told apart by their order and by whether they lie in it."""
    days = [DAY - timedelta(days=n) for n in (0, 30, 60, 364, 365)]
    today, one, two, edge, outside = beside(form, *(of(line(1, "20553", day)) for day in days))
    assert one == two == edge
    assert outside == key(world(form), of())
    assert len({today, one, outside}) == 3


def test_services_on_one_day_and_on_two() -> None:
    bound, days = world(sessions()), [DAY - timedelta(days=n) for n in (30, 40)]
    once, twice = (of(line(1, "20553", days[0]), line(2, "20553", day)) for day in days)
    assert key(bound, of(), once) != key(bound, of(), twice)


def test_how_much_of_a_window_is_known() -> None:
    bound = world(sessions())
    known, later, unknown = (
        key(bound, of(line(day=day))) for day in (DAY, DAY + timedelta(days=1), SINCE)
    )
    assert known == later != unknown


def test_who_rendered_is_compared_where_it_is_asked() -> None:
    own = of(line(rendering_provider=Provider("1")))
    others = [of(replace(OTHER, rendering_provider=Provider(npi))) for npi in ("1", "2")]
    one, two = beside(sessions(by="rendering_provider"), *others, own=own)
    assert one != two
    one, two = beside(sessions(), *others, own=own)
    assert one == two
    theirs = [of(OTHER, billing_provider=Provider(group=group)) for group in ("ours", "theirs")]
    one, two = beside(sessions(by="group"), *theirs)
    assert one != two


def test_what_is_asked_of_services_that_count() -> None:
    others = [of(replace(OTHER, place_of_service=place)) for place in ("11", "22")]
    one, two = beside(sessions(where={"place_of_service": ["11"]}), *others)
    assert one != two
    one, two = beside(sessions(), *others)
    assert one == two


def test_codes_of_which_one_comes_later() -> None:
    others = [of(line(1, code, date(2024, 12, 20))) for code in ("64493", "64494", "64490")]
    one, later, _ = beside(sessions(of="blocks"), *others)
    assert one != later
    points = [of(line(1, code, date(2024, 12, 20))) for code in ("20552", "20553")]
    one, two = beside(sessions(), *points)
    assert one == two


def test_days_that_hang_together_are_judged_each_time() -> None:
    form = sessions(within="episode")
    assert beside(form, of(OTHER)) == [None]
    assert key(world(form), of()) is not None
    assert beside(form, of(line(1, "20553"))) != [None]


def test_what_no_key_tells_is_judged_each_time() -> None:
    assert key(world(sessions(where={"patient": {"age": {"at_least": 18}}})), of()) is None
