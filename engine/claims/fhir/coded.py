"""Code systems of claims, and the code that a CodeableConcept gives in one of them.

FHIR names systems by address. The same system goes by several: with http or https, by its object
identifier, or by a publisher's own. Sources: the terminology pages of FHIR R4, CARIN Blue Button
and Da Vinci PAS; the address of CMS for ICD-10-CM was seen in CMS's own files.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from engine.claims.fhir.element import Element
from engine.claims.where import shown

CPT = frozenset(("www.ama-assn.org/go/cpt", "urn:oid:2.16.840.1.113883.6.12"))
HCPCS = frozenset(
    (
        "www.cms.gov/medicare/coding/hcpcsreleasecodesets",
        "www.cms.gov/medicare/coding/medhcpcsgeninfo",
        "terminology.hl7.org/codesystem/hcpcs",
        "bluebutton.cms.gov/resources/codesystem/hcpcs",
        "urn:oid:2.16.840.1.113883.6.285",
    )
)
BILLABLE = CPT | HCPCS
ICD_10 = frozenset(
    (
        "hl7.org/fhir/sid/icd-10-cm",
        "hl7.org/fhir/sid/icd-10",
        "urn:oid:2.16.840.1.113883.6.90",
    )
)
ICD_9 = frozenset(
    (
        "hl7.org/fhir/sid/icd-9-cm",
        "hl7.org/fhir/sid/icd-9",
        "urn:oid:2.16.840.1.113883.6.103",
    )
)
DRUGS = frozenset(("hl7.org/fhir/sid/ndc", "urn:oid:2.16.840.1.113883.6.69"))
PLACES = frozenset(
    (
        "www.cms.gov/medicare/coding/place-of-service-codes/place_of_service_code_set",
        "terminology.hl7.org/codesystem/ex-serviceplace",
        "bluebutton.cms.gov/resources/variables/line_place_of_srvc_cd",
    )
)
REVENUE = frozenset(
    (
        "www.nubc.org/codesystem/revenuecodes",
        "www.nubc.org/revenue-code",
        "terminology.hl7.org/codesystem/ex-revenue-center",
    )
)
BILLS = frozenset(("www.nubc.org/codesystem/typeofbill",))
TAXONOMY = frozenset(("nucc.org/provider-taxonomy", "urn:oid:2.16.840.1.113883.6.101"))
ABSENT = frozenset(("terminology.hl7.org/codesystem/data-absent-reason",))


@lru_cache(maxsize=1024)
def plain(system: str) -> str:
    """A system's address in one spelling: lower case, without scheme and last slash."""
    text = system.strip().lower().removeprefix("https://").removeprefix("http://")
    return text.rstrip("/")


def codings(concept: Element | None) -> list[tuple[str, str]]:
    """System and code of each coding that has a code; the system is empty where none is named."""
    if concept is None:
        return []
    found = []
    given = concept.data.get("coding")
    for coding in given if isinstance(given, list) else (None,):
        pair = _coding(coding)
        if pair is None:
            return _with_faults(concept)
        found.append(pair)
    return found


def _coding(coding: Any) -> tuple[str, str] | None:
    """A coding without fault; None for the slow way, which tells the faults."""
    if not isinstance(coding, dict):
        return None
    code, system = coding.get("code"), coding.get("system", "")
    if not (isinstance(code, str) and isinstance(system, str) and code.isascii()):
        return None
    code = code.strip()
    return (plain(system), code) if code else None


def _with_faults(concept: Element) -> list[tuple[str, str]]:
    found = []
    for coding in concept.all("coding"):
        code = coding.text("code")
        if code is not None:
            found.append((plain(coding.text("system") or ""), code))
    return found


def words_in(concept: Element | None) -> set[str]:
    """The codes of a concept whose system does not matter, in lower case."""
    return {code.lower() for _, code in codings(concept)}


def first_in(concept: Element | None, systems: frozenset[str]) -> str | None:
    """The first code of a concept in one of the systems."""
    return next((code for system, code in codings(concept) if system in systems), None)


def code_in(
    concept: Element,
    systems: frozenset[str],
    reader: Callable[[str], str | None],
    noun: str,
    fault: str = "bad-code",
) -> str | None:
    """The one code that a concept gives in `systems`; what prevents that is an error.

    A coding without a system is taken, with a warning, if it looks right and no other is better.
    """
    given = codings(concept)
    named = [code for system, code in given if system in systems]
    bare = [code for system, code in given if not system and reader(code)]
    wrong = [code for code in named if reader(code) is None]
    found = {reader(code) or "" for code in named or bare}
    if wrong:
        concept.error("", fault, f"{shown(wrong[0][:20])} is not {noun}")
    elif not found:
        concept.error("", "unknown-system", unknown_system(given, noun))
    elif len(found) > 1:
        both = " and ".join(shown(code) for code in sorted(found)[:2])
        concept.error("", "two-codes", f"this gives {both}, where one code is wanted")
    else:
        if not named:
            concept.warn("", "no-code-system", f"no system is named; it is taken as {noun}")
        return found.pop()
    return None


def unknown_system(given: list[tuple[str, str]], noun: str) -> str:
    """Why none of the codings will do."""
    if not given:
        return f"this gives no code, and {noun} is wanted"
    system = next((system for system, _ in given if system), "")
    if not system:
        return f"{shown(given[0][1][:20])} is not {noun}"
    return f"a code of the system {shown(system)} is not {noun}"
