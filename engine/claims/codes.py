"""Codes as claims carry them, brought to one spelling; None where a text is no such code."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_CACHE = 65536
_ICD_10 = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.ASCII)
_PROCEDURE = re.compile(r"[0-9A-Z]{5}", re.ASCII)
_BILL = re.compile(r"0?([0-9]{2}[0-9A-Z])", re.ASCII)
_NDC_PARTS = {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)}
_MONEY = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?", re.ASCII)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@lru_cache(maxsize=_CACHE)
def diagnosis(text: str) -> str | None:
    """An ICD-10-CM code in upper case and with its dot: ``M47816`` is ``M47.816``."""
    code = text.strip().upper()
    if not _ICD_10.fullmatch(code):
        return None
    bare = code.replace(".", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


@lru_cache(maxsize=_CACHE)
def procedure(text: str) -> str | None:
    """A CPT, HCPCS or HIPPS code: five characters, upper case."""
    code = text.strip().upper()
    return code if _PROCEDURE.fullmatch(code) else None


@lru_cache(maxsize=_CACHE)
def modifier(text: str) -> str | None:
    """A modifier: two letters or digits, upper case."""
    code = text.strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalnum() else None


@lru_cache(maxsize=_CACHE)
def place_of_service(text: str) -> str | None:
    """A place of service: two digits."""
    code = text.strip()
    return code if len(code) == 2 and code.isascii() and code.isdigit() else None


@lru_cache(maxsize=_CACHE)
def type_of_bill(text: str) -> str | None:
    """A type of bill of three characters: ``0131`` is ``131``."""
    match = _BILL.fullmatch(text.strip().upper())
    return match[1] if match else None


@lru_cache(maxsize=_CACHE)
def revenue_code(text: str) -> str | None:
    """A revenue code of four digits: ``360`` is ``0360``."""
    code = text.strip()
    fits = 3 <= len(code) <= 4 and code.isascii() and code.isdigit()
    return code.zfill(4) if fits else None


@lru_cache(maxsize=_CACHE)
def ndc(text: str) -> str | None:
    """A national drug code in its 11 digits; hyphens tell which part lacks its leading zero."""
    code = text.strip()
    parts = code.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if len(parts) == 1:
        return code if len(code) in (10, 11) else None
    if tuple(map(len, parts)) not in _NDC_PARTS:
        return None
    return parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)


@lru_cache(maxsize=_CACHE)
def state(text: str) -> str | None:
    """The two letters of a state, upper case."""
    code = text.strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


@lru_cache(maxsize=_CACHE)
def money(text: str) -> Decimal | None:
    """An amount of money written as digits, with at most two decimals."""
    return Decimal(text) if _MONEY.fullmatch(text) else None


@lru_cache(maxsize=_CACHE)
def iso_day(text: str) -> date | None:
    """A day written ``2026-03-04``."""
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def quantity(value: Decimal) -> int | Decimal | None:
    """A number of units as a whole number where it is one; None for what cannot be units."""
    try:
        if not value.is_finite() or abs(value) >= 10**9 or value.as_tuple().exponent < -6:  # type: ignore[operator]
            return None
        whole = int(value)
    except (InvalidOperation, OverflowError):
        return None
    return whole if whole == value else value
