"""One process at a time works on the folder of a batch, and others can tell that it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # no such locks on this platform: nothing is held, and nobody is told
    fcntl = None  # type: ignore[assignment]

WORK, _LOCK = ".work", "lock"
"""The hidden folder of a batch, and the file in it that is held."""


class HeldError(Exception):
    """Another process works on the folder."""


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold the folder while it is worked on; the lock ends with the process, however it ends.

    Raises HeldError.
    """
    (out / WORK).mkdir(parents=True, exist_ok=True)
    with (out / WORK / _LOCK).open("a") as file:
        if not _lock(file):
            raise HeldError
        yield


def is_held(out: Path) -> bool:
    """Whether a process of this machine works on the folder."""
    path = out / WORK / _LOCK
    if not path.exists():
        return False
    with path.open("a") as file:
        return not _lock(file)


def _lock(file: IO[str]) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk that knows no locks
        return True
    return True
