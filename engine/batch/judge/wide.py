"""Writes what was decided of many claims at once as tables, column by column.

A row is made of what stands in all rows of its claim, of what follows from the lines that it is
about, and of a template: the words of a rule, which many claims share. Each of the three is
written once and taken for every row that has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from engine.batch.judge.of_claims import Columns, of_claims, short
from engine.batch.judge.rows import charge_of, of_first, of_lines
from engine.batch.judge.written import Written
from engine.batch.schemas import CODE, CODED, TEXT
from engine.model.claim import Claim

Kind = Literal["findings", "needs"]
COUNTS: Final = ("met", "violated", "undecided", "not_applicable", "not_judged", "no_policy")
_SHARED: Final = ("claim_id", "payer", "contractor", "billing_npi", "group", "book")
_SPOT: Final = ("service_date", "rendering_npi", "charge")
_FIRST: Final = ("procedure", "place_of_service")


@dataclass(frozen=True)
class About:
    """Rows of one output: for each its claim's position, its template's number, and the numbers
    of its lines as they stand in the row."""

    claims: Sequence[int]
    templates: Sequence[int]
    lines: Sequence[tuple[int, ...]]


class Wide:
    """Writes rows of many claims; templates are kept from one call to the next."""

    def __init__(self) -> None:
        own = (*_SHARED, *_SPOT, "lines")
        self._findings = _Templates(CODED["findings"], (*own, *_FIRST))
        self._needs = _Templates(CODED["needs"], own)

    def __len__(self) -> int:
        """How many templates there are."""
        return len(self._findings) + len(self._needs)

    def template(self, kind: Kind, row: Mapping[str, Any]) -> int:
        """The number of the part of a row that does not hang on its claim: all columns but those
        of the claim and of its lines. What it does not name is null."""
        return (self._findings if kind == "findings" else self._needs).add(row)

    def written(
        self,
        claims: Sequence[Claim],
        books: Sequence[str],
        files: Sequence[str],
        verdicts: Sequence[str],
        checked: Sequence[tuple[int, ...]],
        findings: About,
        needs: About,
    ) -> Written:
        """The tables of some claims and what is counted of them. For each claim the digest of
        its book, its file, its verdict and its counts in the order of `COUNTS`."""
        charges = [charge_of(claim.lines) for claim in claims]
        whole = of_claims(claims, charges) | {
            "book": short(pa.array(books, TEXT)),
            "file": short(pa.array(files, TEXT)),
            "verdict": short(pa.array(verdicts, TEXT)),
        }
        counts = zip(*checked, strict=True) if checked else ((),) * len(COUNTS)
        whole |= {n: pa.array(c, pa.int32()) for n, c in zip(COUNTS, counts, strict=True)}
        tables = {
            "claims": _in_order("claims", whole),
            "findings": _table("findings", claims, whole, findings, self._findings),
            "needs": _table("needs", claims, whole, needs, self._needs),
        }
        return Written(tables, Counter(verdicts), sum(filter(None, charges), Decimal()))


class _Templates:
    """Columns of the templates of one output, made when they are wanted."""

    def __init__(self, schema: pa.Schema, others: Iterable[str]) -> None:
        fields = [field for field in schema if field.name not in others]
        plain = [f.with_type(TEXT) if f.type == CODE else f for f in fields]
        self._rows: list[Mapping[str, Any]] = []
        self._made = pa.schema(plain).empty_table()

    def __len__(self) -> int:
        return int(self._made.num_rows) + len(self._rows)

    def add(self, row: Mapping[str, Any]) -> int:
        self._rows.append(row)
        return len(self) - 1

    def taken(self, numbers: Sequence[int]) -> Columns:
        """The columns of rows with these templates; texts that none of them has are left out."""
        if self._rows:
            new = {n: [row.get(n) for row in self._rows] for n in self._made.schema.names}
            table = pa.table(new, schema=self._made.schema)
            self._made = pa.concat_tables([self._made, table]).combine_chunks()
            self._rows = []
        used = pa.array(numbers, pa.int32()).dictionary_encode()
        made = self._made.take(used.dictionary)
        return {
            name: short(made[name].combine_chunks()).take(used.indices)
            for name in made.schema.names
        }


def _in_order(name: str, columns: Columns) -> pa.Table:
    schema = CODED[name]
    return pa.table({column: columns[column] for column in schema.names}, schema=schema)


def _table(
    name: Kind, claims: Sequence[Claim], whole: Columns, rows: About, templates: _Templates
) -> pa.Table:
    own = pa.array(rows.claims, pa.int64())
    found = {column: whole[column].take(own) for column in _SHARED}
    found |= templates.taken(rows.templates) | _of_lines(claims, whole, own, rows)
    if name == "findings":
        firsts = [
            of_first(claims[n], lines) for n, lines in zip(rows.claims, rows.lines, strict=True)
        ]
        found |= {c: short(pa.array([first[c] for first in firsts], TEXT)) for c in _FIRST}
    if len(own) < len(claims):  # the ids of claims without a row would be written, too
        found["claim_id"] = short(found["claim_id"].cast(TEXT))
    return _in_order(name, found)


def _of_lines(claims: Sequence[Claim], whole: Columns, own: pa.Array, rows: About) -> Columns:
    """What follows from the lines that rows are about. Rows about the whole claim, or its only
    line, have what stands in the row of the claim; the others are looked at, equal ones once."""
    numbers, which = _coded(rows.lines)
    named = pa.array([bool(some) for some in numbers], pa.bool_()).take(which)
    apart = pc.and_(named, pc.greater(whole["lines"].take(own), 1))
    size = len(numbers)
    pairs = pc.add(pc.multiply(own, size), which).filter(apart).dictionary_encode()
    distinct = pairs.dictionary.to_pylist()
    others = [of_lines(claims[pair // size], numbers[pair % size]) for pair in distinct]
    at = pc.replace_with_mask(own, apart, pc.add(pairs.indices.cast(pa.int64()), len(claims)))
    found = {"lines": pa.array(numbers, pa.list_(pa.int32())).take(which)}
    for name in _SPOT:
        more = pa.array([other[name] for other in others], whole[name].type)
        found[name] = pa.concat_arrays([whole[name], more]).take(at)
    return found


def _coded(values: Sequence[Any]) -> tuple[list[Any], pa.Array]:
    """The distinct values, and the position of each among them."""
    distinct = list(dict.fromkeys(values))
    known = {value: n for n, value in enumerate(distinct)}
    return distinct, pa.array(list(map(known.__getitem__, values)), pa.int64())
