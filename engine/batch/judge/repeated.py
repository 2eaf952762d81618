"""Claims that stand in the inputs more than once: each is judged, and one counts beside others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.ledger.kinds import REPLACES, VOIDS, frequency
from engine.model.claim import Claim
from engine.model.problem import Location, Problem

Record = Mapping[str, Any]


def earlier(claims: Mapping[str, Claim]) -> dict[str, str]:
    """Of one patient's claims by key: those that another of their id stands for, by its key.

    A correction or void stands for what it corrects, else the one that was read last. Claims of
    one id that two providers bill are two claims.
    """
    standing: dict[tuple[str, str | None], str] = {}
    found: dict[str, str] = {}
    for key, claim in sorted(claims.items(), key=lambda item: _rank(*item)):
        billing = claim.billing_provider
        mark = (claim.claim_id, billing.npi if billing else None)
        if mark in standing:
            found[standing[mark]] = key
        standing[mark] = key
    return found


def _rank(key: str, claim: Claim) -> tuple[bool, tuple[int, ...]]:
    """What stands for what: the order of keys is that of files and of claims in them."""
    place = () if key.startswith(":") else tuple(int(n) for n in key.split("-"))
    return frequency(claim) in (REPLACES, VOIDS), place


def repeated_claim(record: Record) -> Problem:
    """What is said of a claim that another one of its id stands for."""
    return Problem(
        Location(record["file"], place=f"claim {record['claim_id']}"),
        "repeated-claim",
        "this claim id stands more than once for this patient; each was judged by itself, and "
        "beside other claims the last one counts",
        "take out what is no claim of its own",
        "warning",
    )


def repeated_rows(record: Record) -> list[Problem]:
    """What is said of a claim of a table some of whose rows stand there more than once."""
    if not record["copies"]:
        return []
    rows = (
        "1 row repeats another"
        if record["copies"] == 1
        else f"{record['copies']} rows repeat others"
    )
    return [
        Problem(
            Location(record["file"], place=f"claim {record['claim_id']}"),
            "repeated-line",
            f"{rows} of this claim in every column; each line counts once",
            severity="warning",
        )
    ]


def hinted(record: Record, problems: list[Problem]) -> list[Problem]:
    """Problems of a claim; of a table, a line that stands twice has its reason in the table."""
    if not record["key"].startswith(":"):
        return problems
    return [replace(p, help=_TWICE) if p.id == "duplicate-line" else p for p in problems]


_TWICE = (
    "rows of one claim id are one claim, in whichever files they stand; these have the same line "
    "number and are not equal: leave the one that holds"
)
