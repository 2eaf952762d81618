"""Every way to change one thing in a value: a number, a choice of codes, what it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from engine.analysis.mutation.records import with_, without
from engine.model.length import Length
from engine.model.term import Codes, Constant, Test

Changed: TypeAlias = "Iterator[tuple[str, Any]]"
"""What was changed, in words, and the changed value."""


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


def code_changes(codes: Codes | None) -> Changed:
    """A choice of codes without each code, and without each set."""
    if codes is None:
        return
    for code in sorted(codes.literal):
        yield f"without `{code}`", with_(codes, literal=codes.literal - {code})
    several = len(codes.literal) + len(codes.sets) + len(codes.columns) > 1
    for n, name in enumerate(codes.sets if several else ()):
        short = name.split(":")[-1].split("@")[0]
        yield f"without `{short}`", with_(codes, sets=without(codes.sets, n))


def filters(record: Any) -> Changed:
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
        yield from in_field(test, name, numbers)
    yield from in_field(test, "codes", code_changes)
    for n, value in enumerate(test.among):
        if len(test.among) > 1 and isinstance(value, Constant):
            yield f"without `{said(value.value)}`", with_(test, among=without(test.among, n))
        elif len(test.among) == 1:
            for words, changed in numbers(value):
                yield words, with_(test, among=(changed,))


def in_field(record: Any, name: str, changes: Callable[[Any], Changed]) -> Changed:
    """Changes of what stands in a field of a record."""
    for words, changed in changes(getattr(record, name)):
        yield words, with_(record, **{name: changed})
