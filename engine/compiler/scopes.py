"""Of which lines the coverage policies of a book speak, and when (clause A23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.compiler.here import Here
from engine.compiler.layers import unknown
from engine.compiler.library import Library
from engine.compiler.lowering import PolicyLowering
from engine.compiler.placing import Placed, heads
from engine.model.book import Scope


def scopes(
    library: Library,
    placed: list[Placed],
    lowerings: Mapping[str, PolicyLowering],
    known_on: date | None,
) -> tuple[Scope, ...]:
    """The scopes of all coverage policies of the layers, with the days on which they hold."""
    found = []
    for item in placed:
        if item.rank == 0 or unknown(item, known_on):
            continue
        for head in _scope_heads(library, item):
            scope = head.get("scope")
            begin = max((d for d in (item.first, head.day("from")) if d), default=date.min)
            if scope is not None:
                lowering = lowerings.get(head.document.folder) or PolicyLowering(head, {})
                term = lowering.pattern(scope)
                found.append(Scope(head.document.folder, begin, item.end, term))
    return tuple(found)


def _scope_heads(library: Library, item: Placed) -> list[Here]:
    if item.head.text("applies") == "where_adopted":
        return []
    bases = library.bases(item.head.document)
    return [*(heads(library, base, item.head.problems) for base in reversed(bases)), item.head]
