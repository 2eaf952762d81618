"""A digest of a policies folder, quick enough to be taken before every run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from engine.documents import cache
from engine.documents.source import Source, from_folder

LARGE = 1_000_000
"""Files of more bytes are read once for their digest, and again when size or time change."""


def tree_digest(root: Path | Source) -> str:
    """SHA-256 over the sorted paths and bytes of all documents; nothing is parsed."""
    files = (root if isinstance(root, Source) else from_folder(root)).files
    digest = hashlib.sha256()
    for path in sorted(files):
        known = _of_large(files, path)
        data = known or files[path]
        digest.update(f"{len(path.encode())}:{path}:{'#' if known else ''}{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def _of_large(files: Mapping[str, bytes], path: str) -> bytes | None:
    """The digest of a large file as it was when last read; None for others."""
    where = getattr(files, "where", None)
    if where is None:
        return None
    file: Path = where(path)
    about = file.stat()
    if about.st_size <= LARGE:
        return None
    state = f"{file.resolve()}:{about.st_size}:{about.st_mtime_ns}:{about.st_ino}"
    kept = cache.folder() / "digests" / hashlib.sha256(state.encode()).hexdigest()[:32]
    try:
        return kept.read_bytes()
    except OSError:
        found = hashlib.sha256(files[path]).hexdigest().encode()
        cache.keep(kept, lambda out: out.write(found))
        return found
