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


class Meter:
    """Says how far a long work has come, how fast it goes and how long it will take."""

    def __init__(self) -> None:
        self._speaks = sys.stderr.isatty()
        self._spoke = 0.0
        self._what = ""
        self._begun: tuple[float, int] = (0.0, 0)

    def __enter__(self) -> Self:
        return self

    def at(self, what: str, done: int, total: int) -> None:
        """So many are done, of so many (0: not known)."""
        now = time.monotonic()
        if what != self._what:
            self._what, self._begun = what, (now, done)
        if not self._speaks or now - self._spoke < 0.5:
            return
        self._spoke = now
        rate = (done - self._begun[1]) / max(now - self._begun[0], 1e-9)
        text = f"{done:,} {what}, {rate:,.0f} a second"
        if total and rate > 0:
            left = int((total - done) / rate)
            text = f"{done:,} of {total:,} {what}, {rate:,.0f} a second, {_time(left)} left"
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._spoke:
            sys.stderr.write("\n")


def _time(seconds: int) -> str:
    """A time as a person says it."""
    minutes, rest = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
