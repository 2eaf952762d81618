"""Remembers which texts fit their schema, so that an unchanged document is not checked again.

Reading a folder of policies is mostly the check against the schemas, and between two readings
most documents are the same. The list lies in the user's own cache and can be deleted at any time.
"""

from __future__ import annotations

import hashlib
from functools import cache as once
from pathlib import Path

from engine.documents import cache
from engine.documents.schema_folder import SCHEMAS

MOST = 20_000
"""So many texts are remembered, the latest ones."""

_known: dict[Path, dict[str, None]] = {}
_new: dict[Path, dict[str, None]] = {}


def fits(kind: str, text: str) -> bool:
    """Whether a text of this kind was found to fit before, by these very schemas."""
    path = _path()
    if path not in _known:
        _known[path] = _read(path)
    return _mark(kind, text) in _known[path]


def note(kind: str, text: str) -> None:
    """The text fits."""
    path, mark = _path(), _mark(kind, text)
    _known.setdefault(path, {})[mark] = None
    _new.setdefault(path, {})[mark] = None


def keep() -> None:
    """Write down what was found since the last time, beside what others wrote meanwhile."""
    path = _path()
    new = _new.pop(path, None)
    if new:
        marks = list({**_read(path), **new})[-MOST:]
        cache.keep(path, lambda out: out.write("\n".join(marks).encode()))


def _mark(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()[:32]


def _read(path: Path) -> dict[str, None]:
    try:
        return dict.fromkeys(path.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError):
        return {}


def _path() -> Path:
    return cache.folder() / "fitting" / _checks()


@once
def _checks() -> str:
    """Changes whenever the schemas or the code that holds documents against them do."""
    files = [*sorted(SCHEMAS.glob("*.json")), *sorted(Path(__file__).parent.glob("*.py"))]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:24]
