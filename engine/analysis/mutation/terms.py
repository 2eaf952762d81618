"""Every way to change one thing in a term: limits, codes, keys, conditions, outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from engine.analysis.mutation.records import with_, without
from engine.model.length import Length
from engine.model.record import Record
from engine.model.term import (
    Active,
    All,
    Attribute,
    Bears,
    Codes,
    Constant,
    Counted,
    CountOf,
    Fixed,
    Join,
    Key,
    Not,
    OutcomeOf,
    Points,
    Related,
    Sessions,
    Some,
    Spacing,
    Stated,
    Test,
    Units,
)

Changed: TypeAlias = "Iterator[tuple[str, Any]]"
"""What was changed, in words, and the changed value."""


_COUNTED = "`the services counted`"


def term_changes(term: Any) -> Changed:
    """Every change of a term, each said with the words of the form in which it stands."""
    own = _OWN.get(type(term))
    if own is not None:
        said = quoted(term)
        for words, changed in own(term):
            yield f"{words} in {said}" if said not in words else words, changed
    for name, part in term.__dict__.items():
        for words, changed in _within(part, term):
            yield words, with_(term, **{name: changed})


def _within(part: Any, whole: Any) -> Changed:
    """Changes of the terms that stand in a field: one, several, or those of a count."""
    if isinstance(part, tuple) and part and type(part[0]) in TERMS:
        for n, item in enumerate(part):
            for words, changed in term_changes(item):
                yield words, (*part[:n], changed, *part[n + 1 :])
    elif isinstance(part, Counted):
        for words, changed in term_changes(part):
            yield words.replace(_COUNTED, quoted(whole)), changed
    elif type(part) in TERMS:
        yield from term_changes(part)


def quoted(term: Any) -> str:
    """The words of a term, in back-ticks."""
    words = getattr(term, "words", "") or _described(term)
    return f"`{words.replace('{', '').replace('}', '')}`"


def _described(term: Any) -> str:
    if isinstance(term, All | Some) and term.terms:
        joiner = " and " if isinstance(term, All) else " or "
        return joiner.join(quoted(part).strip("`") for part in term.terms)
    if isinstance(term, Counted):
        return _COUNTED.strip("`")
    return "this condition"


def numbers(value: Any) -> Changed:
    """A number, length, day or truth of the rule, shifted by one or turned round."""
    if not isinstance(value, Constant):
        return
    for changed in shifted(value.value):
        yield f"{said(value.value)} read as {said(changed)}", Constant(changed)


def shifted(value: Any) -> Iterator[Any]:
    """The neighbours of a value: one more and one less, never below nothing."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield value + 1
        if value >= 1:
            yield value - 1
    elif isinstance(value, Length):
        yield Length(value.count + 1, value.unit)
        if value.count:
            yield Length(value.count - 1, value.unit)
    elif isinstance(value, date):
        yield value + timedelta(days=1)
        yield value - timedelta(days=1)


def said(value: Any) -> str:
    """A value as an author writes it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _codes(codes: Codes | None) -> Changed:
    if codes is None:
        return
    for code in sorted(codes.literal):
        yield f"without `{code}`", with_(codes, literal=codes.literal - {code})
    several = len(codes.literal) + len(codes.sets) + len(codes.columns) > 1
    for n, name in enumerate(codes.sets if several else ()):
        short = name.split(":")[-1].split("@")[0]
        yield f"without `{short}`", with_(codes, sets=without(codes.sets, n))


def _filters(record: Any) -> Changed:
    """Rows of a table chosen by a column: without that choice."""
    for n, (column, values) in enumerate(record.rows):
        listed = ", ".join(sorted(values))
        yield (
            f"whatever the `{column}` is, not only {listed}",
            with_(record, rows=without(record.rows, n)),
        )


def test_changes(test: Test | None) -> Changed:
    """Changes of what a value must be."""
    if test is None:
        return
    for name in ("at_least", "at_most"):
        yield from _field(test, name, numbers)
    yield from _field(test, "codes", _codes)
    for n, value in enumerate(test.among):
        if len(test.among) > 1 and isinstance(value, Constant):
            yield f"without `{said(value.value)}`", with_(test, among=without(test.among, n))
        elif len(test.among) == 1:
            for words, changed in numbers(value):
                yield words, with_(test, among=(changed,))


def _field(record: Any, name: str, changes: Callable[[Any], Changed]) -> Changed:
    for words, changed in changes(getattr(record, name)):
        yield words, with_(record, **{name: changed})


def _keys(record: Any, name: str, word: str) -> Changed:
    keys: tuple[Key, ...] = getattr(record, name)
    for n, key in enumerate(keys):
        plain = str(key).replace("_", " ")
        yield f"without `{word} {plain}`", with_(record, **{name: without(keys, n)})


def _members(term: Any) -> Changed:
    if len(term.terms) > 1:
        for n, part in enumerate(term.terms):
            yield f"without {quoted(part)}", with_(term, terms=without(term.terms, n))


def _where(record: Any) -> Changed:
    if record.where is not None:
        yield f"without `where` {quoted(record.where)}", with_(record, where=None)


def _attribute(term: Attribute) -> Changed:
    yield from _field(term, "test", test_changes)


def _bears(term: Bears) -> Changed:
    yield from _field(term, "codes", _codes)


def _points(term: Points) -> Changed:
    yield from _field(term, "codes", _codes)
    if term.primary:
        yield "any diagnosis instead of the first", with_(term, primary=False)


def _units(term: Units) -> Changed:
    yield from _field(term, "value", numbers)
    yield from _keys(term, "keys", "summed over")
    yield from _field(term, "of", _codes)


def _stated(term: Stated) -> Changed:
    yield from _field(term, "test", test_changes)


def _related(term: Related) -> Changed:
    yield from _field(term, "codes", _codes)
    yield from _keys(term, "same", "same")
    yield from _keys(term, "different", "different")
    yield from _where(term)
    if term.join is not None:
        yield from _field(term, "join", _filters)
    if term.payable:
        yield "payable or not", with_(term, payable=False)


def _counted(counted: Counted) -> Changed:
    yield from _field(counted, "of", _codes)
    yield from _keys(counted, "same", "same")
    yield from _keys(counted, "different", "different")
    yield from _where(counted)


def _sessions(term: Sessions) -> Changed:
    yield from _field(term, "value", numbers)


def _spacing(term: Spacing) -> Changed:
    yield from _field(term, "length", numbers)


def _outcome(term: OutcomeOf) -> Changed:
    words = "passed instead of violated" if term.violated else "violated instead of passed"
    yield words, with_(term, violated=not term.violated)


def _fixed(term: Fixed) -> Changed:
    if term.value is False:
        yield "covered instead of never covered", with_(term, value=True)
    elif term.value is None and term.words:
        yield "decided instead of left to a person", with_(term, value=True)


def _count(term: CountOf) -> Changed:
    yield from _members(term)
    yield from _field(term, "value", numbers)


def _not(term: Not) -> Changed:
    yield f"the contrary of {quoted(term.term)} left out", term.term


_OWN: dict[type, Callable[[Any], Changed]] = {
    Active: _filters,
    All: _members,
    Attribute: _attribute,
    Bears: _bears,
    CountOf: _count,
    Counted: _counted,
    Fixed: _fixed,
    Join: _filters,
    Not: _not,
    OutcomeOf: _outcome,
    Points: _points,
    Related: _related,
    Sessions: _sessions,
    Some: _members,
    Spacing: _spacing,
    Stated: _stated,
    Units: _units,
}
TERMS: frozenset[type[Record]] = frozenset(_OWN) - {Counted, Join}
