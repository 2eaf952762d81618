"""Names that are defined and that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.compiler.library import CODING, Library
from engine.documents.document import Document
from engine.documents.marks import Path
from engine.model.problem import Problem

_KINDS = {
    "sets": "code set",
    "parameters": "parameter",
    "windows": "window",
    "decisions": "decision table",
}
_BRACES = re.compile(r"\{([^{}]*)\}")


def unused(library: Library) -> Iterator[Problem]:
    """A warning for each set, parameter, window, decision or derived fact that nobody names.

    Sentences of sources may stand unused: they are what was read, whether a rule came of it or not.
    So may the code sets of the coding layer: they are offered to every payer.
    """
    read = [d for d in library.documents if d.kind in ("policy", "payer", "codes")]
    read = [d for d in read if isinstance(d.data, dict)]
    words = {word for document in read for word in _words(document.data, ())}
    for document in read:
        offered = document.kind == "codes" and document.folder.split("/")[0] == CODING
        for path, kind, name, uses in _defined(document) if not offered else ():
            if not words & {name, *uses}:
                yield Problem(
                    document.marks.at_key(path),
                    "unused-name",
                    f"nothing uses the {kind} `{name}`",
                    "use it, or take it out",
                    "warning",
                )


def _defined(document: Document) -> Iterator[tuple[Path, str, str, list[str]]]:
    """Path, kind, name, and what else counts as a use: a set's attributes."""
    for key, kind in _KINDS.items():
        for name, data in (document.data.get(key) or {}).items():
            given = data.get("attributes") or [] if isinstance(data, dict) else []
            yield (key, name), kind, name, given
    for n, entry in enumerate(document.data.get("derives") or ()):
        if isinstance(entry, dict) and isinstance(entry.get("fact"), str):
            yield ("derives", n, "fact"), "derived fact", entry["fact"], []


def _words(data: Any, path: Path) -> Iterator[str]:
    """Every word that may be a use of a name: texts, keys of comparisons, names in braces."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "examples" or _is_definition((*path, key)):
                if key != "examples" and path[:1] != ("derives",):
                    yield from _words(value, (*path, key))
                continue
            yield str(key)
            yield from _words(value, (*path, key))
    elif isinstance(data, list):
        for n, item in enumerate(data):
            yield from _words(item, (*path, n))
    elif isinstance(data, str):
        yield data
        yield from _BRACES.findall(data)


def _is_definition(path: Path) -> bool:
    """The key that defines a name, or the text that does; the list of a set's own attributes."""
    if len(path) == 2 and path[0] in _KINDS:
        return True
    if len(path) == 3 and path[0] == "derives" and path[2] == "fact":
        return True
    return len(path) >= 3 and path[0] == "sets" and path[2] in ("attributes", "members")
