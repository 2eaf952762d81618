"""Writes what was decided of many claims at once as tables, column by column.

A row is made of what stands in all rows of its claim, of what follows from the lines that it is
about, and of a template: the words of a rule, which many claims share. Each of the three is
written once and taken for every row that has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from engine.batch.judge.rows import NOBODY, charge_of, of_first, of_lines
from engine.batch.judge.written import Written
from engine.batch.schemas import CLAIMS, FINDINGS, MONEY, NEEDS
from engine.model.claim import Claim, Line, Payer
from engine.model.facility import facility_type

Kind = Literal["findings", "needs"]
Columns = dict[str, pa.Array]
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
        self._findings = _Templates(FINDINGS, (*own, *_FIRST))
        self._needs = _Templates(NEEDS, own)

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
        whole = _of_claims(claims) | {
            "book": pa.array(books, pa.string()),
            "file": pa.array(files, pa.string()),
            "verdict": pa.array(verdicts, pa.string()),
        }
        counts = zip(*checked, strict=True) if checked else ((),) * len(COUNTS)
        whole |= {n: pa.array(c, pa.int32()) for n, c in zip(COUNTS, counts, strict=True)}
        tables = {
            "claims": pa.table({n: whole[n] for n in CLAIMS.names}, schema=CLAIMS),
            "findings": _table(FINDINGS, claims, whole, findings, self._findings),
            "needs": _table(NEEDS, claims, whole, needs, self._needs),
        }
        charges = filter(None, (charge_of(claim.lines) for claim in claims))
        return Written(tables, Counter(verdicts), sum(charges, Decimal()))


class _Templates:
    """Columns of the templates of one output, made when they are wanted."""

    def __init__(self, schema: pa.Schema, others: Iterable[str]) -> None:
        self._fields = [field for field in schema if field.name not in others]
        self._rows: list[Mapping[str, Any]] = []
        self._made = pa.schema(self._fields).empty_table()

    def __len__(self) -> int:
        return int(self._made.num_rows) + len(self._rows)

    def add(self, row: Mapping[str, Any]) -> int:
        self._rows.append(row)
        return len(self) - 1

    def columns(self) -> Columns:
        if self._rows:
            new = {f.name: [row.get(f.name) for row in self._rows] for f in self._fields}
            table = pa.table(new, schema=self._made.schema)
            self._made = pa.concat_tables([self._made, table]).combine_chunks()
            self._rows = []
        return {name: _whole(self._made[name]) for name in self._made.schema.names}


def _table(
    schema: pa.Schema, claims: Sequence[Claim], whole: Columns, rows: About, templates: _Templates
) -> pa.Table:
    own, words = pa.array(rows.claims, pa.int64()), pa.array(rows.templates, pa.int32())
    found = {name: whole[name].take(own) for name in _SHARED}
    found |= {name: column.take(words) for name, column in templates.columns().items()}
    numbers, which = _coded(rows.lines)
    found["lines"] = pa.array(numbers, schema.field("lines").type).take(which)
    pairs = pc.add(pc.multiply(own, len(numbers)), which).dictionary_encode()
    apart = [divmod(pair, len(numbers)) for pair in pairs.dictionary.to_pylist()]
    places = [(n, claims[n], numbers[m]) for n, m in apart]
    found |= _spots(places, pairs.indices, whole)
    if "procedure" in schema.names:
        firsts = [of_first(claim, lines) for _, claim, lines in places]
        found |= {
            name: pa.array([first[name] for first in firsts], pa.string()).take(pairs.indices)
            for name in _FIRST
        }
    return pa.table({name: found[name] for name in schema.names}, schema=schema)


def _coded(values: Iterable[Any]) -> tuple[list[Any], pa.Array]:
    """The distinct values, and the position of each among them."""
    known: dict[Any, int] = {}
    codes = [known.setdefault(value, len(known)) for value in values]
    return list(known), pa.array(codes, pa.int64())


def _spots(
    places: Sequence[tuple[int, Claim, tuple[int, ...]]], codes: pa.Array, whole: Columns
) -> Columns:
    """What follows from the lines of rows, of each place once. Rows about the whole claim, or its
    only line, have what stands in the row of the claim."""
    positions: list[int] = []
    others: list[dict[str, Any]] = []
    for n, claim, lines in places:
        if len(claim.lines) == 1 or not lines:
            positions.append(n)
        else:
            positions.append(len(whole["charge"]) + len(others))
            others.append(of_lines(claim, lines))
    at = pa.array(positions, pa.int64()).take(codes)
    found = {}
    for name in _SPOT:
        more = pa.array([other[name] for other in others], whole[name].type)
        found[name] = pa.concat_arrays([whole[name], more]).take(at)
    return found


def _of_claims(claims: Sequence[Claim]) -> Columns:
    """The columns of the claims that follow from themselves."""
    first = [claim.lines[0] for claim in claims]
    texts = {
        "claim_id": [claim.claim_id for claim in claims],
        "form": [claim.form for claim in claims],
        "facility_type": _facilities(claims, first),
        "place_of_service": [line.place_of_service for line in first],
    }
    return {
        **{name: pa.array(values, pa.string()) for name, values in texts.items()},
        **_taken([claim.payer for claim in claims], _PAYER, pa.string()),
        **_taken([claim.billing_provider or NOBODY for claim in claims], _BILLING, pa.string()),
        **_taken([line.rendering_provider or NOBODY for line in first], _RENDERING, pa.string()),
        **_taken([charge_of(claim.lines) for claim in claims], {"charge": _itself}, MONEY),
        "service_date": pa.array([line.service_date for line in first], pa.date32()),
        "lines": pa.array([len(claim.lines) for claim in claims], pa.int32()),
    }


def _itself(value: Any) -> Any:
    return value


_PAYER: Final[Mapping[str, Callable[[Payer], str | None]]] = {
    "payer": lambda payer: payer.id or payer.name,
    "contractor": attrgetter("contractor"),
    "plan": attrgetter("plan"),
    "state": attrgetter("state"),
}
_BILLING: Final = {"billing_npi": attrgetter("npi"), "group": attrgetter("group")}
_RENDERING: Final = {"rendering_npi": attrgetter("npi"), "specialty": attrgetter("specialty")}


def _taken(
    objects: Sequence[Any], columns: Mapping[str, Callable[[Any], Any]], kind: pa.DataType
) -> Columns:
    """Columns of what stands in objects that rows share: each object is looked at once."""
    distinct = {id(value): value for value in objects}
    position = {mark: n for n, mark in enumerate(distinct)}
    codes = pa.array([position[id(value)] for value in objects], pa.int32())
    return {
        name: pa.array(list(map(of, distinct.values())), kind).take(codes)
        for name, of in columns.items()
    }


def _facilities(claims: Sequence[Claim], first: Sequence[Line]) -> list[str | None]:
    known: dict[tuple[str | None, ...], str | None] = {}
    found = []
    for claim, line in zip(claims, first, strict=True):
        mark = (claim.facility_type, claim.type_of_bill, line.place_of_service)
        if mark not in known:
            known[mark] = facility_type(claim, line)[0]
        found.append(known[mark])
    return found


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
