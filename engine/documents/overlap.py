"""Finds rows of a table that say two things of one key on one day (clause A21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.documents.relation import Table
from engine.model.problem import Location, Problem


def overlaps(table: Table, header: Mapping[str, Any]) -> list[Problem]:
    """One problem for each key whose rows have a day in common; `to` is the last day in force."""
    place = {name: position for position, name in enumerate(table.columns)}
    key = [place[name] for name in header["key"]]
    dated: Mapping[str, str] = header.get("dated") or {}
    begins, ends = place.get(dated.get("from", "")), place.get(dated.get("to", ""))
    groups: defaultdict[tuple[object, ...], list[tuple[date, date, int]]] = defaultdict(list)
    for row, line in zip(table.rows, table.lines, strict=True):
        first = row[begins] if begins is not None else None
        last = row[ends] if ends is not None else None
        span = (_day(first, date.min), _day(last, date.max), line)
        groups[tuple(row[position] for position in key)].append(span)
    problems = []
    for values, spans in groups.items():
        if len(spans) > 1 and (pair := _clash(spans)):
            problems.append(_problem(table.file, header, values, pair))
    return problems


def _day(cell: object, absent: date) -> date:
    return cell if isinstance(cell, date) else absent


def _clash(spans: list[tuple[date, date, int]]) -> tuple[int, int] | None:
    """The lines of two rows that overlap."""
    spans.sort()
    _, until, line = spans[0]
    for first, last, other in spans[1:]:
        if first <= until:
            return line, other
        if last > until:
            until, line = last, other
    return None


def _problem(
    file: str, header: Mapping[str, Any], values: tuple[object, ...], pair: tuple[int, int]
) -> Problem:
    named = ", ".join(f"{name} `{v}`" for name, v in zip(header["key"], values, strict=True))
    earlier, later = sorted(pair)
    return Problem(
        Location(file, later, 1),
        "overlapping-rows",
        f"{named} is also on line {earlier}, for some of the same days",
        "end the earlier row, or make the key longer",
    )
