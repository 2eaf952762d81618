"""Every way to change one thing in a term: limits, codes, keys, conditions, outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.analysis.mutation.records import with_, without
from engine.analysis.mutation.values import (
    Changed,
    code_changes,
    filters,
    in_field,
    numbers,
    test_changes,
)
from engine.model.record import Record
from engine.model.term import (
    Active,
    All,
    Attribute,
    Bears,
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
    Units,
)

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
    yield from in_field(term, "test", test_changes)


def _bears(term: Bears) -> Changed:
    yield from in_field(term, "codes", code_changes)


def _points(term: Points) -> Changed:
    yield from in_field(term, "codes", code_changes)
    if term.primary:
        yield "any diagnosis instead of the first", with_(term, primary=False)


def _units(term: Units) -> Changed:
    yield from in_field(term, "value", numbers)
    yield from _keys(term, "keys", "summed over")
    yield from in_field(term, "of", code_changes)


def _stated(term: Stated) -> Changed:
    yield from in_field(term, "test", test_changes)


def _related(term: Related) -> Changed:
    yield from in_field(term, "codes", code_changes)
    yield from _keys(term, "same", "same")
    yield from _keys(term, "different", "different")
    yield from _where(term)
    if term.join is not None:
        yield from in_field(term, "join", filters)
    if term.payable:
        yield "payable or not", with_(term, payable=False)


def _counted(counted: Counted) -> Changed:
    yield from in_field(counted, "of", code_changes)
    yield from _keys(counted, "same", "same")
    yield from _keys(counted, "different", "different")
    yield from _where(counted)


def _sessions(term: Sessions) -> Changed:
    yield from in_field(term, "value", numbers)


def _spacing(term: Spacing) -> Changed:
    yield from in_field(term, "length", numbers)


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
    yield from in_field(term, "value", numbers)


def _not(term: Not) -> Changed:
    yield f"the contrary of {quoted(term.term)} left out", term.term


_OWN: dict[type, Callable[[Any], Changed]] = {
    Active: filters,
    All: _members,
    Attribute: _attribute,
    Bears: _bears,
    CountOf: _count,
    Counted: _counted,
    Fixed: _fixed,
    Join: filters,
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
