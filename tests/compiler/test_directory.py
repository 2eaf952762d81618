"""Who a claim is addressed to: payers by name and number, contractors by state and day."""

from __future__ import annotations

from datetime import date

import pytest

from engine.compiler.directory import directory
from engine.model.claim import Payer
from engine.model.directory import Directory
from tests.compiler.trees import edited, library

PAYER = "medicare/payer.yaml"
DAY = date(2025, 1, 2)


def payers() -> Directory:
    edits = [
        (PAYER, "names: [MEDICARE]\nids: []", 'names: [MEDICARE PART B]\nids: ["00882"]'),
        (PAYER, "    title: CGS\n", '    title: CGS\n    ids: ["15102"]\n'),
    ]
    return directory(library(edited(edits)))


@pytest.mark.parametrize(
    "payer",
    [
        Payer(id="medicare"),
        Payer(id="Medicare"),
        Payer(id="MEDICARE PART B"),
        Payer(name="Medicare, part B"),
        Payer(name="medicare"),
        Payer(identifier="00882"),
        Payer(id="unheard of", identifier="00882"),
    ],
    ids=str,
)
def test_a_payer_is_found(payer: Payer) -> None:
    assert payers().payer(payer) == "medicare"


@pytest.mark.parametrize(
    "payer",
    [
        Payer(),
        Payer(id=""),
        Payer(name="-"),
        Payer(id="acme"),
        Payer(name="MEDICARE PART A"),
        Payer(identifier="882"),
    ],
    ids=str,
)
def test_nobody_answers_to_another_name(payer: Payer) -> None:
    assert payers().payer(payer) is None


@pytest.mark.parametrize(
    ("payer", "contractor"),
    [
        (Payer(contractor="cgs"), "cgs"),
        (Payer(contractor="15102"), "cgs"),
        (Payer(contractor="cgs", state="NC"), "cgs"),
        (Payer(identifier="15102"), "cgs"),
        (Payer(state="NC"), "palmetto"),
        (Payer(state="nc"), "palmetto"),
        (Payer(state="TX"), None),
        (Payer(), None),
        (Payer(contractor="palmeto", state="NC"), None),
    ],
    ids=str,
)
def test_a_contractor_is_named_or_follows_from_the_state(
    payer: Payer, contractor: str | None
) -> None:
    assert payers().contractor("medicare", payer, DAY) == contractor


def moved(known_on: date | None = None) -> Directory:
    edit = (
        PAYER,
        "      - {state: OH, from: 2000-01-01, cites: areas/list}\n",
        "      - {state: OH, from: 2000-01-01, cites: areas/list}\n"
        "      - {state: NC, from: 2024-07-01, published: 2024-05-01, cites: areas/list}\n",
    )
    return directory(library(edited([edit])), known_on)


def test_a_state_goes_over_to_another_contractor() -> None:
    payer = Payer(state="NC")
    days = (date(2024, 6, 30), date(2024, 7, 1))
    assert [moved().contractor("medicare", payer, day) for day in days] == ["palmetto", "cgs"]


def test_a_state_goes_over_when_that_could_be_known() -> None:
    payer, day = Payer(state="NC"), date(2024, 7, 1)
    assert moved(date(2024, 4, 30)).contractor("medicare", payer, day) == "palmetto"
    assert moved(date(2024, 5, 1)).contractor("medicare", payer, day) == "cgs"


def test_a_state_may_be_left_to_nobody() -> None:
    edit = (
        PAYER,
        "      - {state: NC, from: 2000-01-01, cites: areas/list}\n",
        "      - {state: NC, from: 2000-01-01, cites: areas/list}\n"
        "      - {state: NC, from: 2024-01-01, ends: true}\n",
    )
    made = directory(library(edited([edit])))
    found = [made.contractor("medicare", Payer(state="NC"), date(y, 6, 1)) for y in (2023, 2024)]
    assert found == ["palmetto", None]


def test_whether_plans_have_layers_is_known() -> None:
    edit = (
        PAYER,
        '    contractor: ["medicare/contractors/{contractor}"]\n',
        '    contractor: ["medicare/contractors/{contractor}"]\n'
        '    plan: ["medicare/plans/{plan}"]\n',
    )
    assert not directory(library()).payers["medicare"].by_plan
    assert directory(library(edited([edit]))).payers["medicare"].by_plan


def test_the_vocabulary_comes_with_it() -> None:
    assert payers().facts["imaging"].values == ("fluoroscopy", "ct", "none")
