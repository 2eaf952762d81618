"""Reads single elements of X12 segments: texts, days, numbers and the claim's providers.

The results are cached, because the same few codes, days and providers fill a whole file.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache

from engine.claims.codes import quantity
from engine.model.claim import Amount, Patient, Payer, Provider

_CACHE = 16384
_NUMBER = re.compile(r"-?(?:[0-9]{1,15}\.?[0-9]{0,6}|\.[0-9]{1,6})", re.ASCII)


def element(segment: list[str], position: int) -> str:
    """The element at `position`, without the space around it; empty where it is missing."""
    try:
        return segment[position].strip()
    except IndexError:
        return ""


def text(value: str) -> str | None:
    """Free text; None if empty. Segments are cut as Latin-1, the text is often UTF-8."""
    if not value.isascii():
        with suppress(UnicodeDecodeError):
            value = value.encode("latin-1").decode()
    return value.strip() or None


@lru_cache(maxsize=_CACHE)
def number(value: str) -> Decimal | None:
    """A decimal number as X12 writes it: ``410``, ``410.5``, ``.5``."""
    value = value.strip()
    return Decimal(value) if _NUMBER.fullmatch(value) and value != "-" else None


@lru_cache(maxsize=_CACHE)
def units(value: str) -> Amount | None:
    """A number of units, whole where it can be; may be negative, which no claim may be."""
    found = number(value)
    return None if found is None else quantity(found)


@lru_cache(maxsize=_CACHE)
def day(value: str) -> date | None:
    """A day written ``20260304``."""
    if len(value) != 8 or not (value.isascii() and value.isdigit()):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


@lru_cache(maxsize=_CACHE)
def days(form: str, value: str) -> tuple[date, date] | None:
    """The first and last day of a DTP segment: D8 a day, RD8 a range, DT a day with its time."""
    if form == "RD8":
        first, _, last = value.partition("-")
        begin, end = day(first.strip()), day(last.strip())
        return (begin, end) if begin and end and begin <= end else None
    if form == "DT" and len(value) in (12, 14) and value.isdigit():
        value = value[:8]
    elif form != "D8":
        return None
    found = day(value.strip())
    return (found, found) if found else None


@lru_cache(maxsize=_CACHE)
def provider(npi: str | None, taxonomy: str | None, group: str | None = None) -> Provider:
    """A provider of the claim."""
    return Provider(npi=npi, taxonomy=taxonomy, group=group)


@lru_cache(maxsize=_CACHE)
def payer(name: str | None, identifier: str | None, state: str | None) -> Payer:
    """The payer as the claim names it, with the state of service."""
    return Payer(name=name, identifier=identifier, state=state)


@lru_cache(maxsize=_CACHE)
def patient(identifier: str, birth_date: date | None, sex: str | None) -> Patient:
    """The patient by id."""
    return Patient(identifier, birth_date, sex)
