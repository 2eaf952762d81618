"""Codes, keys and comparisons as functions: the leaves of evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.chain import large
from engine.chain.by_table import Days, Held, kept
from engine.chain.facts import MISSING, NOT_RECORDED, UNDEFINED, LineFacts
from engine.model.book import RuleBook, Span, Table
from engine.model.length import Length
from engine.model.term import Codes, Column, Comparison, Join, Key

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook

CodeTest = Callable[[str, date], bool]
KeyTest = Callable[[LineFacts, LineFacts], bool | None]
Spans = Sequence[Span[bool]]
Members = tuple[frozenset[str], Mapping[str, Spans]]


def code_test(bound: BoundBook, codes: Codes) -> CodeTest:
    """Whether a code is meant on a day. `same_code` is for the caller to compare."""
    if codes.any:
        return lambda _code, _day: True
    fixed, dated = bound.members(codes)
    if not dated:
        return lambda code, _day: code in fixed

    def test(code: str, day: date) -> bool:
        return code in fixed or any(s.holds(day) for s in dated.get(code, ()))

    return test


def fixed_codes(bound: BoundBook, codes: Codes) -> frozenset[str] | None:
    """The codes meant, if they are the same ones on every day; None if not."""
    if codes.any or codes.same:
        return None
    fixed, dated = bound.members(codes)
    return None if dated else fixed


def members(book: RuleBook, codes: Codes) -> Members:
    """The codes that are meant on every day, and the days of the others."""
    fixed, dated = set(codes.literal), dict[str, list[Span[bool]]]()
    for name in codes.sets:
        for code, days in book.sets[name].members.items():
            dated.setdefault(code, []).extend(days)
    tables = [(book.tables[column.table], column) for column in codes.columns]
    for table, column in tables:
        if table.stored is None:
            for code, spans in column_spans(table, column).items():
                dated.setdefault(code, []).extend(spans)
    for code in [c for c, spans in dated.items() if any(s == _ALWAYS for s in spans)]:
        fixed.add(code)
        del dated[code]
    stored = [column_spans(table, column) for table, column in tables if table.stored is not None]
    return frozenset(fixed), large.beside(dated, stored) if stored else dated


_ALWAYS: Span[bool] = Span(None, None, True)


def column_spans(table: Table, column: Column) -> Mapping[str, Spans]:
    """Each value of a column with the days of the rows that hold it."""
    if table.stored is not None:
        return large.column_spans(table.stored, column)
    return kept(table, ("spans", column), lambda: _column_spans(table, column))


def _column_spans(table: Table, column: Column) -> Mapping[str, Spans]:
    at = table.columns.index(column.column)
    found: dict[str, list[Span[bool]]] = {}
    held = Held()
    for row, days in chosen_rows(table, column.rows):
        found.setdefault(str(row[at]), []).append(held[days])
    return found


def chosen_rows(
    table: Table, wanted: tuple[tuple[str, frozenset[str]], ...]
) -> list[tuple[tuple[str | int | None, ...], Days]]:
    """The rows that hold a wanted value in each named column, with their days."""
    tests = [(table.columns.index(name), values) for name, values in wanted]
    return [
        (row, days)
        for row, days in zip(table.rows, table.spans, strict=True)
        if all(str(row[n]) in values for n, values in tests)
    ]


def partners(table: Table, join: Join) -> Mapping[str, Mapping[str, Spans]]:
    """For each code of the `line` column its partners in the `other` column, with days."""
    if table.stored is not None:
        return large.partners(table.stored, join)
    return kept(table, ("partners", join), lambda: _partners(table, join))


def _partners(table: Table, join: Join) -> Mapping[str, Mapping[str, Spans]]:
    line, other = table.columns.index(join.line), table.columns.index(join.other)
    found: dict[str, dict[str, list[Span[bool]]]] = {}
    held = Held()
    for row, days in chosen_rows(table, join.rows):
        own = found.setdefault(str(row[line]), {})
        own.setdefault(str(row[other]), []).append(held[days])
    return found


def lookup(table: Table, column: Column) -> Mapping[str, Sequence[tuple[Any, Span[bool]]]]:
    """The values of a column for each code in the table's first key column, with days."""
    if table.stored is not None:
        return large.lookup(table.stored, column, table.key[0])
    return kept(table, ("lookup", column), lambda: _lookup(table, column))


