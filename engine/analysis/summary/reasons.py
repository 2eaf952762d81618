"""Counts findings by rule and by reason code, with the money that each puts at stake."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.analysis.summary.numbers import ZERO, Reason
from engine.analysis.summary.stake import united
from engine.analysis.summary.tables import Tables

KINDS = ("reject", "deny", "recode", "review", "warn", "info", "revenue")
"""The kinds of findings, the heaviest first."""
_RULE = ("rule",)
_CODE = ("group_code", "carc", "rarc")


def by_rule(db: Tables, *, with_ids: bool) -> tuple[Reason, ...]:
    """The findings of every rule, with the words that it says most often: those with most at
    stake first, and those that keep no claim back last."""
    said = _messages(db, with_ids)
    return tuple(
        replace(reason, says=said.get(reason.names[0], ""))
        for reason in sorted(_counted(db, _RULE), key=lambda r: (-r.stake, not r.weighs))
    )


def by_code(db: Tables) -> tuple[Reason, ...]:
    """The findings by group, reason code and remark code; those without any are left out."""
    return tuple(reason for reason in _counted(db, _CODE) if any(reason.names))


def _counted(db: Tables, keys: tuple[str, ...]) -> list[Reason]:
    named = ", ".join(keys)
    kinds = ", ".join(f"count(*) FILTER (finding = '{kind}')" for kind in KINDS)
    filled = ", ".join(f"coalesce({key}, '') AS {key}" for key in keys)
    rows = db.execute(
        f"""WITH money AS (
            SELECT {named}, sum(charge) AS stake FROM ({united(named + ", ")}) GROUP BY ALL
        ), counted AS (
            SELECT {filled}, count(DISTINCT claim_id) AS claims,
                count(*) FILTER (verified) AS mended, {kinds}
            FROM findings GROUP BY ALL
        )
        SELECT counted.*, coalesce(stake, 0) AS at_stake
        FROM counted LEFT JOIN money USING ({named})
        ORDER BY at_stake DESC, claims DESC, {named}"""
    ).fetchall()
    return [_reason(row, len(keys)) for row in rows]


def _reason(row: tuple[Any, ...], keys: int) -> Reason:
    claims, mended, *kinds, stake = row[keys:]
    counts = {kind: count for kind, count in zip(KINDS, kinds, strict=True) if count}
    return Reason(row[:keys], counts, claims, mended, stake or ZERO)


def _messages(db: Tables, with_ids: bool) -> dict[str, str]:
    """What each rule says most often; no date of a service and no id, unless they are wanted."""
    shown = (
        "message" if with_ids else r"regexp_replace(message, '\d{4}-\d\d-\d\d', '(a date)', 'g')"
    )
    hidden = "true" if with_ids else "NOT contains(message, claim_id)"
    rows = db.execute(
        f"""SELECT rule, {shown} AS says, sum(count) AS times FROM (
            SELECT rule, message, count(*) AS count FROM findings
            WHERE {hidden} GROUP BY rule, message)
        GROUP BY ALL ORDER BY times, says DESC"""
    ).fetchall()
    return {rule: says for rule, says, _ in rows if says}
