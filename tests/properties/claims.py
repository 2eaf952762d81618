"""Strategies for claims, histories and what the record states."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from engine.model.claim import (
    Claim,
    Coverage,
    History,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
)
from tests.properties.ground import CODES, DAYS, DIAGNOSES, MODIFIERS, PLACES

_days = st.sampled_from([date.fromisoformat(day) for day in DAYS])
_service_days = st.sampled_from([date(2024, 12, 31), date(2025, 1, 10), date(2025, 2, 28)])
_NPIS = ("1111111112", "2222222228")


@cache
def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(strategy, strategy, st.none())


_FACTS: dict[str, tuple[Any, ...]] = {
    "consent": (True, False),
    "urgent": (True, False),
    "biologic": (True, False),
    "approach": ("front", "back", "side"),
    "muscles": (0, 1, 2, 3),
    "relief": (0, 49, 50, 80),
    "pain": ("5 weeks", "6 weeks", "2 months", "90 days", "93 days", "1 year"),
    "onset": tuple(date.fromisoformat(day) for day in DAYS[::2]),
    "drugs": ((), ("saline",), ("saline", "steroid")),
    "side": ("right", "left", "bilateral"),
}
_STATEMENTS = [(name, value) for name, values in _FACTS.items() for value in (*values, None)]


@cache
def facts() -> st.SearchStrategy[dict[str, Any]]:
    """Some documented facts, in the form that the record's reader gives them."""
    return st.lists(st.sampled_from(_STATEMENTS), max_size=6).map(dict)


@cache
def _provider() -> st.SearchStrategy[Provider | None]:
    return _maybe(
        st.builds(
            Provider, npi=_maybe(st.sampled_from(_NPIS)), group=_maybe(st.sampled_from(["one"]))
        )
    )


@cache
def _lines(number: int, days: st.SearchStrategy[date]) -> st.SearchStrategy[Line]:
    return st.builds(
        Line,
        number=st.just(number),
        procedure=st.sampled_from(CODES),
        service_date=days,
        modifiers=st.lists(st.sampled_from(MODIFIERS), max_size=2, unique=True).map(tuple),
        units=_maybe(st.sampled_from([1, 1, 2, 3, Decimal("1.5")])),
        place_of_service=_maybe(st.sampled_from(PLACES)),
        diagnoses=st.lists(st.sampled_from(DIAGNOSES), max_size=2, unique=True).map(tuple),
        rendering_provider=_provider(),
        prior_authorization=st.sampled_from([None, None, "A1"]),
        documentation=facts(),
    )


@cache
@st.composite
def claims(draw: st.DrawFn, most: int = 3) -> Claim:
    """A claim of a few lines, most of them on one day."""
    count = draw(st.integers(1, most))
    day = draw(_service_days)
    days = st.one_of(st.just(day), st.just(day), _service_days)
    return Claim(
        claim_id="this",
        payer=Payer("medicare", None, None, draw(st.sampled_from([None, "NC", "OH"]))),
        patient=Patient(
            "p",
            draw(st.sampled_from([None, date(1955, 3, 1), date(1984, 2, 29)])),
            draw(st.sampled_from([None, "F", "M"])),
        ),
        lines=tuple(draw(_lines(number, days)) for number in range(1, count + 1)),
        form=draw(st.sampled_from([None, "professional", "professional", "institutional"])),
        stage=draw(st.sampled_from(["billed", "billed", "planned"])),
        replaces=draw(st.sampled_from([None, "old"])),
        billing_provider=draw(_maybe(st.builds(Provider, group=st.sampled_from(["one", "two"])))),
        prior_authorization=draw(st.sampled_from([None, None, "A2"])),
        documentation=draw(facts()),
    )


@cache
@st.composite
def histories(draw: st.DrawFn, most: int = 5) -> History:
    """A few earlier services, and what is known to be all of them."""
    count = draw(st.integers(0, most))
    services = tuple(draw(_services(number)) for number in range(count))
    coverage = tuple(draw(st.lists(_coverage(), max_size=2)))
    return History(services, coverage)


@cache
def _services(number: int) -> st.SearchStrategy[Service]:
    days = st.one_of(_days, _service_days)
    statuses = ["paid", "paid", "paid", "denied", "submitted", "planned", "void", None]
    return st.builds(
        Service,
        patient_id=st.sampled_from(["p", "p", "p", "q"]),
        line=_lines(number + 1, days),
        claim_id=st.sampled_from([None, "a", "b", "old", "this"]),
        payer=st.sampled_from(["medicare", "medicare", "aetna", None]),
        group=st.sampled_from(["one", "two", None]),
        status=st.sampled_from(statuses),
    )


@cache
def _coverage() -> st.SearchStrategy[Coverage]:
    firsts = [None, None, date(2023, 12, 31), date(2024, 2, 29), date(2025, 1, 1)]
    lasts = [None, None, date(2024, 12, 30), date(2025, 1, 9), date(2025, 2, 27)]
    return st.builds(
        _cover,
        st.sampled_from(firsts),
        st.sampled_from(lasts),
        st.sampled_from(["all", "all", "own", "one"]),
        st.sampled_from([None, None, ("needling",), ("everything",), ("64493", "64490")]),
    )


def _cover(
    first: date | None, last: date | None, whose: str, procedures: tuple[str, ...] | None
) -> Coverage:
    if first is not None and last is not None and first > last:
        first = None
    providers = ("one",) if whose == "one" else None
    return Coverage("p", first, last, providers, whose == "own", procedures)
