"""Lowers the small parts that forms share: codes, values, tests, keys, windows, citations."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from engine.compiler import known
from engine.compiler.here import Here
from engine.model.length import Length, parse_length
from engine.model.term import (
    Codes,
    Column,
    Constant,
    FactOf,
    Key,
    LineValue,
    Lookup,
    Parameter,
    Test,
    Value,
    Window,
)

_SET_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN_KEYS = ("claim", "date", "procedure", "provider", "group", "side")
LINE_VALUES = ("units", "charge", "procedure", "place_of_service", "service_date")


def codes(here: Here) -> Codes:
    """A set's name, a quoted code, a list of these, or a column of a table (clause A3)."""
    if isinstance(here.data, dict):
        column = table_column(here)
        return Codes(columns=(column,) if column else ())
    literal: set[str] = set()
    sets: list[str] = []
    same = every = False
    for part in here.each():
        text = str(part.data)
        if text == "same_code":
            same = True
        elif text == "any":
            every = True
        elif _SET_NAME.fullmatch(text):
            sets.extend(_set(part, text))
        else:
            literal.add(text)
    return Codes(frozenset(literal), tuple(sets), (), same, every)


def _set(here: Here, name: str) -> list[str]:
    names = here.sight.sets
    if name not in names:
        here.unknown("set", name, names)
        return []
    return [names[name]]


def table_column(here: Here, key: str = "column") -> Column | None:
    """``{table, column, rows}``: values of a column in chosen rows."""
    table = table_name(here)
    if table is None:
        return None
    name = here.text(key) or ""
    check_column(here, key)
    return Column(table, name, rows(here))


def table_name(here: Here) -> str | None:
    """The full name of the table that ``table:`` names."""
    name = here.text("table")
    if name is None:
        return None
    names = here.sight.tables
    if name not in names:
        here.at("table").unknown("table", name, names)
        return None
    return names[name]


def check_column(here: Here, key: str) -> None:
    """Report a column that the table does not have."""
    table, name = here.text("table"), here.text(key)
    place = here.sight.places.get(("tables", here.sight.tables.get(table or "", "")))
    if place is not None and name is not None and name not in (place.data.get("columns") or {}):
        here.at(key).unknown("column", name, place.data.get("columns") or {})


def rows(here: Here) -> tuple[tuple[str, frozenset[str]], ...]:
    """The wanted values of the columns that ``rows:`` names."""
    part = here.get("rows")
    if part is None:
        return ()
    table = here.sight.tables.get(here.text("table") or "", "")
    place = here.sight.places.get(("tables", table))
    columns = place.data.get("columns") or {} if place else {}
    result = []
    for name, values in part.items():
        if place is not None and name not in columns:
            values.unknown("column", name, columns, key=True)
        result.append((name, frozenset(str(v.data) for v in values.each())))
    return tuple(result)


def value(here: Here) -> Value:
    """A number, length, parameter's name, ``{table}``, ``{fact}`` or ``{line}`` (clause A4)."""
    data = here.data
    if isinstance(data, dict):
        if "fact" in data:
            known.check_fact(here.at("fact"))
            return FactOf(str(data["fact"]))
        if "line" in data:
            if data["line"] not in LINE_VALUES:
                here.at("line").unknown("field of a line", str(data["line"]), LINE_VALUES)
                return Constant(0)
            return LineValue(str(data["line"]))
        column = table_column(here)
        return Lookup(column) if column else Constant(0)
    if isinstance(data, (int, Decimal)):
        return Constant(data)
    text = str(data)
    length = parse_length(text)
    if length is not None:
        return Constant(length)
    day = _day(text)
    if day is not None:
        return Constant(day)
    names = here.sight.parameters
    if text not in names:
        here.unknown("parameter", text, names)
        return Constant(0)
    return Parameter(names[text])


def literal(here: Here) -> Constant:
    """A word, truth, number, date or length to be equal to."""
    data = here.data
    if isinstance(data, str):
        day = _day(data)
        length: Length | None = parse_length(data)
        return Constant(day or (data if length is None else length))
    return Constant(data)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def test(here: Here, *, coded: bool) -> Test:
    """What an attribute or fact must be; `coded` attributes are compared with codes."""
    data = here.data
    if not isinstance(data, dict):
        if coded:
            return Test(codes=codes(here))
        return Test(among=tuple(literal(part) for part in here.each()))
    if "table" in data:
        return Test(codes=codes(here))
    chosen = here.get("in") or here.get("is")
    low, high, held = here.get("at_least"), here.get("at_most"), here.get("includes")
    return Test(
        codes=codes(chosen) if chosen is not None and coded else None,
        among=_among(chosen) if chosen is not None and not coded else (),
        at_least=value(low) if low else None,
        at_most=value(high) if high else None,
        includes=literal(held) if held else None,
    )


def _among(chosen: Here) -> tuple[Value, ...]:
    return tuple(literal(part) for part in chosen.each())


def keys(here: Here | None) -> tuple[Key, ...]:
    """What lines are compared by (clause A7)."""
    if here is None:
        return ()
    result = []
    for part in here.each():
        name = str(part.data)
        if name in _PLAIN_KEYS:
            result.append(Key(name))  # type: ignore[arg-type]  # one of the literals
        elif part.sight.knows_attribute(name):
            result.append(Key("attribute", part.sight.derives.get(name, name)))
        elif name in part.sight.facts:
            result.append(Key("fact", name))
        else:
            names = {*_PLAIN_KEYS, *part.sight.attributes, *part.sight.derives, *part.sight.facts}
            part.unknown("key", name, names)
    return tuple(result)


def window(here: Here) -> Window | None:
    """The window named here (clause A9)."""
    name = str(here.data)
    place = here.sight.windows.get(name)
    if place is None:
        here.unknown("window", name, here.sight.windows)
        return None
    data = place.data
    kinds = ("rolling", "calendar", "periods_from_first", "since_gap_of", "since")
    kind = next((k for k in kinds if k in data), None)
    if kind is None:
        return None
    given = data[kind]
    return Window(
        name=name,
        kind=kind,  # type: ignore[arg-type]  # one of the literals
        this_date=data.get("this_date") == "inside",
        length=parse_length(str(given)) if isinstance(given, str) else None,
        far_edge_inside=data.get("far_edge") == "inside",
        calendar=given if kind == "calendar" else None,
        fact=str(given["fact"]) if kind == "since" and isinstance(given, dict) else None,
        says=str(data.get("says", "")),
    )
