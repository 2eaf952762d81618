"""A text that is in force is never edited in place: head against a base revision (clause A19)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.compiler.library import Library
from engine.compiler.lint_entries import Entry, entries_of
from engine.documents.document import Document
from engine.model.problem import Location, Problem

_KINDS = ("policy", "codes", "payer")
_MEND = (
    "leave it, and add an entry with its own `from` (`cleanclaim policy revise`); "
    "if it was entered wrongly, mark it: `corrects: {reason: ..., published: ...}`"
)


def revised(base: Library, head: Library, today: date) -> list[Problem]:
    """An error for each text in force that reads otherwise in the head or is gone from it,
    unless a new mark of correction says why; a warning for each entry that is added for days past
    and does not say since when it could be known."""
    before, after = _documents(base), _documents(head)
    found: list[Problem] = []
    for key, old in before.items():
        new = after.get(key)
        found += _gone(old, today) if new is None else _compared(old, new, today)
    return sorted(found)


def _documents(library: Library) -> dict[tuple[str, str], Document]:
    return {(d.folder, d.name): d for d in library.documents if d.kind in _KINDS}


def _gone(old: Document, today: date) -> Iterator[Problem]:
    """A document that was taken away while something of it held."""
    held = [entry for entry in entries_of(old).values() if entry.in_force(today)]
    if held:
        yield Problem(
            Location(old.file),
            "removed-in-force",
            f"this document is gone, and {len(held)} of its texts are in force",
            "keep it, and end what no longer holds by entries with `ends: true`",
        )


def _compared(old: Document, new: Document, today: date) -> Iterator[Problem]:
    before, after = entries_of(old), entries_of(new)
    marked = _fresh(old.data.get("corrects"), new.data.get("corrects"))
    for key, entry in before.items():
        if not entry.in_force(today):
            continue
        now = after.get(key)
        if now is None:
            if not marked:
                yield _removed(entry, new)
        elif entry.says != now.says and not (marked or _fresh(entry.corrects, now.corrects)):
            yield _edited(entry, now, new)
    for key, entry in after.items():
        if key not in before and not marked and not entry.corrects:
            yield from _added(entry, before, new, today)


def _fresh(old: Any, new: Any) -> bool:
    """Whether a mark of correction was set since the base."""
    return new is not None and new != old


def _edited(old: Entry, new: Entry, document: Document) -> Problem:
    return Problem(
        document.marks.at_value(new.path),
        "edited-in-force",
        f"the {old.what}, in force{_since(old)}, reads otherwise than in the base",
        _MEND,
    )


def _removed(old: Entry, document: Document) -> Problem:
    return Problem(
        document.marks.at_value(old.path[:1]),
        "removed-in-force",
        f"the {old.what}, in force{_since(old)}, is gone",
        "put it back, and add an entry with `ends: true`; if it was entered wrongly, mark the "
        "document's head: `corrects: {reason: ..., published: ...}`",
    )


def _added(
    entry: Entry, before: dict[tuple[str, ...], Entry], document: Document, today: date
) -> Iterator[Problem]:
    """A code that joins a set from the start of time changes what is in force."""
    known_set = ("sets", entry.key[1], "", "") in before if len(entry.key) > 1 else False
    if entry.key[0] == "members" and known_set and not entry.key[-2]:
        yield Problem(
            document.marks.at_value(entry.path),
            "edited-in-force",
            f"the {entry.what} joins a set in force, and nothing says from when",
            "write `{code: ..., from: ...}`; if it was forgotten, add "
            "`corrects: {reason: ..., published: ...}`",
        )
    elif _in_hindsight(entry, before, today):
        yield Problem(
            document.marks.at_value(entry.path),
            "known-in-hindsight",
            f"this {entry.what} holds for services from {entry.begin} on, as if known that day",
            "add `published: ...`, the day on which it could be known, so that `--known-on` and "
            "`replay` answer for earlier days as before",
            "warning",
        )


def _in_hindsight(entry: Entry, before: dict[tuple[str, ...], Entry], today: date) -> bool:
    """Whether an entry supersedes another one for days past, by what is said known on the way."""
    if entry.begin is None or entry.begin > today or entry.key[-1]:
        return False
    return any(key[:-2] == entry.key[:-2] and old.in_force(today) for key, old in before.items())


def _since(entry: Entry) -> str:
    return f" since {entry.begin}" if entry.begin else " for all days"
