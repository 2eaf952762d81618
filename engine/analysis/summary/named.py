"""The claims to work on first, by their ids: only for a report that may name them."""

from __future__ import annotations

from engine.analysis.summary.numbers import ZERO, Named
from engine.analysis.summary.tables import Tables
from engine.model.book import WEIGHTY

MOST = 200
"""So many claims of each kind are named."""
_HEAVY = ", ".join(f"'{kind}'" for kind in sorted(WEIGHTY))


def not_clean(db: Tables) -> tuple[Named, ...]:
    """Those with most money at stake, with the rules that stand against them."""
    return _named(
        db,
        f"""WITH first AS (
            SELECT claim_id, payer, service_date, coalesce(at_stake, 0) AS money FROM judged
            WHERE verdict = 'not_clean' ORDER BY money DESC, claim_id LIMIT {MOST})
        SELECT claim_id, payer, service_date, money,
            list_sort(list(DISTINCT rule) FILTER (finding IN ({_HEAVY}))) AS why
        FROM first LEFT JOIN findings USING (claim_id)""",
    )


def undecided(db: Tables) -> tuple[Named, ...]:
    """Those with the highest charges, with the facts that they wait for."""
    return _named(
        db,
        f"""WITH first AS (
            SELECT claim_id, payer, service_date, coalesce(charge, 0) AS money FROM judged
            WHERE verdict = 'undecided' ORDER BY money DESC, claim_id LIMIT {MOST})
        SELECT claim_id, payer, service_date, money,
            list_sort(list(DISTINCT fact) FILTER (fact <> '')) AS why
        FROM first LEFT JOIN needs USING (claim_id)""",
    )


def _named(db: Tables, query: str) -> tuple[Named, ...]:
    rows = db.execute(f"{query} GROUP BY ALL ORDER BY money DESC, claim_id").fetchall()
    return tuple(
        Named(claim, payer or "", day, money or ZERO, tuple(why or ()))
        for claim, payer, day, money, why in rows
    )
