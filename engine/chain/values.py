"""Tests of a value: codes, words, numbers and days, three-valued."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.chain.binding import Binding, ReadValue
from engine.chain.facts import MISSING, UNDEFINED, LineFacts
from engine.chain.matching import code_test, compare, disjunction
from engine.model.length import Length
from engine.model.term import Constant, Test


def passes(b: Binding, test: Test) -> Callable[[Any, LineFacts | None], bool | None]:
    """A function that says whether a value passes a test; MISSING and None are unknown."""
    single = _single(b, test)

    def check(value: Any, x: LineFacts | None) -> bool | None:
        if value is UNDEFINED:
            return False
        if value is None or value is MISSING:
            return None
        if not isinstance(value, tuple):
            return single(value, x)
        if test.includes is not None:
            wanted = b.number(test.includes)
            return x is not None and wanted(x) in value
        results = [single(item, x) for item in value]
        return False if not results or False in results else (None if None in results else True)

    return check


def _single(b: Binding, test: Test) -> Callable[[Any, LineFacts | None], bool | None]:
    if test.codes is not None:
        matches = code_test(b.bound, test.codes)
        return lambda v, x: matches(str(v), x.date if x is not None else b.day)
    if test.among and all(isinstance(v, Constant) and _plain(v.value) for v in test.among):
        allowed = frozenset(_kind(v.value) for v in test.among if isinstance(v, Constant))
        return lambda v, _x: _kind(v) in allowed
    return _bounded(b, test)


def _plain(value: Any) -> bool:
    return not isinstance(value, Length)


def _kind(value: Any) -> tuple[bool, Any]:
    """``True`` and 1 are not the same fact."""
    return isinstance(value, bool), value


def _bounded(b: Binding, test: Test) -> Callable[[Any, LineFacts | None], bool | None]:
    bounds: list[tuple[Any, ReadValue]] = []
    if test.at_least is not None:
        bounds.append(("at_least", b.number(test.at_least)))
    if test.at_most is not None:
        bounds.append(("at_most", b.number(test.at_most)))
    exact = [b.number(v) for v in test.among]

    def check(value: Any, x: LineFacts | None) -> bool | None:
        results = [compare(value, how, read(x)) for how, read in bounds]  # type: ignore[arg-type]
        if exact:
            results.append(disjunction(*(compare(value, "equals", r(x)) for r in exact)))  # type: ignore[arg-type]
        return False if False in results else (None if None in results else True)

    return check
