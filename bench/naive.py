"""A naive interpreter: every rule on every line, each term walked anew, no index, no binding."""

from __future__ import annotations

from datetime import date

from engine.model.book import Rule, RuleBook, in_force
from engine.model.claim import Claim, Line
from engine.model.term import (
    All,
    Attribute,
    Bears,
    Codes,
    Constant,
    Fixed,
    Not,
    Parameter,
    Points,
    Related,
    Some,
    Term,
    Units,
)

Findings = set[tuple[str, int]]


def evaluate(book: RuleBook, claim: Claim) -> Findings:
    """The violations of a claim; for flat rules only (see `bench.flat`)."""
    return {
        (rule.id, line.number)
        for line in claim.lines
        for rule in book.rules
        if _in_force(rule, line.service_date) and _violated(book, claim, line, rule)
    }


def _in_force(rule: Rule, day: date) -> bool:
    return rule.begin <= day and (rule.end is None or day < rule.end)


def _violated(book: RuleBook, claim: Claim, line: Line, rule: Rule) -> bool:
    if not _value(book, claim, line, rule.applies_to):
        return False
    if rule.when is not None and not _value(book, claim, line, rule.when):
        return False
    if _value(book, claim, line, rule.requires):
        return False
    return not any(_value(book, claim, line, e.when) for e in rule.exemptions)


def _value(book: RuleBook, claim: Claim, line: Line, term: Term) -> bool:
    if isinstance(term, All):
        return all(_value(book, claim, line, t) for t in term.terms)
    if isinstance(term, Some):
        return any(_value(book, claim, line, t) for t in term.terms)
    if isinstance(term, Not):
        return not _value(book, claim, line, term.term)
    if isinstance(term, Fixed):
        return bool(term.value)
    if isinstance(term, Related):
        return any(_related(book, line, other, term) for other in claim.lines)
    return _leaf(book, line, term)


def _leaf(book: RuleBook, line: Line, term: Term) -> bool:
    day = line.service_date
    if isinstance(term, Attribute) and term.test.codes is not None:
        value = line.procedure if term.path == "procedure" else line.place_of_service
        return value is not None and _among(book, term.test.codes, value, day)
    if isinstance(term, Bears):
        held = [_among(book, term.codes, m, day) for m in line.modifiers]
        return not any(held) if term.how == "has_none" else any(held)
    if isinstance(term, Points):
        return any(_among(book, term.codes, d, day) for d in line.diagnoses)
    if isinstance(term, Units):
        return _units(book, line, term)
    raise TypeError(f"not a flat term: {term}")


def _units(book: RuleBook, line: Line, term: Units) -> bool:
    limit = term.value.value if isinstance(term.value, Constant) else None
    if isinstance(term.value, Parameter):
        dated = in_force(book.parameters[term.value.name], line.service_date)
        limit = dated.value if dated else None
    if not isinstance(limit, int) or line.units is None:
        raise TypeError("units and their limit must be known here")
    return line.units <= limit if term.comparison == "at_most" else line.units >= limit


def _related(book: RuleBook, line: Line, other: Line, term: Related) -> bool:
    if other.number == line.number or term.codes is None:
        return False
    if any(key.kind == "date" for key in term.same) and other.service_date != line.service_date:
        return False
    return _among(book, term.codes, other.procedure, other.service_date)


def _among(book: RuleBook, codes: Codes, code: str, day: date) -> bool:
    if codes.any or code in codes.literal:
        return True
    for name in codes.sets:
        if any(span.holds(day) for span in book.sets[name].members.get(code, ())):
            return True
    for column in codes.columns:
        table = book.tables[column.table]
        at = table.columns.index(column.column)
        wanted = [(table.columns.index(name), values) for name, values in column.rows]
        for row, (begin, end) in zip(table.rows, table.spans, strict=True):
            held = (begin is None or begin <= day) and (end is None or day < end)
            if held and str(row[at]) == code and all(str(row[n]) in v for n, v in wanted):
                return True
    return False
