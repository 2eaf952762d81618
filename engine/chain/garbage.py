"""How often the collector of cycles looks: a claim leaves few of them, and a rule book is large."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 20_000
"""New objects before it looks. With Python's own 700 it took a fifth of the time of a batch, and
20,000 was as good as never (2,000 claims each, in turns of 250)."""


def look_seldom() -> None:
    """Let this process collect cycles seldom; for a process that judges or compiles."""
    gc.set_threshold(YOUNG, 20, 20)


@contextmanager
def look_afterwards() -> Iterator[None]:
    """Leave cycles alone for the length of a piece of work, and collect the young ones then."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(1)
