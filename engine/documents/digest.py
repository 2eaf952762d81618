"""A digest of a policies folder, quick enough to be taken before every run."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.documents.source import Source, from_folder


def tree_digest(root: Path | Source) -> str:
    """SHA-256 over the sorted paths and bytes of all documents; nothing is parsed."""
    files = (root if isinstance(root, Source) else from_folder(root)).files
    digest = hashlib.sha256()
    for path in sorted(files):
        data = files[path]
        digest.update(f"{len(path.encode())}:{path}:{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()
