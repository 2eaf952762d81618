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

from engine.batch.inputs.tables import Lines

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


def counted(database: Any, given: Sequence[Lines]) -> tuple[Counts, list[Lines]]:
    """The counts, and the lines with ids that tell their claims apart.

    Claim ids are taken as they stand, until one turns out to have blanks around it.
    """
    lines = list(given)
    counts = _groups(database, lines)
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
    charge = "sum(TRY_CAST(charge AS DECIMAL(18, 2))) FILTER (named)"
    every = " UNION ALL ".join(
        f"SELECT {each.file} AS file, {_texts(each, *_BY, 'charge')}, "
        f"{each.of_claims} AS named FROM {each.relation}{_judged(each)}"
        for each in lines
    )
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE origins AS SELECT row_number() OVER (ORDER BY file, "
        f"{', '.join(_BY)})::INTEGER AS origin, * FROM (SELECT file, {', '.join(_BY)}, "
        f"count(*) FILTER (named) AS lines, count(*) FILTER (NOT named) AS unnamed, "
        f"{charge} AS charge FROM ({every}) GROUP BY file, {', '.join(_BY)})"
    )
    counts = Counts()
    for number, *group, count, unnamed, money in database.execute("FROM origins").fetchall():
        counts.groups[number] = tuple(group)
        counts.lines += Counter({group[0]: count})
        counts.unnamed += Counter({group[0]: unnamed})
        counts.charge += money or 0
    return counts


def _claims(database: Any, lines: Sequence[Lines], counts: Counts) -> bool:
    """Count claims by group; whether some of their ids have blanks around them."""
    every = " UNION ALL ".join(
        f"SELECT {each.id} AS id, {each.file} AS file, {_texts(each, *_BY)} "
        f"FROM {each.relation} WHERE {each.of_claims}"
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


def _judged(lines: Lines) -> str:
    """Entries of histories are no claims."""
    return "" if lines.table else " WHERE kind = 0"
