"""What was found once in documents that do not change, so that thousands of claims can ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

MOST = 20_000
_FOUND: dict[tuple[object, ...], tuple[tuple[object, ...], Any]] = {}
"""By the identity of the documents, which are kept beside what was found in them."""


def remembered(documents: tuple[object, ...], words: object, find: Callable[[], T]) -> T:
    """What `find` finds in these documents for these words; not to be changed."""
    key = (*map(id, documents), words)
    if key not in _FOUND:
        if len(_FOUND) >= MOST:
            _FOUND.clear()
        _FOUND[key] = documents, find()
    value: T = _FOUND[key][1]
    return value
