"""Binds the terms that ask of the line itself: its code, modifiers, diagnoses, units and record."""

from __future__ import annotations

from typing import Any

from engine.chain.binding import Binders, Binding, Evaluate, Folded, ReadValue
from engine.chain.facts import MISSING, LineFacts
from engine.chain.matching import code_test, compare, compare_range, fixed_codes
from engine.chain.reading import reader
from engine.chain.relations import summed
from engine.chain.values import passes
from engine.model.term import Attribute, Bears, Comparison, Fixed, Points, Stated, Units


def _fixed(_: Binding, term: Fixed) -> Folded:
    return term.value


def _attribute(b: Binding, term: Attribute) -> Folded:
    owner, _, name = term.path.partition(".")
    if term.path == "procedure" and term.test.codes is not None and b.code is not None:
        codes = term.test.codes
        return codes.same or code_test(b.bound, codes)(b.code, b.day)
    if owner == "attributes" and name not in b.bound.book.derivations and b.code is not None:
        value = b.bound.code_attribute(name, b.code, b.day)
        return passes(b, term.test)(value, None)
    read, test = reader(term.path), passes(b, term.test)
    return lambda x: test(read(x), x)


def _bears(b: Binding, term: Bears) -> Folded:
    if term.how == "has_all":
        wanted = b.bound.possible_codes(term.codes) or frozenset()
        return lambda x: all(m in x.modifiers for m in wanted)
    fixed, none = fixed_codes(b.bound, term.codes), term.how == "has_none"
    if fixed is not None:
        if none:
            return lambda x: fixed.isdisjoint(x.modifiers)
        return lambda x: not fixed.isdisjoint(x.modifiers)
    matches = code_test(b.bound, term.codes)
    return lambda x: any(matches(m, x.date) for m in x.modifiers) is not none


def _points(b: Binding, term: Points) -> Folded:
    matches = code_test(b.bound, term.codes)
    if term.primary:
        return lambda x: bool(x.diagnoses) and matches(x.diagnoses[0], x.date)
    fixed = fixed_codes(b.bound, term.codes)
    if fixed is not None:
        return lambda x: not fixed.isdisjoint(x.diagnoses)
    return lambda x: any(matches(d, x.date) for d in x.diagnoses)


def _units(b: Binding, term: Units) -> Folded:
    if not term.keys:
        return _own_units(term.comparison, b.number(term.value), b.constant(term.value))
    limit = b.number(term.value)
    total = summed(b, term)

    def over(x: LineFacts) -> bool | None:
        found = total(x)
        return compare_range(found.low, found.high, term.comparison, limit(x))

    return over


def _own_units(how: Comparison, limit: ReadValue, number: Any) -> Evaluate:
    """This line's units; the common limit, a number, without a detour."""
    if how == "at_most" and isinstance(number, int):
        return lambda x: None if x.units is None else x.units <= number
    return lambda x: compare(x.units, how, limit(x))


def _stated(b: Binding, term: Stated) -> Folded:
    name = term.fact
    test = passes(b, term.test) if term.test is not None else None

    def check(x: LineFacts) -> bool | None:
        value = x.measured(name)
        if value is MISSING:
            return None
        if value is None:
            return x.around.null
        return True if test is None else test(value, x)

    return check


OF_THE_LINE: Binders = {
    Fixed: _fixed,
    Attribute: _attribute,
    Bears: _bears,
    Points: _points,
    Units: _units,
    Stated: _stated,
}
