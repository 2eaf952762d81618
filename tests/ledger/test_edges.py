"""The acceptance rows on frequency and spacing (R09, R24, R30), on both sides of every edge.

Each row: the services before, as ``date code [modifiers]``, and two days of the next service
with the outcomes on them: the last day on one side of an edge and the first on the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from engine.ledger.store import Ledger
from engine.model.claim import Claim, FactValue, Payer, Service
from tests.ledger.deciding import documented, word
from tests.ledger.making import EVERYTHING, MEDICARE, claim, service, take

TPI = "medicare/national/trigger-point-injections#session-limit"
ESI = "medicare/national/epidural-injections#session-limit"
FACET = "medicare/national/facet-joint-interventions"
AETNA = "aetna/trigger-point-injections"
FOUR = "medicare/contractors/first-coast/trigger-point-injections#four-a-year"
FLORIDA = Payer("medicare", "first-coast", None, "FL")
COMMERCIAL = Payer("aetna")
PLAN = Payer("plan")


@dataclass(frozen=True)
class Row:
    """One row of the acceptance list; `edge` holds days with the outcomes on them."""

    name: str
    rule: str
    before: str
    code: str
    edge: dict[str, str]
    payer: Payer = MEDICARE
    modifiers: tuple[str, ...] = ()
    facts: tuple[tuple[str, FactValue], ...] = ()


def before(text: str, payer: Payer, facts: tuple[tuple[str, FactValue], ...]) -> Iterable[Claim]:
    """Earlier claims, one a session; a comma parts sessions."""
    for number, part in enumerate(filter(None, map(str.strip, text.split(",")))):
        on, code, *modifiers = part.split()
        one = claim(f"E-{number}", on, code, payer=payer, modifiers=tuple(modifiers))
        yield documented(one, **dict(facts))


def four(code: str, *days: str) -> str:
    """Sessions of one code."""
    return ", ".join(f"{day} {code}" for day in days)


NECK = (("body_site", "neck"),)
FIRST = (("tpi_phase", "establishing"),)
LATER = (("tpi_phase", "maintenance"),)
ROWS = [
    Row("C-8 the fourth session, whichever code", TPI,
        "2025-03-05 20552, 2025-06-01 20553, 2025-09-01 20552", "20553",
        {"2026-03-04": "violated", "2026-03-05": "met"}),
    Row("C-8 the third session", TPI, four("20552", "2025-09-01", "2025-10-01"), "20552",
        {"2025-11-01": "met"}),
    Row("C-8 from a leap day", TPI, four("20552", "2024-02-29", "2024-06-01", "2024-09-01"),
        "20552", {"2025-02-27": "violated", "2025-02-28": "met"}),
    Row("C-8 to a leap day", TPI, four("20552", "2027-03-01", "2027-06-01", "2027-09-01"), "20552",
        {"2028-02-29": "violated", "2028-03-01": "met"}),
    Row("C-8 a month end", TPI, four("20553", "2024-05-31", "2024-08-31", "2024-12-31"), "20553",
        {"2025-05-30": "violated", "2025-05-31": "met"}),
    Row("E-54 four in two months", TPI, four("20552", "2025-04-01", "2025-04-15", "2025-05-01"),
        "20552", {"2025-05-31": "violated"}),
    Row("B-32 the fifth in a year", FOUR,
        four("20552", "2025-02-10", "2025-04-10", "2025-06-10", "2025-08-10"), "20552",
        {"2026-02-09": "violated", "2026-02-10": "met"}, FLORIDA),
    Row("B-28 seven days", f"{AETNA}#seven-days-apart", "2025-12-28 20552", "20553",
        {"2026-01-03": "violated", "2026-01-04": "met"}, COMMERCIAL),
    Row("B-28 seven days over a leap day", f"{AETNA}#seven-days-apart", "2028-02-25 20552", "20552",
        {"2028-03-02": "violated", "2028-03-03": "met"}, COMMERCIAL),
    Row("B-29 the fifth set that establishes", f"{AETNA}#four-sets-to-establish",
        four("20552", "2025-04-01", "2025-04-15", "2025-05-01", "2025-05-15"), "20552",
        {"2025-06-10": "violated", "2026-05-14": "violated", "2026-05-15": "met"},
        COMMERCIAL, facts=FIRST),
    Row("B-29 in maintenance", f"{AETNA}#four-sets-to-establish",
        four("20552", "2025-04-01", "2025-04-15", "2025-05-01", "2025-05-15"), "20552",
        {"2025-06-10": "not_applicable"}, COMMERCIAL, facts=LATER),
    Row("B-30 no set without a response", f"{AETNA}#no-further-set-without-response",
        "2025-04-01 20552", "20552", {"2026-03-31": "undecided", "2026-04-01": "not_applicable"},
        COMMERCIAL),
    Row("B-31 two months, month ends", f"{AETNA}#maintenance-every-two-months", "2025-12-31 20552",
        "20552", {"2026-02-27": "violated", "2026-02-28": "met"}, COMMERCIAL, facts=LATER),
    Row("B-31 two months, to a leap day", f"{AETNA}#maintenance-every-two-months",
        "2027-12-31 20552", "20552", {"2028-02-28": "violated", "2028-02-29": "met"},
        COMMERCIAL, facts=LATER),
    Row("C-9 the third in ninety days at one site", "plan/limits#two-in-ninety-days",
        "2026-01-01 20552, 2026-01-15 20553", "20552",
        {"2026-03-31": "violated", "2026-04-01": "met"}, PLAN,
        facts=(*NECK, ("injection_need", False))),
    Row("C-9 nothing said of need", "plan/limits#two-in-ninety-days",
        "2026-01-01 20552, 2026-01-15 20553", "20552",
        {"2026-03-31": "undecided", "2026-04-01": "met"}, PLAN, facts=NECK),
    Row("C-9 with documented need", "plan/limits#two-in-ninety-days",
        "2026-01-01 20552, 2026-01-15 20553", "20552", {"2026-03-31": "met"}, PLAN,
        facts=(*NECK, ("injection_need", True))),
    Row("E-45 the third in sixty days, far edge inside", "plan/limits#two-in-sixty-days",
        four("64450", "2024-01-01", "2024-01-15"), "64450",
        {"2024-03-01": "violated", "2024-03-02": "met"}, PLAN),
    Row("E-46 the fifth in a calendar year", "plan/limits#four-a-calendar-year",
        four("64450", "2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"), "64450",
        {"2025-12-31": "violated", "2026-01-01": "met"}, PLAN),
    Row("a quarter", "plan/limits#one-a-quarter", "2025-04-01 20560", "20560",
        {"2025-06-30": "violated", "2025-07-01": "met"}, PLAN),
    Row("from the first session", "plan/limits#three-a-benefit-year",
        four("20600", "2024-02-29", "2024-06-01", "2024-12-01"), "20600",
        {"2025-02-27": "violated", "2025-02-28": "met"}, PLAN),
    Row("the second benefit year begins with its first session",
        "plan/limits#three-a-benefit-year",
        four("20600", "2023-01-10", "2024-06-01", "2024-09-01", "2024-12-01"), "20600",
        {"2025-05-31": "violated", "2025-06-01": "met"}, PLAN),
    Row("a month apart on one side", "plan/limits#a-month-apart", "2026-01-31 20610 RT", "20610",
        {"2026-02-27": "violated", "2026-02-28": "met"}, PLAN, ("RT",)),
    Row("a month apart: both sides hold the right one", "plan/limits#a-month-apart",
        "2026-01-31 20610 50", "20610", {"2026-02-27": "violated"}, PLAN, ("RT",)),
    Row("a month apart: the other side", "plan/limits#a-month-apart", "2026-01-31 20610 LT",
        "20610", {"2026-02-01": "met"}, PLAN, ("RT",)),
    Row("C-30 the fifth diagnostic session of a region", f"{FACET}#diagnostic-session-limit",
        "2025-03-05 64493 KX, 2025-05-05 64494 KX, 2025-07-05 64493 KX, 2025-09-05 64495 KX",
        "64493", {"2026-03-04": "violated", "2026-03-05": "met"}, modifiers=("KX",)),
    Row("C-30 of another region", f"{FACET}#diagnostic-session-limit",
        "2025-03-05 64490 KX, 2025-05-05 64490 KX, 2025-07-05 64490 KX, 2025-09-05 64490 KX",
        "64493", {"2026-03-04": "met"}, modifiers=("KX",)),
    Row("C-30 therapeutic ones are not diagnostic", f"{FACET}#diagnostic-session-limit",
        four("64493", "2025-03-05", "2025-05-05", "2025-07-05", "2025-09-05"),
        "64493", {"2026-03-04": "met"}, modifiers=("KX",)),
    Row("C-29 the fifth therapeutic session of a region", f"{FACET}#therapeutic-session-limit",
        four("64490", "2024-02-29", "2024-05-05", "2024-07-05", "2024-09-05"),
        "64491", {"2025-02-27": "violated", "2025-02-28": "met"}),
    Row("C-29 diagnostic ones are not therapeutic", f"{FACET}#therapeutic-session-limit",
        "2025-03-05 64493 KX, 2025-05-05 64493, 2025-07-05 64493, 2025-09-05 64493",
        "64493", {"2026-03-04": "met"}),
    Row("facet blocks two weeks apart", f"{FACET}#second-block-later", "2026-02-20 64493 KX",
        "64493", {"2026-03-05": "violated", "2026-03-06": "met"}, modifiers=("KX",)),
    Row("C-51 the fifth epidural of a region, any level", ESI,
        "2025-03-05 62323, 2025-05-05 64483, 2025-07-05 64484, 2025-09-05 62323", "64483",
        {"2026-03-04": "violated", "2026-03-05": "met"}),
    Row("C-52 only the six codes are pooled", ESI,
        "2025-03-05 62322, 2025-05-05 64483, 2025-07-05 62323, 2025-09-05 62323", "62323",
        {"2026-03-04": "met"}),
    Row("C-81 two and two in different regions", ESI,
        "2025-03-05 62323, 2025-05-05 64483, 2025-07-05 62321, 2025-09-05 64479", "62323",
        {"2026-03-04": "met"}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_edge(ledger: Ledger, row: Row) -> None:
    take(ledger, *before(row.before, row.payer, row.facts), EVERYTHING)
    found = {}
    for on in row.edge:
        one = claim("NEW", on, row.code, payer=row.payer, modifiers=row.modifiers)
        found[on] = word(ledger, row.rule, documented(one, **dict(row.facts)))
    assert found == row.edge


def fourth(ledger: Ledger, *services: Service, group: str = "carolina-pain") -> str:
    """The fourth trigger point session after two paid ones and what is given."""
    paid = (service("2025-09-01"), service("2025-10-01"))
    take(ledger, *paid, *services, EVERYTHING)
    return word(ledger, TPI, claim("NEW", "2026-01-10", group=group))


def test_several_codes_and_lines_of_a_day_are_one_session(ledger: Ledger) -> None:
    same = [
        service("2025-10-01", code, claim_id="S", number=n)
        for n, code in ((1, "20552"), (2, "20553"), (3, "20552"))
    ]
    assert fourth(ledger, *same) == "met"


def test_two_providers_of_a_group(ledger: Ledger) -> None:
    other = service("2025-11-01", npi="1003000126")
    assert fourth(ledger, other) == "violated"


def test_two_groups(ledger: Ledger) -> None:
    other = service("2025-11-01", group="triangle-spine")
    assert fourth(ledger, other) == "violated"


@pytest.mark.parametrize(
    ("status", "expected"),
    [("paid", "violated"), ("submitted", "violated"), ("denied", "met"), ("void", "met"),
     ("planned", "violated"), (None, "undecided")],
)  # fmt: skip
def test_what_became_of_a_session(ledger: Ledger, status: str | None, expected: str) -> None:
    # A planned service keeps its place as long as its hold lasts.
    assert fourth(ledger, service("2025-11-01", status=status)) == expected  # type: ignore[arg-type]


def test_denied_ones_count_where_the_policy_counts_what_was_performed(ledger: Ledger) -> None:
    take(ledger, service("2026-01-31", "20610", modifiers=("RT",), status="denied", payer="other"))
    take(ledger, EVERYTHING)
    late = claim("NEW", "2026-02-27", "20610", payer=PLAN, modifiers=("RT",))
    assert word(ledger, "plan/limits#a-month-apart", late) == "violated"


def test_of_another_payer(ledger: Ledger) -> None:
    assert fourth(ledger, service("2025-11-01", payer="aetna")) == "met"


def test_sessions_after_the_service_date(ledger: Ledger) -> None:
    assert fourth(ledger, service("2026-01-11"), service("2026-02-01")) == "met"


def test_by_group_and_by_provider(ledger: Ledger) -> None:
    quarter, month = "plan/limits#one-a-quarter", "plan/limits#two-a-month"
    take(
        ledger,
        claim("A", "2026-01-05", "20560", payer=PLAN, npi="1245319599", group="one"),
        claim("B", "2026-01-06", "20560", payer=PLAN, npi="1003000126", group="one"),
        claim("C", "2026-01-07", "20560", payer=PLAN, npi="1245319599", group="two"),
        EVERYTHING,
    )
    for group, npi, by_group, by_provider in (
        ("one", "1245319599", "violated", "violated"),
        ("three", "1003000126", "met", "met"),
        ("three", "1245319599", "met", "violated"),
    ):
        new = claim("NEW", "2026-01-20", "20560", payer=PLAN, npi=npi, group=group)
        assert (word(ledger, quarter, new), word(ledger, month, new)) == (by_group, by_provider)


def test_replaced_and_repeated_imports_change_no_count(ledger: Ledger) -> None:
    for _ in range(2):
        take(
            ledger,
            claim("A", "2025-09-01"),
            claim("B", "2025-10-01"),
            claim("C", "2025-10-02", replaces="B", frequency="7"),
            claim("D", "2025-11-01"),
            claim("V", "2025-11-01", replaces="D", frequency="8"),
            EVERYTHING,
        )
    assert word(ledger, TPI, claim("NEW", "2026-01-10")) == "met"
    take(ledger, claim("E", "2025-12-01"))
    assert word(ledger, TPI, claim("NEW", "2026-01-10")) == "violated"
    replacing = claim("NEW", "2026-01-10", replaces="E", frequency="7")
    assert word(ledger, TPI, replacing) == "met"
