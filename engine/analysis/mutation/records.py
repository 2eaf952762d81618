"""Looks into records of the model and makes copies that differ in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from engine.model.record import Record

R = TypeVar("R", bound=Record)


def with_(record: R, **changed: Any) -> R:
    """A copy in which some fields differ."""
    return type(record)(**{**record.__dict__, **changed})


def inside(value: Any) -> Iterator[Record]:
    """Every record in a value, the outer ones first."""
    if isinstance(value, Record):
        yield value
        for part in value.__dict__.values():
            yield from inside(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from inside(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from inside(part)


def mapped(value: Any, change: Callable[[Record], Record]) -> Any:
    """The value with every record in it changed; the same object where nothing changes."""
    if isinstance(value, Record):
        fields = {name: mapped(part, change) for name, part in value.__dict__.items()}
        same = all(fields[name] is part for name, part in value.__dict__.items())
        return change(value if same else type(value)(**fields))
    if isinstance(value, tuple):
        parts = tuple(mapped(part, change) for part in value)
        same = all(new is old for new, old in zip(parts, value, strict=True))
        return value if same else parts
    return value


def without(items: tuple[Any, ...], index: int) -> tuple[Any, ...]:
    """The items but one."""
    return items[:index] + items[index + 1 :]
