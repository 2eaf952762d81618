"""Counts the claims and lines of all inputs, and their money, by file and payer as written.

A claim whose lines name several payers or stand in several files counts once: for the first of
them in order of file and payer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

import pyarrow.compute as pc

from engine.batch.inputs.tables import Lines
from engine.batch.staging.ascending import claims_by_payer

_BY: tuple[str, ...] = ("payer", "payer_name", "payer_identifier")
Untouched: TypeAlias = tuple[str | None, str | None, str | None, int]


@dataclass
class Counts:
    """What was counted. `groups` are file, payer, its name and its identifier by number, `claims`
    how many there are of each, `lines` those that name their claim; `unnamed` those that do not."""

    groups: dict[int, tuple[str, str | None, str | None, str | None]] = field(default_factory=dict)
    claims: Counter[int] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    unnamed: Counter[str] = field(default_factory=Counter)
    charge: Decimal | int = 0

    def by_file(self) -> dict[str, int]:
        """How many claims there are in each file."""
        found: Counter[str] = Counter()
        for number, count in self.claims.items():
            found[self.groups[number][0]] += count
        return dict(sorted(found.items()))

    def without(self, wanted: Counter[int]) -> list[Untouched]:
        """How many claims of each payer are not among the ones that are wanted."""
        left = ((number, count - wanted[number]) for number, count in sorted(self.claims.items()))
        return [(*self.groups[number][1:], count) for number, count in left if count]


def counted(database: Any, given: Sequence[Lines], threads: int = 1) -> tuple[Counts, list[Lines]]:
    """The counts, and the lines with ids that tell their claims apart.

    Claim ids are taken as they stand, until one turns out to have blanks around it.
    """
    lines = list(given)
    counts = _groups(database, lines)
    if _sorted(database, lines, counts, threads):
        return counts, lines
    blank = [_claims(database, part, counts) for part in _parts(lines)]
    if any(blank):
        lines = [each.strict() if each.table else each for each in lines]
        counts = _groups(database, lines)
        for part in _parts(lines):
            _claims(database, part, counts)
    return counts, lines


def wanted_of(database: Any, staged: str) -> Counter[int]:
    """How many claims to judge of each group there are among the staged lines."""
    rows = database.execute(
        f"SELECT origin, count(*) FROM (SELECT key, min(origin) AS origin FROM {staged} AS line "
        f"JOIN origins ON {_SAME} WHERE kind = 0 GROUP BY key) GROUP BY origin"
    ).fetchall()
    return Counter(dict(rows))


def _parts(lines: Sequence[Lines]) -> list[list[Lines]]:
    """Tables together, since their claims may stand in several; and all the others."""
    found = [[each for each in lines if each.table is table] for table in (True, False)]
    return [part for part in found if part]


def _groups(database: Any, lines: Sequence[Lines]) -> Counts:
    """Number the groups in a table, and count their lines."""
    by = ", ".join(_BY)
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE origins AS SELECT row_number() OVER (ORDER BY file, {by})"
        f"::INTEGER AS origin, * FROM (SELECT file, {by}, {_TOLD} "
        f"FROM ({_charged(lines, nameless=False)}) GROUP BY file, {by})"
    )
    counts = Counts()
    for number, *group, count, money in database.execute("FROM origins").fetchall():
        counts.groups[number] = tuple(group)
        counts.lines[group[0]] += count
        counts.charge += money or 0
    nameless = f"SELECT file, {_TOLD} FROM ({_charged(lines, nameless=True)}) GROUP BY file"
    for file, count, money in sorted(database.execute(nameless).fetchall()):
        counts.unnamed[file] = count
        counts.lines -= Counter({file: count})
        counts.charge -= money or 0
    return counts


_TOLD = "count(*) AS lines, sum(TRY_CAST(charge AS DECIMAL(18, 2))) AS charge"


def _charged(lines: Sequence[Lines], *, nameless: bool) -> str:
    """The SQL of what lines of claims are charged, of all or of those that name no claim; these
    apart, since a database finds them without looking at every line."""
    return " UNION ALL ".join(
        f"SELECT {each.file} AS file, {_texts(each, *_BY, 'charge')} "
        f"FROM {each.relation} WHERE {each.of_nameless if nameless else each.of_claim}"
        for each in lines
    )


def _sorted(database: Any, lines: Sequence[Lines], counts: Counts, threads: int) -> bool:
    """Count the claims of tables that are sorted by claim id; False if these are not."""
    each = lines[0]
    if len(lines) > 1 or not each.paths or len(each.columns.get("claim_id", ())) != 1:
        return False
    payer = dict.fromkeys(c for name in _BY for c in each.columns.get(name, ()))
    table = claims_by_payer(each, list(payer), threads)
    if table is None:
        return False
    database.register("tallied", table)
    texts = f"SELECT claims, {each.file} AS file, {_texts(each, *_BY)} FROM tallied"
    rows = database.execute(
        f"SELECT origin, sum(claims)::BIGINT FROM ({texts}) AS line JOIN origins ON {_SAME} "
        "GROUP BY origin"
    ).fetchall()
    database.unregister("tallied")
    if sum(count for _, count in rows) != pc.sum(table["claims"]).as_py():
        return False  # the database calls a file otherwise than it was called here
    counts.claims += Counter(dict(rows))
    return True


def _claims(database: Any, lines: Sequence[Lines], counts: Counts) -> bool:
    """Count claims by group; whether some of their ids have blanks around them."""
    every = " UNION ALL ".join(
        f"SELECT {each.id} AS id, {each.file} AS file, {_texts(each, *_BY)} "
        f"FROM {each.relation} WHERE {each.of_named}"
        for each in lines
    )
    rows = database.execute(
        "SELECT origin, count(*), bool_or(blank) FROM (SELECT id, min(origin) AS origin, "
        f"trim(id) <> id OR id = '' AS blank FROM ({every}) AS line "
        f"JOIN origins ON {_SAME} GROUP BY id) GROUP BY origin"
    ).fetchall()
    counts.claims += Counter({number: count for number, count, _ in rows})
    return any(blank for *_, blank in rows)


_SAME = " AND ".join(f"line.{n} IS NOT DISTINCT FROM origins.{n}" for n in ("file", *_BY))


def _texts(lines: Lines, *names: str) -> str:
    return ", ".join(f"{lines.texts[name]} AS {name}" for name in names)
