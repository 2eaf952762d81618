"""What a change of the documents touches: rules and definitions that read otherwise or have
other examples, and rules whose cases are other ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.analysis.mutation.mutant import Mutant
from engine.compiler.library import Library
from engine.documents.document import Document

_HEAD = ("from", "published", "scope", "applies", "extends", "adopted_by", "history")
_NAMED = ("parameters", "sets", "windows", "decisions")
_LEANING = ("parameter", "decision", "derivation", "window")


def touched(base: Library, head: Library) -> frozenset[str]:
    """The owners of what differs, by full name, as mutants name them."""
    before, after = _entries(base), _entries(head)
    owners = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return frozenset(owners | _of_cases(base, head))


def chosen(mutants: list[Mutant], owners: frozenset[str]) -> list[Mutant]:
    """The mutants of what is touched, and of the rules that lean on a touched number."""
    own = [m for m in mutants if _owned(m, owners)]
    leaning = {id for m in own if m.kind in _LEANING for id in m.rules}
    return [m for m in mutants if _owned(m, owners) or (m.kind == "rule" and m.owner in leaning)]


def _owned(mutant: Mutant, owners: frozenset[str]) -> bool:
    if mutant.kind == "set" and mutant.codes:
        return any(f"{mutant.owner}:{code}" in owners for code in mutant.codes)
    return mutant.owner in owners


def _entries(library: Library) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for document in library.documents:
        if isinstance(document.data, dict) and document.kind in ("policy", "codes", "payer"):
            for name, data in _named(document):
                found.setdefault(f"{document.folder}{name}", []).append(data)
    return found


def _named(document: Document) -> Iterator[tuple[str, Any]]:
    data = document.data
    if document.kind == "policy":
        yield ":from", [data.get(key) for key in _HEAD]
    for key in ("rules", "changes", "drops"):
        for entry in data.get(key) or ():
            yield f"#{entry.get('rule')}", entry
    for entry in data.get("derives") or ():
        yield f":{entry.get('fact')}", entry
    for key in _NAMED:
        for name, entry in (data.get(key) or {}).items():
            yield f":{name}", {**entry, "members": None} if key == "sets" else entry
            for member in entry.get("members") or () if key == "sets" else ():
                code = member if isinstance(member, str) else member.get("code")
                yield f":{name}:{code}", member


def _of_cases(base: Library, head: Library) -> set[str]:
    before, after = list(_cases(base)), list(_cases(head))
    differing = [c for c in before if c not in after] + [c for c in after if c not in before]
    return {rule for case in differing for rule in _ruled(case)}


def _cases(library: Library) -> Iterator[dict[str, Any]]:
    for document in library.cases:
        yield from document.data.get("cases") or ()


def _ruled(case: dict[str, Any]) -> Iterator[str]:
    expect = case.get("expect") or {}
    for key in ("findings", "undecided", "outcomes"):
        for entry in expect.get(key) or ():
            yield str(entry.get("rule"))
