"""How often the collector of cycles looks: a claim leaves few of them, and a rule book is large."""

from __future__ import annotations

import gc

YOUNG = 20_000
"""New objects before it looks. With Python's own 700 it took a fifth of the time of a batch, and
20,000 was as good as never (2,000 claims each, in turns of 250)."""
OF_BATCH = 500_000
"""The same for a process that judges claims together: what it keeps are young objects too."""


def look_seldom(young: int = YOUNG) -> None:
    """Let this process collect cycles seldom; for a process that judges or compiles."""
    gc.set_threshold(young, 20, 20)
