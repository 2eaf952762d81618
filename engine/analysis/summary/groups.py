"""Counts judged claims by payer, provider, month and place, in one pass over the claims."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.analysis.summary.numbers import ZERO, Claims, Group, Groups
from engine.analysis.summary.tables import Tables

MOST = 500
"""So many groups of one kind are shown."""
UNSAID = "not stated"

_COUNTS = """
    count(*) FILTER (verdict = 'clean') AS clean,
    count(*) FILTER (verdict = 'not_clean') AS not_clean,
    count(*) FILTER (verdict = 'undecided') AS undecided,
    coalesce(sum(at_stake), 0) AS stake,
    coalesce(sum(charge) FILTER (verdict = 'undecided'), 0) AS waiting,
    coalesce(sum(charge), 0) AS charged
"""
_NAMES = {
    "payer": ("payer", "contractor"),
    "provider": ("provider", "practice"),
    "month": ("month",),
    "place": ("place",),
}


def prepare(db: Tables) -> None:
    """Make the table `tally`: the counts of every group, marked by its kind."""
    db.execute(
        """CREATE VIEW judged AS
        SELECT c.*, coalesce(rendering_npi, billing_npi) AS provider, "group" AS practice,
            strftime(service_date, '%Y-%m') AS month, place_of_service AS place,
            CASE WHEN s.crossing THEN least(s.charge, c.charge) ELSE s.charge END AS at_stake
        FROM claims c LEFT JOIN stake s USING (claim_id)"""
    )
    sets = ", ".join(f"({', '.join(names)})" for names in _NAMES.values())
    names = ", ".join(name for several in _NAMES.values() for name in several)
    db.execute(
        f"""CREATE TEMP TABLE tally AS
        SELECT {names}, grouping(payer) = 0 AS is_payer, grouping(provider) = 0 AS is_provider,
            grouping(month) = 0 AS is_month, grouping(place) = 0 AS is_place, {_COUNTS},
            min(service_date) AS begin_, max(service_date) AS end_
        FROM judged GROUP BY GROUPING SETS ((), {sets})"""
    )


def whole(db: Tables) -> tuple[Claims, tuple[date, date] | None]:
    """All judged claims, and the first and last day of their services."""
    row = db.execute(
        """SELECT clean, not_clean, undecided, stake, waiting, charged, begin_, end_ FROM tally
        WHERE NOT (is_payer OR is_provider OR is_month OR is_place)"""
    ).fetchone()
    if row is None:
        return Claims(), None
    *counts, begin, end = row
    return _claims(counts), (begin, end) if begin else None


def groups(db: Tables, kind: str) -> Groups:
    """The groups of a kind: months in their order, others with most at stake first."""
    names = _NAMES[kind]
    shown = ", ".join(f"coalesce({name}, '')" for name in names)
    order = "month" if kind == "month" else "stake DESC, clean + not_clean + undecided DESC"
    rows = db.execute(
        f"""SELECT {shown}, clean, not_clean, undecided, stake, waiting, charged FROM tally
        WHERE is_{kind} ORDER BY {order}, {", ".join(names)}"""
    ).fetchmany(MOST)
    (count,) = db.execute(f"SELECT count(*) FROM tally WHERE is_{kind}").fetchone()
    return Groups(tuple(_group(row, len(names)) for row in rows), count)


def _group(row: tuple[Any, ...], names: int) -> Group:
    return Group((row[0] or UNSAID, *row[1:names]), _claims(row[names:]))


def _claims(row: Any) -> Claims:
    clean, not_clean, undecided, *sums = row
    return Claims(clean, not_clean, undecided, *(amount or ZERO for amount in sums))
