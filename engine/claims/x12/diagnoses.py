"""Reads the diagnoses of a claim from its HI segments.

A diagnosis is principal (ABK) or other (ABF); admitting, external-cause and reason-for-visit codes,
procedures, occurrences and conditions stand in HI too and are no diagnoses that a line points to.
"""

from __future__ import annotations

from functools import lru_cache

from engine.claims import codes
from engine.claims.x12.composites import Composites
from engine.claims.x12.faults import ClaimFaults, printable

_ICD_10 = ("ABK", "ABF")
_ICD_9 = ("BK", "BF")
_QUALIFIERS = frozenset(("ABK", "ABF", "ABJ", "ABN", "APR", "BK", "BF", "BJ", "BN", "PR"))


def read_diagnoses(
    claim: ClaimFaults, composites: Composites, segment: list[str]
) -> list[str | None]:
    """The diagnoses of one HI segment of a claim, in the order that pointers count."""
    found: list[str | None] = []
    for composite in segment[1:]:
        code = _principal_or_other(composite, composites.separator)
        if code is not None:
            found.append(code)
            continue
        parts = composites.split(composite.strip())
        qualifier = parts[0]
        if any(part in _QUALIFIERS for part in parts[2:4]) or len(parts[0]) > 3:
            claim.error("bad-diagnosis", "a part of HI holds more than one code or none")
        elif qualifier in _ICD_10:
            found.append(_icd_10(claim, parts))
        elif qualifier in _ICD_9:
            found.append(_icd_9(claim, parts))
        elif not qualifier and any(first[:3] in _ICD_10 for first in segment[1:]):
            # An empty part keeps its place, because pointers count places.
            found.append(None)
    return found


@lru_cache(maxsize=16384)
def _principal_or_other(composite: str, separator: str) -> str | None:
    """The ICD-10-CM code of a composite without fault; None for the slow way."""
    qualifier, _, code = composite.strip().partition(separator)
    return codes.diagnosis(code) if qualifier in _ICD_10 else None


def _icd_10(claim: ClaimFaults, parts: list[str]) -> str | None:
    given = parts[1] if len(parts) > 1 else ""
    found = codes.diagnosis(given)
    if found is None:
        claim.error("bad-code", f"`{printable(given, 12)}` is not an ICD-10-CM code")
    return found


def _icd_9(claim: ClaimFaults, parts: list[str]) -> str | None:
    """An ICD-9-CM code, kept as it was sent: without a dot it equals no ICD-10-CM code."""
    given = parts[1].strip().upper() if len(parts) > 1 else ""
    claim.warn("icd-9", f"`{printable(given, 12)}` is sent as an ICD-9-CM code ({parts[0]})")
    return given.replace(".", "") or None
