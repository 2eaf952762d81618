"""What a result was made of, as hashes: enough to say later why it comes out otherwise."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from engine import __version__
from engine.chain.stratified import Decided
from engine.model.claim import History
from engine.report.result import plain

PARTS = ("engine", "policies", "book", "known_on", "claim", "history")
"""In the order in which a difference is worth looking at."""


def made_of(decided: Decided, history: History, policies: str) -> dict[str, str | None]:
    """Hashes of everything that a result depends on; `policies` is the digest of all documents.

    The claim is hashed as it was judged: with its record, its payer resolved.
    """
    book = decided.around.bound.book
    return {
        "engine": __version__,
        "policies": policies[:16],
        "book": book.digest,
        "known_on": book.known_on.isoformat() if book.known_on else None,
        "claim": _hash(plain(decided.around.claim)),
        "history": _hash(plain(history)),
    }


def _hash(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
