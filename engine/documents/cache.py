"""Where the engine keeps what it can make again: the user's own cache, deletable at any time."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def folder() -> Path:
    """The cache's folder; it may not exist yet."""
    own = os.environ.get("CLEANCLAIM_CACHE")
    if own:
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "cleanclaim"
    except RuntimeError:  # a user without a home: nothing can be kept
        return Path(os.devnull) / "cleanclaim"


def keep(path: Path, write: Callable[[BinaryIO], object]) -> bool:
    """Write a file in one step; False where the cache cannot be written, which is no problem."""
    import tempfile  # slow to import, and only the first start writes

    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
            Path(name).replace(path)
        except BaseException:  # a full disk, or the user's interrupt
            Path(name).unlink(missing_ok=True)
            raise
        return True
    return False
