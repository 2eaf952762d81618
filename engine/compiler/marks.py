"""Digests of what a rule book was made of: they change when, and only when, that does."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from engine import __version__
from engine.compiler.library import Library
from engine.compiler.placing import Placed
from engine.documents.load import Document
from engine.model.book import PolicyMark


def marks(library: Library, placed: list[Placed]) -> tuple[PolicyMark, ...]:
    """Every policy of a book; its digest covers all that it can see, but no example or case."""
    found: dict[str, PolicyMark] = {}
    for item in placed:
        if item.head.text("applies") == "where_adopted":
            continue
        for document in (item.head.document, *library.bases(item.head.document)):
            make = partial(_mark, library, document)
            found[document.folder] = library.once(("mark", document.folder), make)
    return tuple(found[name] for name in sorted(found))


def _mark(library: Library, document: Document) -> PolicyMark:
    data = {**document.data, "rules": [_text(r) for r in document.data.get("rules") or ()]}
    seen = [data, *_shared(library, document)]
    return PolicyMark(document.folder, str(data.get("title", "")), digest_of(seen))


def _text(rule: Any) -> Any:
    return {k: v for k, v in rule.items() if k != "examples"} if isinstance(rule, dict) else rule


def _shared(library: Library, document: Document) -> list[Any]:
    """What else decides: code sets, tables, sources and vocabulary in the policy's sight."""
    shared = [[d.folder, d.data, _rows(d)] for d in library.shared_by(document.folder)]
    payer = library.payer_above(document.folder)
    facts = [[d.folder, d.data] for d in library.documents if d.kind == "vocabulary"]
    sources = [[path, d.data] for path, d in sorted(library.sources.items())]
    return [*shared, payer.data if payer else None, facts, sources]


def _rows(document: Document) -> Any:
    table = document.table
    return table and (table.stored.digest if table.stored else table.rows)


def digest_of(data: Any) -> str:
    """Sixteen hex digits of some data, together with the engine's version."""
    text = json.dumps([__version__, data], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