def _lookup(table: Table, column: Column) -> Mapping[str, Sequence[tuple[Any, Span[bool]]]]:
    at, code = (table.columns.index(c) for c in (column.column, table.key[0]))
    found: dict[str, list[tuple[Any, Span[bool]]]] = {}
    for row, days in chosen_rows(table, column.rows):
        found.setdefault(str(row[code]), []).append((row[at], Span(*days, True)))
    return found


def same_test(key: Key) -> KeyTest:
    """Whether two lines agree in a key; None if it is unknown on either."""
    if key.kind == "attribute":
        return lambda x, y: _equal(x.attribute(key.name), y.attribute(key.name))
    if key.kind == "fact":
        return lambda x, y: _equal(_stated(x, key.name), _stated(y, key.name))
    return _SAME[key.kind]


def _same_side(x: LineFacts, y: LineFacts) -> bool | None:
    one, two = x.side(), y.side()
    return None if one is None or two is None else bool(one & two)


def _equal(one: Any, two: Any) -> bool | None:
    if one is UNDEFINED or two is UNDEFINED:
        return False
    return None if one is None or two is None else bool(one == two)


def _stated(x: LineFacts, name: str) -> Any:
    value = x.measured(name)
    return None if value is MISSING else value


_SAME: dict[str, KeyTest] = {
    "claim": lambda x, y: x.past is None and y.past is None,
    "date": lambda x, y: x.date == y.date,
    "procedure": lambda x, y: x.procedure == y.procedure,
    "provider": lambda x, y: _equal(x.npi, y.npi),
    "group": lambda x, y: _equal(x.group, y.group),
    "side": _same_side,
}


def key_value(x: LineFacts, key: Key) -> Any:
    """The value by which lines are grouped in one finding."""
    if key.kind == "attribute":
        return x.attribute(key.name)
    if key.kind == "fact":
        return _stated(x, key.name)
    return _VALUES[key.kind](x)


_VALUES: dict[str, Callable[[LineFacts], Any]] = {
    "claim": lambda x: x.around.claim.claim_id,
    "date": lambda x: x.date,
    "procedure": lambda x: x.procedure,
    "provider": lambda x: x.npi,
    "group": lambda x: x.group,
    "side": lambda x: x.side(),
}


def compare(value: Any, how: Comparison, other: Any) -> bool | None:
    """Compare numbers, dates or lengths; None if one is unknown or the calendar decides."""
    if other is NOT_RECORDED:
        return False
    if value is None or other is None or value is MISSING or other is MISSING:
        return None
    if isinstance(value, Length) and isinstance(other, Length):
        return _compare_lengths(value, how, other)
    numbers = isinstance(value, int | Decimal) and isinstance(other, int | Decimal)
    if not numbers and not (isinstance(value, date) and isinstance(other, date)):
        return None
    if how == "at_most":
        return bool(value <= other)
    return bool(value >= other) if how == "at_least" else bool(value == other)


def _compare_lengths(value: Length, how: Comparison, other: Length) -> bool | None:
    if how == "at_least":
        return value.at_least(other)
    if how == "at_most":
        return other.at_least(value)
    return conjunction(value.at_least(other), other.at_least(value))


def compare_range(low: Any, high: Any, how: Comparison, limit: Any) -> bool | None:
    """Compare a number known to lie from `low` to `high` (None: no upper bound)."""
    if limit is NOT_RECORDED:
        return False
    if limit is None or not isinstance(limit, int | Decimal):
        return None
    if how == "at_most":
        if low > limit:
            return False
        return True if high is not None and high <= limit else None
    if how == "at_least":
        if low >= limit:
            return True
        return False if high is not None and high < limit else None
    if low > limit or (high is not None and high < limit):
        return False
    return True if low == high == limit else None


def conjunction(*values: bool | None) -> bool | None:
    """All of them, in Kleene's logic."""
    if False in values:
        return False
    return None if None in values else True


def disjunction(*values: bool | None) -> bool | None:
    """One of them, in Kleene's logic."""
    if True in values:
        return True
    return None if None in values else False


def negation(value: bool | None) -> bool | None:
    """Its contrary; unknown stays unknown."""
    return None if value is None else not value
