"""Reads the elements of a service, SV1 or SV2; what is wrong becomes a problem of the claim."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from engine.claims import codes
from engine.claims.x12 import elements
from engine.claims.x12.faults import printable
from engine.model.claim import Amount

if TYPE_CHECKING:
    from engine.claims.x12.claim_level import ClaimLevel

# HCPCS codes, and the payment groups of the institutional claim.
_QUALIFIERS = ("HC", "HP")


Service: TypeAlias = tuple[str | None, tuple[str, ...], str | None]
"""Procedure, modifiers and description."""


def procedure(claim: ClaimLevel, composite: str, name: str) -> Service:
    """Procedure code, modifiers and description of SV101 or SV202."""
    if not composite and name == "SV2":
        return "", (), None  # A room or a supply is billed by its revenue code alone.
    found = _service(composite, claim.composites.separator)
    return _faulty(claim, composite) if found is None else found


@lru_cache(maxsize=16384)
def _service(composite: str, separator: str) -> Service | None:
    """The parts of a service without fault; None for the slow way, which tells the faults."""
    parts = composite.split(separator)
    if len(parts) < 2 or parts[0].strip() not in _QUALIFIERS:
        return None
    code = codes.procedure(parts[1])
    modifiers = tuple(codes.modifier(given) for given in parts[2:6] if given.strip())
    if code is None or None in modifiers:
        return None
    description = elements.text(parts[6]) if len(parts) > 6 else None
    return code, tuple(filter(None, modifiers)), description


def _faulty(claim: ClaimLevel, composite: str) -> Service:
    parts = claim.composites.split_service(composite, claim)
    qualifier = parts[0].strip()
    if len(parts) < 2 or qualifier not in _QUALIFIERS:
        shown = printable(qualifier, 6)
        claim.error("bad-code", f"`{shown}` does not qualify a HCPCS procedure code")
        return None, (), None
    if codes.procedure(parts[1]) is None:
        claim.error("bad-code", f"`{printable(parts[1], 12)}` is not a procedure code")
    for given in parts[2:6]:
        if given.strip() and codes.modifier(given) is None:
            message = f"`{printable(given, 12)}` is not a modifier of two characters"
            claim.error("bad-modifier", message)
    return _service(composite, claim.composites.separator) or (None, (), None)


def charge(claim: ClaimLevel, given: str) -> Decimal | None:
    """The line's charge in dollars."""
    found = elements.number(given)
    if found is None or found < 0:
        claim.error("bad-money", f"`{printable(given, 20)}` is not an amount of money")
    return found


def units(claim: ClaimLevel, number: int, basis: str, given: str) -> Amount | None:
    """The units of line `number`; unknown where SV103 counts minutes of anaesthesia."""
    if not given.strip():
        return None
    if basis == "MJ":
        claim.warn(
            "minutes",
            f"line {number} counts minutes (MJ); its units are unknown, for minutes are not units",
        )
        return None
    found = elements.units(given)
    if found is None:
        claim.error("bad-number", f"`{printable(given, 20)}` is not a number of units")
    elif found < 0:
        claim.error("negative-units", f"`{printable(given, 20)}` units are less than nothing")
        return None
    return found


def place(claim: ClaimLevel, given: str) -> str | None:
    """The line's place of service, else the claim's."""
    if not given or given.isspace():
        return claim.place
    found = codes.place_of_service(given)
    if found is None:
        claim.error("bad-code", f"`{printable(given, 12)}` is not a place of service")
    return found


def revenue_code(claim: ClaimLevel, given: str) -> str | None:
    """The revenue code of an institutional line."""
    found = codes.revenue_code(given)
    if found is None:
        claim.error("bad-code", f"`{printable(given, 12)}` is not a revenue code")
    return found


def pointed(claim: ClaimLevel, pointers: str) -> tuple[str, ...]:
    """The diagnoses that SV107 points to; all of the claim where it points to none."""
    if not pointers:
        return claim.every_diagnosis
    found = []
    for at in _pointers(pointers, claim.composites.separator):
        code = claim.diagnoses[at - 1] if 0 < at <= len(claim.diagnoses) else None
        if code is None:
            message = f"a pointer of `{printable(pointers, 12)}` leads to no diagnosis of the claim"
            claim.error("bad-pointer", message)
        else:
            found.append(code)
    return tuple(found)


@lru_cache(maxsize=1024)
def _pointers(pointers: str, separator: str) -> tuple[int, ...]:
    """The numbers in SV107; 0 for what is none."""
    given = [pointer.strip() for pointer in pointers.split(separator)]
    return tuple(
        int(pointer) if len(pointer) < 3 and pointer.isascii() and pointer.isdigit() else 0
        for pointer in given
        if pointer
    )
