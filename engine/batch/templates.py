"""Rows of claims that come out alike: what they share is kept once, the rest is put beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.batch.days import Piece, Symbol, Words, filled
from engine.batch.memo import Key
from engine.batch.rows import claim_row, finding_row, need_rows, shared_row
from engine.batch.schemas import MONEY, OUTPUTS
from engine.chain.decided import Decided
from engine.claims import codes
from engine.report.result import Summary

OWN = {
    "claims": ("claim_id", "state", "service_date", "billing_npi", "group", "rendering_npi",
               "specialty", "charge", "file"),
    "findings": ("claim_id", "service_date", "billing_npi", "group", "rendering_npi", "charge",
                 "message", "remedy"),
    "needs": ("claim_id", "service_date", "billing_npi", "group", "rendering_npi", "charge",
              "question"),
}  # fmt: skip
"""What a row has of its own; all else it shares with the rows of its template."""
_SHARED = {
    name: pa.schema([f for f in schema if f.name not in OWN[name]])
    for name, schema in OUTPUTS.items()
}
_TEXTS = {"findings": ("message", "remedy"), "needs": ("question",)}
Texts = tuple[tuple[Piece, ...] | None, ...]


@dataclass(slots=True)
class _Row:
    """A finding or a need: the number of what it shares, the indexes of its lines, its texts."""

    shared: int
    lines: tuple[int, ...]
    texts: Texts


@dataclass(slots=True)
class Template:
    """The rows of one claim, to be filled for others like it."""

    verdict: str
    claim: int
    rows: dict[str, list[_Row]]
    dated: bool


@dataclass
class Shared:
    """Keeps what rows share, by output, each once."""

    _values: dict[str, dict[str, list[Any]]] = field(
        default_factory=lambda: {n: {c: [] for c in s.names} for n, s in _SHARED.items()}
    )
    _known: dict[Any, int] = field(default_factory=dict)
    _tables: dict[str, pa.Table] = field(default_factory=dict)

    def number(self, name: str, row: Mapping[str, Any]) -> int:
        """The number of what a row shares."""
        columns = self._values[name]
        mark = (name, *(_hashable(row.get(c)) for c in columns))
        found = self._known.get(mark)
        if found is None:
            found = self._known[mark] = len(columns["book"])
            for column, values in columns.items():
                values.append(row.get(column))
        return found

    def table(self, name: str) -> pa.Table:
        """All that rows of an output share, by number."""
        columns, schema = self._values[name], _SHARED[name]
        known = self._tables.get(name)
        have = known.num_rows if known is not None else 0
        if known is None or have < len(columns["book"]):
            more = pa.table({c: v[have:] for c, v in columns.items()}, schema=schema)
            joined = more if known is None else pa.concat_tables([known, more])
            self._tables[name] = joined.combine_chunks()
        return self._tables[name]


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def template_of(
    shelf: Shared, decided: Decided, shown: Summary, days: Words, symbols: Mapping[Symbol, date]
) -> Template | None:
    """The template of a decided claim; None if a day in it may be two things at once."""
    claim, book = decided.around.claim, decided.around.bound.book
    shared = shared_row(claim, book)
    index = {line.number: n for n, line in enumerate(claim.lines)}
    rows: dict[str, list[_Row]] = {}
    given = {
        "findings": [finding_row(claim, f) for f in shown.findings],
        "needs": [row for question in shown.open for row in need_rows(claim, question)],
    }
    for name, made in given.items():
        rows[name] = []
        for row in made:
            texts = [_pieces(days, row[column], symbols) for column in _TEXTS[name]]
            if () in texts:
                return None
            lines = tuple(index[n] for n in row["lines"] if n in index) or tuple(index.values())
            rows[name].append(_Row(shelf.number(name, shared | row), lines, tuple(texts)))
    first = shelf.number("claims", shared | claim_row(claim, shown))
    dated = any(_dated(row) for made in rows.values() for row in made)
    return Template(shown.verdict, first, rows, dated)


def _pieces(
    days: Words, text: str | None, symbols: Mapping[Symbol, date]
) -> tuple[Piece, ...] | None:
    """The pieces of a text; an empty tuple if it cannot be told what a day in it is."""
    return None if text is None else days.pieces(text, symbols) or ()


def _dated(row: _Row) -> bool:
    return any(not isinstance(p, str) for text in row.texts if text for p in text)


class Filled:
    """Rows of one batch that are filled from templates."""

    def __init__(self, shelf: Shared) -> None:
        self._shelf = shelf
        self.verdicts: Counter[str] = Counter()
        self.cents = 0
        self._numbers: dict[str, list[int]] = {name: [] for name in OUTPUTS}
        self._own: dict[str, dict[str, list[Any]]] = {
            name: {c: [] for c in columns} for name, columns in OWN.items()
        }

    def count(self, name: str) -> int:
        """How many rows there are of an output."""
        return len(self._numbers[name])

    def add(self, template: Template, key: Key) -> None:
        """The rows of one claim."""
        record, shape = key.known.record, key.known.shape
        cents = [_cents(text) for text in record["charge"]]
        total = _sum(cents)
        npis, day = record["rendering_npi"], key.known.day
        self.verdicts[template.verdict] += 1
        self.cents += total or 0
        self._numbers["claims"].append(template.claim)
        who = (record["claim_id"], day, record["billing_npi"], record["group"])
        own = self._own["claims"]
        values = (who[0], shape.state, day, who[2], who[3], npis[0], shape.specialty, total,
                  record["file"])  # fmt: skip
        for column, value in zip(own.values(), values, strict=True):
            column.append(value)
        symbols = key.days.symbols(day, key.others) if template.dated else {}
        for name, rows in template.rows.items():
            for row in rows:
                charge = (
                    total if len(row.lines) == len(cents) else _sum([cents[n] for n in row.lines])
                )
                self._numbers[name].append(row.shared)
                texts = [_text(pieces, symbols) for pieces in row.texts]
                values = (*who, npis[row.lines[0]], charge, *texts)
                for column, value in zip(self._own[name].values(), values, strict=True):
                    column.append(value)

    def tables(self) -> dict[str, pa.Table]:
        """The rows as tables."""
        return {name: self._table(name) for name in OUTPUTS}

    def _table(self, name: str) -> pa.Table:
        shared = self._shelf.table(name).take(pa.array(self._numbers[name], pa.int64()))
        columns = {c: shared[c] for c in shared.column_names}
        for column, values in self._own[name].items():
            kind = OUTPUTS[name].field(column).type
            columns[column] = _money(values) if kind == MONEY else pa.array(values, kind)
        return pa.table([columns[c] for c in OUTPUTS[name].names], schema=OUTPUTS[name])


def _text(pieces: tuple[Piece, ...] | None, symbols: Mapping[Symbol, date]) -> str | None:
    if pieces is None:
        return None
    if len(pieces) == 1:
        return str(pieces[0])
    return filled(pieces, symbols)


def _money(cents: Sequence[int | None]) -> pa.Array:
    whole = pa.array(cents, pa.int64()).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))).cast(MONEY)


def _sum(cents: Sequence[int | None]) -> int | None:
    stated = [c for c in cents if c is not None]
    return sum(stated) if stated else None


def _cents(text: str | None) -> int | None:
    if text is None:
        return None
    money = codes.money(text)
    return None if money is None else int(money * 100)
