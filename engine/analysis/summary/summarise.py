"""Counts what a batch folder holds."""

from __future__ import annotations

from dataclasses import replace

from engine.analysis.summary import groups, named, reasons, stake
from engine.analysis.summary.folder import Folder
from engine.analysis.summary.held import held
from engine.analysis.summary.numbers import Groups, Summary
from engine.analysis.summary.tables import Tables, attach, connected
from engine.analysis.summary.waiting import waiting
from engine.model.problem import Location, Problem


def summarise(
    folder: Folder, *, with_ids: bool = False, providers: bool = True
) -> Summary | list[Problem]:
    """The numbers of a batch, or what is wrong with its files. Raises ImportError where DuckDB
    is not installed. Without `with_ids` no id of a claim and no day of a service is in them."""
    set_aside = held(folder, with_ids=with_ids)
    if isinstance(set_aside, Problem):
        return [set_aside]
    with connected() as db:
        import duckdb

        try:
            problems = attach(db, folder)
            if problems:
                return problems
            found = _counted(db, with_ids=with_ids, providers=providers)
        except duckdb.Error as fault:
            return [_unreadable(folder, fault)]
    return replace(found, held=set_aside)


def _counted(db: Tables, *, with_ids: bool, providers: bool) -> Summary:
    stake.prepare(db)
    groups.prepare(db)
    claims, days = groups.whole(db)
    overlapping, uncharged, repeated = _doubts(db)
    return Summary(
        claims=claims,
        days=days,
        by_payer=groups.groups(db, "payer"),
        by_provider=groups.groups(db, "provider") if providers else Groups(),
        by_month=groups.groups(db, "month"),
        by_place=groups.groups(db, "place"),
        by_rule=reasons.by_rule(db, with_ids=with_ids),
        by_code=reasons.by_code(db),
        waiting=waiting(db, with_ids=with_ids),
        overlapping=overlapping,
        uncharged=uncharged,
        repeated=repeated,
        not_clean=named.not_clean(db) if with_ids else (),
        undecided=named.undecided(db) if with_ids else (),
    )


def _doubts(db: Tables) -> tuple[int, int, int]:
    """Claims whose money is uncertain: it overlaps, is not stated, or stands under a shared id."""
    crossing, uncharged = db.execute(
        "SELECT count(*) FILTER (crossing), count(*) FILTER (uncharged) FROM stake"
    ).fetchone()
    (repeated,) = db.execute(
        """SELECT coalesce(sum(times), 0)::BIGINT FROM (
            SELECT count(*) AS times FROM claims SEMI JOIN stake USING (claim_id)
            GROUP BY claim_id HAVING times > 1)"""
    ).fetchone()
    return crossing, uncharged, repeated


def _unreadable(folder: Folder, fault: Exception) -> Problem:
    """A fault of the files that shows only when all of their rows are read."""
    message = f"a Parquet file in it cannot be read: {str(fault).splitlines()[0]}"
    hint = "copy the folder again, or run `cleanclaim batch` again"
    return Problem(Location(str(folder.path)), "part-damaged", message, hint)
