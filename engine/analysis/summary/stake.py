"""Money at stake: the charges of lines that a finding denies or rejects, each line once.

A finding states the charges of its lines together. Where a claim has several, those on lines
that lie within the lines of another one are left out, and the rest are added. Where two share
only some of their lines the sum may be too high: it is cut at the charge of the claim, and the
claim is counted as `overlapping`.
"""

from __future__ import annotations

from engine.analysis.summary.tables import Tables
from engine.model.book import BARRING

LIST = ", ".join(f"'{kind}'" for kind in sorted(BARRING))

_MACROS = (
    # A finding without lines falls on the whole claim.
    """CREATE MACRO within(a, b) AS
    len(a) > 0 AND (len(b) = 0 OR (len(b) > len(a) AND list_has_all(b, a)))""",
    """CREATE MACRO widest(sets) AS list_filter(sets, lambda s:
    len(list_filter(sets, lambda o: within(s.lines, o.lines))) = 0)""",
    """CREATE MACRO summed(sets) AS
    list_sum(list_transform(widest(sets), lambda s: coalesce(s.charge, 0)))""",
    """CREATE MACRO shared(sets) AS
    len(flatten(list_transform(widest(sets), lambda s: s.lines)))
    <> len(list_distinct(flatten(list_transform(widest(sets), lambda s: s.lines))))""",
)


def prepare(db: Tables) -> None:
    """Make the table `stake`: one row a claim with a finding that denies or rejects."""
    for macro in _MACROS:
        db.execute(macro)
    db.execute(
        f"""CREATE VIEW barred AS
        SELECT claim_id, rule, coalesce(group_code, '') AS group_code,
            coalesce(carc, '') AS carc, coalesce(rarc, '') AS rarc,
            list_sort(coalesce(lines, [])) AS lines, charge
        FROM findings WHERE finding IN ({LIST})"""
    )
    db.execute(f"CREATE TEMP TABLE stake AS {united('')}")


def united(keys: str) -> str:
    """The query for the money of each claim, or of each claim under the `keys` (``rule, ``).

    Most claims have one set of lines; only the others are compared set by set.
    """
    return f"""
    WITH sets AS MATERIALIZED (
        SELECT {keys}claim_id, lines, max(charge) AS charge FROM barred GROUP BY ALL
    ), counted AS MATERIALIZED (
        SELECT {keys}claim_id, count(*) AS n, max(charge) AS charge,
            bool_or(charge IS NULL) AS uncharged
        FROM sets GROUP BY ALL
    ), several AS (
        SELECT {keys}claim_id, list({{'lines': lines, 'charge': charge}}) AS of_claim
        FROM sets SEMI JOIN (FROM counted WHERE n > 1) USING ({keys}claim_id) GROUP BY ALL
    )
    SELECT {keys}claim_id, coalesce(charge, 0) AS charge, false AS crossing, uncharged
    FROM counted WHERE n = 1
    UNION ALL
    SELECT {keys}claim_id, summed(of_claim), shared(of_claim), uncharged
    FROM several JOIN counted USING ({keys}claim_id)"""
