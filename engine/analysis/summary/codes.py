"""A few words of our own for the reason and remark codes that the policies use.

The official texts belong to X12 and stand nowhere here. The words say what the code is used for,
after the denial pages of contractors (source `carc` of ``policies/medicare/sources.yaml``, read
2026-11-22); a code without words here was not described by a source that was read.
"""

from __future__ import annotations

REASONS = {
    "4": "a modifier does not fit the procedure",
    "16": "information is missing from the claim",
    "50": "not medically necessary by the payer's policy",
    "55": "experimental",
    "96": "not covered",
    "97": "included in another service",
    "107": "the service that it belongs to is not on the claim",
    "119": "the benefit's limit is reached",
    "146": "the diagnosis is not valid on that date",
    "151": "more services than the information supports",
    "197": "the prior authorization is absent",
    "236": "not with another procedure of the same day",
}
REMARKS = {
    "N115": "by a local coverage policy",
    "N122": "an add-on code on its own",
    "N386": "by a national coverage policy",
    "N519": "modifiers that do not go together",
    "N822": "a modifier is missing",
    "N823": "a modifier is wrong",
}


def named(group: str, reason: str, remark: str) -> str:
    """The codes as a remittance bears them: ``CO-16 N822``."""
    return " ".join(part for part in ("-".join(p for p in (group, reason) if p), remark) if part)


def meant(reason: str, remark: str) -> str:
    """What they say in a few words; empty where nobody described them."""
    return "; ".join(w for w in (REASONS.get(reason), REMARKS.get(remark)) if w)
