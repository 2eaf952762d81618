"""Says which implementation guide a transaction follows and which are not read."""

from __future__ import annotations

from engine.model.claim import Form

PROFESSIONAL = "005010X222"
INSTITUTIONAL = "005010X223"
_KNOWN = {
    PROFESSIONAL: ("", "A1", "A2"),
    INSTITUTIONAL: ("", "A1", "A2", "A3"),
}
_NOT_CLAIMS = {
    "270": "an eligibility inquiry",
    "271": "an eligibility response",
    "276": "a claim status request",
    "277": "a claim status response or claim acknowledgment",
    "278": "a request for review of services",
    "820": "a premium payment",
    "824": "an application advice",
    "834": "a benefit enrolment",
    "835": "a remittance advice",
    "997": "a functional acknowledgment",
    "999": "an implementation acknowledgment",
}
_OTHER_837 = {
    "005010X224": "the dental claim, 837D",
    "005010X298": "a post-adjudicated professional claim",
    "005010X299": "a post-adjudicated institutional claim",
    "005010X300": "a post-adjudicated dental claim",
}


def form_of(guide: str) -> Form | None:
    """The form of a guide that is read; None for every other."""
    base = guide[:10]
    if base == PROFESSIONAL:
        return "professional"
    return "institutional" if base == INSTITUTIONAL else None


def is_listed(guide: str) -> bool:
    """Whether this very version of the guide is known."""
    return guide[10:] in _KNOWN.get(guide[:10], ())


def refusal(transaction: str, guide: str) -> str | None:
    """Why a transaction is not read, in words; None if it is a claim of a known guide."""
    if transaction != "837":
        what = _NOT_CLAIMS.get(transaction, "no claim")
        return f"transaction {transaction or '(none)'} is {what}; only 837 claims are read here"
    if guide.startswith("004"):
        return (
            f"the claims follow version 4010 ({guide}), which is not read; "
            "send them in version 5010 (005010X222 or 005010X223)"
        )
    if form_of(guide) or guide == "005010":
        return None
    other = _OTHER_837.get(guide[:10])
    if other:
        return f"guide {guide} is {other}, which is not read"
    named = f"guide {guide}" if guide else "a transaction that names no guide"
    return f"{named} is not read; only 005010X222 and 005010X223 are"
