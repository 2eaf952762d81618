"""The SQL that finds the claims that matter, and the lines that are kept for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.batch.inputs.tables import Lines
from engine.batch.schemas import HISTORY
from engine.batch.staging.conditions import Conditions
from engine.batch.staging.trigger import Trigger


def note_wanted(
    database: Any, conditions: Conditions, trigger: Trigger, given: Sequence[Lines]
) -> None:
    """Make the table `wanted` of the claims that matter, and `matter` of their patients' days.

    `wanted` has the keys of all, and the ids of those that stand in tables.
    """
    # One select for each column that is asked: the database then reads the ids of the few lines
    # that it finds there, where one select with alternatives would read those of all.
    found = " UNION ALL ".join(
        f"SELECT {each.key} AS key, {each.id if each.table else 'NULL::VARCHAR'} AS id "
        f"FROM {each.relation} WHERE {each.of_named} AND {condition}"
        for each in given
        for condition in conditions.matters(trigger, each)
    )
    nothing = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS id WHERE false"
    database.execute(f"CREATE TEMP TABLE wanted AS SELECT DISTINCT * FROM ({found or nothing})")
    _note_days(database, given)


def _note_days(database: Any, given: Sequence[Lines]) -> None:
    days = " UNION ALL ".join(
        f"SELECT {each.texts['patient']} AS patient, {each.texts['service_date']} AS service_date "
        f"FROM {each.relation} WHERE {each.of_named} AND {_is_wanted(each)}"
        for each in given
    )
    database.execute(
        "CREATE TEMP TABLE matter AS SELECT patient, service_date, count(*) AS lines "
        f"FROM ({days}) GROUP BY patient, service_date"
    )


def expected(database: Any, given: Sequence[Lines]) -> int:
    """How many lines the claims that matter have, and entries the histories beside them."""
    (found,) = database.execute("SELECT coalesce(sum(lines), 0) FROM matter").fetchone()
    for each in given:
        if not each.table:
            entries = f"SELECT count(*) FROM {each.relation} WHERE kind = {HISTORY}"
            found += database.execute(entries).fetchone()[0]
    return int(found)


def kept(lines: Lines, counts: str) -> str:
    """A condition: the line is of a claim that matters, or counts beside those that do, or is an
    entry of a history."""
    matters = f"{lines.of_named} AND ({_is_wanted(lines)} OR {counts})"
    return matters if lines.table else f"kind = {HISTORY} OR ({matters})"


def people_of(given: Sequence[Lines]) -> str:
    """The SQL of the patients of claims that matter, with all their claims and what those
    replace, sorted by patient."""
    names = ("patient", "claim_id", "replaces")
    every = " UNION ALL ".join(
        f"SELECT {', '.join(f'{each.texts[n]} AS {n}' for n in names)} "
        f"FROM {each.relation} WHERE {each.of_named}"
        for each in given
    )
    return (
        f"SELECT DISTINCT * FROM ({every}) WHERE patient IN (SELECT patient FROM matter) "
        "ORDER BY patient"
    )


def _is_wanted(lines: Lines) -> str:
    if lines.table:
        return f"{lines.id} IN (SELECT id FROM wanted WHERE id IS NOT NULL)"
    return "key IN (SELECT key FROM wanted)"
