"""Three values: true, false and unknown (None), combined as Kleene does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Tri: TypeAlias = bool | None


def opposite(value: Tri) -> Tri:
    """True of false, false of true; unknown stays unknown."""
    return None if value is None else not value


def all_hold(values: Iterable[Tri]) -> Tri:
    """False if one is false, else unknown if one is unknown, else true."""
    found = list(values)
    if False in found:
        return False
    return None if None in found else True


def any_holds(values: Iterable[Tri]) -> Tri:
    """True if one is true, else unknown if one is unknown, else false."""
    found = list(values)
    if True in found:
        return True
    return None if None in found else False
