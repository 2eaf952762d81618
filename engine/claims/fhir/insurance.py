"""The insurance that a FHIR claim is addressed to, with its coverage and its authorization."""

from __future__ import annotations

from engine.claims.fhir.element import Element
from engine.claims.fhir.referred import Referred, refer


def focal(claim: Element) -> tuple[Element | None, Referred | None]:
    """The insurance that is billed and the coverage it refers to.

    It is marked `focal`; where none is marked, the first in sequence is taken, with a warning if
    there are several.
    """
    entries = claim.all("insurance")
    marked = [entry for entry in entries if entry.data.get("focal") is True]
    if not entries:
        return None, None
    if len(marked) > 1 or (not marked and len(entries) > 1):
        message = "which of several insurances is billed is not told; the first is taken"
        claim.warn("insurance", "no-focal", message, "mark one of them as focal")
    chosen = min(marked or entries, key=lambda entry: entry.count("sequence") or 10**9)
    return chosen, refer(chosen, "coverage", "Coverage")


def authorization(insurance: Element | None) -> str | None:
    """The prior authorization that the payer gave."""
    given = insurance.texts("preAuthRef") if insurance is not None else []
    if len(given) > 1 and insurance is not None:
        message = "a second prior authorization is not used"
        insurance.warn("preAuthRef", "repeated-authorization", message)
    return given[0] if given else None
