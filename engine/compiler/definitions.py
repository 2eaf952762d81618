"""Sets, attributes, parameters, tables, decisions and derivations of a rule book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from engine.compiler import known, values
from engine.compiler.here import Here
from engine.compiler.library import Library, day
from engine.compiler.timeline import Entry, spans
from engine.model.book import Cite, CodeSet, Dated, Span
from engine.model.book import Table as BookTable
from engine.model.length import parse_length
from engine.model.stored import Stored
from engine.model.term import Constant, Decision, DecisionRow, Test

NO_CITE = Cite("", "", "primary")


def code_set(name: str, here: Here, known_on: date | None) -> CodeSet:
    """The members of a set with the days on which each is one."""
    entries: dict[str, list[Entry[bool]]] = defaultdict(list)
    for member in _members(here):
        entries[member["code"]].append(_entry(member, True))
    place = here.get("members")
    if place is not None:
        check_entries(place, lambda data: data.get("code"), "member")
    members = {code: spans(found, known_on) for code, found in sorted(entries.items())}
    return CodeSet(
        name,
        str(here.data.get("says", "")),
        str(here.data.get("of", "procedure")),
        {code: found for code, found in members.items() if found},
    )


def attributes(here: Here, known_on: date | None) -> dict[str, dict[str, tuple[Span[str], ...]]]:
    """Attribute name -> code -> the values that the set gives, with their days."""
    result: dict[str, dict[str, tuple[Span[str], ...]]] = {}
    for name in here.data.get("attributes") or ():
        entries: dict[str, list[Entry[str]]] = defaultdict(list)
        for member in _members(here):
            if name in member or member.get("ends") is True:
                entries[member["code"]].append(_entry(member, str(member.get(name))))
        result[name] = {code: spans(found, known_on) for code, found in entries.items()}
    return result


def _members(here: Here) -> list[dict[str, Any]]:
    members = here.data.get("members") or ()
    return [{"code": m} if isinstance(m, str) else m for m in members if isinstance(m, (str, dict))]


def _entry(data: Mapping[str, Any], value: Any) -> Entry[Any]:
    return Entry(day(data.get("from")), day(data.get("published")), value, data.get("ends") is True)


def check_entries(
    here: Here, key: Callable[[Mapping[str, Any]], object], what: str = "value"
) -> None:
    """Report two entries of one thing that share `from` and `published` (clause A19)."""
    seen = set()
    for part in here.each():
        data = part.data if isinstance(part.data, dict) else {"code": part.data}
        begin = data.get("from")
        mark = (key(data), begin, data.get("published") or begin)
        if mark in seen:
            part.problem(
                "same-dates",
                f"two entries of one {what} have the same `from` and `published`",
                "which of them holds? give the later one its own `from` or `published`",
            )
        seen.add(mark)


def parameter(library: Library, here: Here, known_on: date | None) -> tuple[Span[Dated], ...]:
    """The values of a parameter with their days and citations."""
    entries: list[Entry[Dated]] = []
    place = here.get("values")
    for part in place.each() if place else ():
        cites = part.get("cites")
        cite = library.cite(cites) if cites else None
        data = part.data.get("value")
        value = parse_length(data) if isinstance(data, str) else data
        if value is None and not part.data.get("ends"):
            part.problem("not-a-number", f"`{data}` is neither a number nor a length of time")
            continue
        entries.append(_entry(part.data, Dated(cast(Any, value), cite or NO_CITE)))
    if place:
        check_entries(place, lambda _: "value")
    return spans(entries, known_on)


def table(library: Library, here: Here, known_on: date | None) -> BookTable:
    """A reference table with the days on which each row is in force (clauses A19, A21)."""
    content = here.document.table
    names = tuple(content.columns) if content else tuple(here.data.get("columns") or ())
    dated = here.data.get("dated") or {}
    rows, when = [], []
    for row in content.rows if content else ():
        record = dict(zip(names, row, strict=True))
        published = record.get(dated.get("published", "")) or record.get(dated.get("from", ""))
        if known_on is not None and isinstance(published, date) and published > known_on:
            continue
        rows.append(tuple(str(v) if isinstance(v, date) else v for v in row))
        when.append(_row_days(record, dated, published, known_on))
    complete_for = here.data.get("complete_for") or {}
    column = next(iter(complete_for), None)
    cites = here.get("cites")
    large = content.stored if content else None
    return BookTable(
        str(here.data["table"]),
        tuple(map(str, here.data.get("key") or names[:1])),
        names,
        tuple(rows),
        tuple(when),
        here.data.get("complete") is True or column is not None,
        (column, frozenset(map(str, complete_for[column]))) if column else None,
        (library.cite(cites) if cites else None) or NO_CITE,
        Stored(large.path, large.digest, known_on) if large else None,
    )


def _row_days(
    record: Mapping[str, Any], dated: Mapping[str, str], published: Any, known_on: date | None
) -> tuple[date | None, date | None]:
    begin, last = record.get(dated.get("from", "")), record.get(dated.get("to", ""))
    said = record.get(dated.get("to_published", "")) or published
    if last is not None and known_on is not None and isinstance(said, date) and said > known_on:
        last = None
    end = date.fromordinal(last.toordinal() + 1) if isinstance(last, date) else None
    return (begin if isinstance(begin, date) else None), end


def decision(name: str, here: Here) -> Decision:
    """A decision table, its rows lowered to tests of facts (clause A18)."""
    rows = []
    place = here.get("rows")
    for part in place.each() if place else ():
        tests: list[tuple[str, Test]] = []
        for fact, wanted in part.items():
            if fact == "code":
                continue
            if fact not in here.sight.facts:
                wanted.unknown("fact", fact, here.sight.facts, key=True)
                continue
            known.check_choice(wanted, fact)
            tests.append((fact, values.test(wanted, coded=False)))
        rows.append(DecisionRow(str(part.data.get("code")), tuple(tests)))
    result = Decision(
        name, str(here.data.get("says", "")), here.data.get("gives", "procedure"), tuple(rows)
    )
    _check_rows(result, place)
    return result


def _check_rows(decision: Decision, place: Here | None) -> None:
    """Two rows that can both hold with different codes are a document error."""
    for later, row in enumerate(decision.rows):
        for earlier, other in enumerate(decision.rows[:later]):
            if (
                row.code != other.code
                and place
                and not _exclude(dict(row.tests), dict(other.tests))
            ):
                place.at(later).problem(
                    "rows-overlap",
                    f"this row and row {earlier + 1} can both hold, and give "
                    f"`{row.code}` and `{other.code}`",
                    "add a fact that tells them apart",
                )


def _exclude(one: dict[str, Test], two: dict[str, Test]) -> bool:
    return any(_disjoint(one[fact], two[fact]) for fact in one.keys() & two.keys())


def _disjoint(one: Test, two: Test) -> bool:
    if one.among and two.among:
        return not set(one.among) & set(two.among)
    if one.among or two.among:
        bound, chosen = (two, one) if one.among else (one, two)
        return all(not _inside(c.value, bound) for c in chosen.among if isinstance(c, Constant))
    pairs = ((one.at_least, two.at_most), (two.at_least, one.at_most))
    return any(
        isinstance(low, Constant) and isinstance(high, Constant) and _above(low.value, high.value)
        for low, high in pairs
    )


def _above(low: Any, high: Any) -> bool:
    return bool(low > high) if isinstance(low, type(high)) and isinstance(low, int) else False


def _inside(value: Any, bound: Test) -> bool:
    low, high = bound.at_least, bound.at_most
    if (
        isinstance(low, Constant)
        and isinstance(low.value, int)
        and isinstance(value, int)
        and value < low.value
    ):
        return False
    return not (
        isinstance(high, Constant)
        and isinstance(high.value, int)
        and isinstance(value, int)
        and value > high.value
    )
