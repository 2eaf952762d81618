"""A term as it means on one day: parameters become numbers, sets become codes, words go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.chain.matching import chosen_rows
from engine.compiler.lint_terms import parts_of
from engine.model.book import Rule, RuleBook, Span, in_force
from engine.model.record import Record
from engine.model.term import All, Codes, Column, Constant, Key, Not, Parameter, Some, Window

_WORDS = ("words", "label")


class Resolver:
    """Reads definitions of a book as they stand on a day."""

    def __init__(self, book: RuleBook, day: date) -> None:
        self.book, self.day = book, day

    def term(self, term: Any) -> Any:
        """The same meaning without names: equal results mean equal terms."""
        if isinstance(term, Parameter):
            dated = in_force(self.book.parameters.get(term.name, ()), self.day)
            return Constant(dated.value) if dated else Constant("no value")
        if isinstance(term, Codes):
            return self.codes(term)
        if isinstance(term, Window):
            return _without(term, name="", says="")
        if isinstance(term, All | Some):
            return self._group(term)
        if isinstance(term, Not) and isinstance(term.term, Not):
            return self.term(term.term.term)
        if isinstance(term, Record):
            parts = {name: self.term(getattr(term, name)) for name in term._fields}
            return type(term)(**{**parts, **{w: "" for w in _WORDS if w in parts}})
        return tuple(self.term(part) for part in term) if isinstance(term, tuple) else term

    def codes(self, codes: Codes) -> Codes:
        """The codes themselves, wherever they are written."""
        found = set(codes.literal)
        for name in codes.sets:
            members = self.book.sets[name].members if name in self.book.sets else {}
            found.update(code for code, spans in members.items() if _holds(spans, self.day))
        for column in codes.columns:
            found.update(self._column(column))
        return Codes(literal=frozenset(found), same=codes.same, any=codes.any)

    def definition(self, kind: str, name: str) -> Any:
        """What a name of a derived fact, attribute, decision or table stands for."""
        if kind == "derivations":
            found = in_force(self.book.derivations.get(name, ()), self.day)
            return found and self.term(_without(found, says="", cite=""))
        if kind == "attributes":
            given = self.book.attributes.get(name, {})
            return {c: v for c, spans in given.items() if (v := in_force(spans, self.day))}
        if kind == "decisions":
            decided = self.book.decisions.get(name)
            return decided and self.term(_without(decided, says=""))
        return self._rows(name)

    def _rows(self, name: str) -> Any:
        table = self.book.tables.get(name)
        if table is None:
            return None
        days = zip(table.rows, table.spans, strict=True)
        return {row for row, span in days if Span(*span, True).holds(self.day)}, table.complete

    def _column(self, column: Column) -> Iterator[str]:
        table = self.book.tables[column.table]
        if column.column in table.columns:
            at = table.columns.index(column.column)
            for row, (begin, end) in chosen_rows(table, column.rows):
                if Span(begin, end, True).holds(self.day):
                    yield str(row[at])

    def _group(self, term: All | Some) -> Any:
        """Groups in groups of their own kind are one group; a group of one is its member."""
        parts: list[Any] = []
        for part in term.terms:
            plain = self.term(part)
            parts += plain.terms if type(plain) is type(term) else [plain]
        return parts[0] if len(parts) == 1 else type(term)(tuple(parts))


def _holds(spans: tuple[Span[bool], ...], day: date) -> bool:
    return any(span.holds(day) for span in spans)


def _without(record: Record, **values: Any) -> Any:
    return type(record)(**{**record.__dict__, **values})


def names_used(rule: Rule) -> dict[str, set[str]]:
    """What a rule leans on, by kind of definition and full name."""
    used: dict[str, set[str]] = {
        k: set() for k in ("parameters", "sets", "tables", "derivations", "attributes", "decisions")
    }
    used["parameters"].update((rule.names or {}).values())
    for part in parts_of(rule):
        _note(used, part)
    return used


def _note(used: dict[str, set[str]], part: Any) -> None:
    if isinstance(part, Parameter):
        used["parameters"].add(part.name)
    elif isinstance(part, Codes):
        used["sets"].update(part.sets)
        used["tables"].update(column.table for column in part.columns)
    elif isinstance(part, Key) and part.kind == "attribute":
        used["derivations" if ":" in part.name else "attributes"].add(part.name)
    else:
        table, decision = getattr(part, "table", None), getattr(part, "decision", None)
        path = getattr(part, "path", "")
        if isinstance(table, str):
            used["tables"].add(table)
        if isinstance(decision, str):
            used["decisions"].add(decision)
        if isinstance(path, str) and path.startswith("attributes."):
            name = path.removeprefix("attributes.")
            used["derivations" if ":" in name else "attributes"].add(name)
