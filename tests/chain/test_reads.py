"""What rules read of a line and beside it, and where that cannot be told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.chain.bound import BoundBook
from engine.chain.reads import GROUP, PROVIDER, RECORD, Reads
from engine.chain.reads_terms import reads_of_rule
from engine.model.book import Rule
from tests.chain.worlds import book, rule, window

CITED = {"cites": "src/it"}
MORE: dict[str, Any] = {
    "windows": {
        "year": window(rolling="12 months"),
        "episode": window(since_gap_of="6 months"),
    },
    "parameters": {
        "limit": {
            "says": "How many.",
            "values": [
                {"from": "2000-01-01", "value": 1, **CITED},
                {"from": "2024-07-01", "value": 2, **CITED},
            ],
        }
    },
    "derives": [
        {
            "fact": "beside",
            "says": "Whether another block is there.",
            "of": {"procedure": "blocks"},
            "cases": [
                {"when": {"companion": {"procedure": "blocks", "same": ["date"]}}, "is": True}
            ],
            "otherwise": False,
            **CITED,
        }
    ],
}


def reads(requires: dict[str, Any], code: str = "20552", **more: Any) -> Reads:
    """What the first rule of a book reads of a code."""
    bound, one = made(requires, **more)
    return reads_of_rule(bound, one, code)


def made(requires: dict[str, Any], **more: Any) -> tuple[BoundBook, Rule]:
    """A book and its rule on every code of the scope."""
    other = rule("one-unit", ["points"], {"units": {"at_most": 1}})
    on = rule("this", more.pop("codes", ["points", "blocks"]), requires, **more)
    bound = book(on, other, **MORE)
    return bound, next(r for r in bound.book.rules if r.name == "this")


def sessions(**more: Any) -> dict[str, Any]:
    return {"sessions": {"of": ["points"], "within": "year", "at_most": 1, **more}}


@pytest.mark.parametrize(
    ("requires", "names"),
    [
        ({"place_of_service": ["11"]}, {"place_of_service"}),
        ({"modifier": {"has_any": ["KX"]}}, {"modifiers"}),
        ({"diagnosis": "pains"}, {"diagnoses"}),
        ({"units": {"at_most": 1}}, {"units"}),
        ({"units": {"at_most": {"line": "units"}}}, {"units"}),
        ({"prior_authorization": True}, {"prior_authorization"}),
        ({"patient": {"age": {"at_least": 18}}}, {"patient.age"}),
        ({"provider": {"group": "ours"}}, {GROUP}),
        ({"claim": {"kind": "facility"}}, {"claim.kind"}),
        (
            {"claim": {"facility_type": "office"}},
            {"claim.facility_type", "claim.type_of_bill", "place_of_service"},
        ),
        ({"documented": {"fact": "imaging", "is": "ct"}}, {RECORD}),
        ({"outcome": {"rule": "one-unit", "is": "passed"}}, {"units"}),
        ({"any_of": [{"diagnosis": "pains"}, {"claim": {"state": "NC"}}]},
         {"diagnoses", "claim.state"}),
        ({"never": "covered"}, set()),
    ],
)  # fmt: skip
def test_fields_of_the_line(requires: dict[str, Any], names: set[str]) -> None:
    found = reads(requires)
    assert found.names == names
    assert (found.looks, found.beside, found.untold) == ([], set(), False)


@pytest.mark.parametrize(
    ("requires", "how", "beside", "compared"),
    [
        ({"companion": {"procedure": "points", "same": ["date"]}}, "day", set(), set()),
        (
            {"companion": {"procedure": "points", "same": ["claim", "side"]}},
            "day", {"modifiers", RECORD}, set(),
        ),
        (
            {"not_with": {"procedure": "points", "same": ["date"], "different": ["provider"]}},
            "day", set(), {PROVIDER},
        ),
        (
            {"units": {"at_most": 1, "of": ["points"], "summed_over": ["date", "group"]}},
            "day", {"units"}, {GROUP},
        ),
        (sessions(), "window", set(), set()),
        (sessions(by="group"), "window", set(), {GROUP}),
        (sessions(by="rendering_provider", count="units"), "window", {"units"}, {PROVIDER}),
        (sessions(where={"place_of_service": ["11"]}), "window", {"place_of_service"}, set()),
        (sessions(within="episode"), "chain", set(), set()),
        ({"spacing": {"of": ["points"], "at_least": "6 months"}}, "window", set(), set()),
    ],
)  # fmt: skip
def test_lines_that_are_looked_at(
    requires: dict[str, Any], how: str, beside: set[str], compared: set[str]
) -> None:
    found = reads(requires)
    assert found.how == {how}
    assert (found.beside, found.compared) == (beside, compared)
    assert found.beside <= found.fields
    assert not found.untold


def test_whether_another_line_is_payable() -> None:
    form = {"procedure": "points", "same": ["date"]}
    assert not reads({"companion": form}, codes=["blocks"]).payable
    assert reads({"companion": {**form, "outcome": "payable"}}, codes=["blocks"]).payable


@pytest.mark.parametrize(
    ("requires", "read"),
    [
        (sessions(of=["points"]), False),
        (sessions(of="blocks"), True),  # one of them comes later
        (sessions(same=["procedure"]), True),
        (sessions(of=["64490"], where={"attributes": {"region": "neck"}}), True),
        (sessions(where={"procedure": "blocks"}), True),
    ],
)
def test_codes_of_other_lines(requires: dict[str, Any], read: bool) -> None:
    assert reads(requires).code_beside is read


@pytest.mark.parametrize(
    "requires",
    [
        sessions(where={"patient": {"age": {"at_least": 18}}}),
        sessions(of="blocks", where={"attributes": {"beside": True}}),
        {"not_with": {"procedure": "blocks", "same": ["date", "beside"]}},
    ],
)
def test_what_another_line_cannot_tell(requires: dict[str, Any]) -> None:
    assert reads(requires).untold


def test_days_on_which_something_changes() -> None:
    found = reads({"units": {"at_most": "limit"}})
    assert date(2024, 7, 1) in found.days
    found = reads({"companion": {"procedure": "blocks", "same": ["date"]}})
    assert date(2025, 1, 1) in found.days_beside
    assert date(2025, 1, 1) not in found.days
    # For a member of the set the days of its own code.
    assert date(2025, 1, 1) in reads(sessions(of="blocks"), "64494").days
    assert date(2025, 1, 1) not in reads(sessions(of="blocks"), "64493").days


def test_definitions_that_are_named() -> None:
    kinds = {kind for kind, _ in reads(sessions(of="blocks", at_most="limit")).rests_on}
    assert kinds == {"facts", "set", "parameter"}
    names = reads({"attributes": {"beside": True}}).rests_on
    assert ("derivation", "payer/topic:beside") in names
    found = reads({"outcome": {"rule": "one-unit", "is": "passed"}}).rests_on
    assert ("outcome", "payer/topic#one-unit") in found
