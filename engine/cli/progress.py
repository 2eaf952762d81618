"""A line on standard error that counts claims (or whatever), once there are a few hundred."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

FIRST, EVERY = 300, 100


class Progress:
    """Counts quietly; speaks only to a person at a terminal."""

    def __init__(self, noun: str = "claims") -> None:
        self._noun = noun
        self._count = 0
        self._start = time.monotonic()
        self._speaks = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def step(self) -> None:
        """One more is done."""
        self._count += 1
        if self._speaks and self._count >= FIRST and self._count % EVERY == 0:
            rate = self._count / max(time.monotonic() - self._start, 1e-9)
            sys.stderr.write(f"\r{self._count:,} {self._noun}, {rate:,.0f} a second")
            sys.stderr.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._speaks and self._count >= FIRST:
            sys.stderr.write("\n")
