"""Codes in one spelling, and the check digit of the NPI."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from engine.claims import codes
from engine.claims.npi import is_npi


@pytest.mark.parametrize("npi", ["1234567893", "1245319599", "1003000126"])
def test_npis(npi: str) -> None:
    assert is_npi(npi)
    for digit in range(10):
        assert is_npi(npi[:-1] + str(digit)) is (str(digit) == npi[-1])


@pytest.mark.parametrize(
    "text", ["", "123456789", "12345678931", "3234567893", "123456789X", "१" * 10]
)
def test_what_is_no_npi(text: str) -> None:
    assert not is_npi(text)


@pytest.mark.parametrize(
    ("reader", "given", "expected"),
    [
        (codes.diagnosis, "m47816", "M47.816"),
        (codes.diagnosis, " M54 ", "M54"),
        (codes.diagnosis, "C7A.00", "C7A.00"),
        (codes.diagnosis, "M4.7816", None),
        (codes.diagnosis, "724.5", None),
        (codes.procedure, "j3301", "J3301"),
        (codes.procedure, "0275t", "0275T"),
        (codes.procedure, "644933", None),
        (codes.modifier, "rt", "RT"),
        (codes.modifier, "é1", None),
        (codes.type_of_bill, "0131", "131"),
        (codes.type_of_bill, "13x", "13X"),
        (codes.type_of_bill, "13", None),
        (codes.revenue_code, "360", "0360"),
        (codes.revenue_code, "36", None),
        (codes.ndc, "0009-0280-03", "00009028003"),
        (codes.ndc, "50090-028-03", "50090002803"),
        (codes.ndc, "50090-0280-3", "50090028003"),
        (codes.ndc, "00009028003", "00009028003"),
        (codes.ndc, "000-09", None),
        (codes.place_of_service, "11", "11"),
        (codes.place_of_service, "1", None),
        (codes.state, "nc", "NC"),
        (codes.state, "N1", None),
        (codes.money, "410.00", Decimal("410.00")),
        (codes.money, "410.001", None),
        (codes.iso_day, "2026-02-30", None),
    ],
)
def test_one_spelling(reader: Callable[[str], object], given: str, expected: object) -> None:
    assert reader(given) == expected


def test_quantities() -> None:
    assert codes.quantity(Decimal("2.0")) == 2
    assert type(codes.quantity(Decimal("2.0"))) is int
    assert codes.quantity(Decimal("2.5")) == Decimal("2.5")
    for odd in ("NaN", "Infinity", "1e999999", "1e-999999"):
        assert codes.quantity(Decimal(odd)) is None


@pytest.mark.parametrize("text", ["G43.709", "M54.81", "R51", "R51.9", "M17", "M21", "M17.11"])
def test_a_diagnosis_is_no_procedure(text: str) -> None:
    assert codes.procedure(text) is None
    assert codes.diagnosis(text) == text
