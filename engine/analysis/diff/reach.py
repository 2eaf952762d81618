"""In which states a policy holds: through its payer's layers and contractors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.analysis.diff.side import Side
from engine.compiler.library import Library

EVERY = ("every state",)


def layers_over(library: Library, policy: str) -> tuple[str, ...]:
    """The policies that extend a policy, directly or through others."""
    found: list[str] = []
    for id, document in sorted(library.policies.items()):
        if document.data.get("extends") == policy and id != policy:
            found += [id, *layers_over(library, id)]
    return tuple(found)


def states_of(sides: tuple[Side, Side], policies: tuple[str, ...]) -> tuple[str, ...]:
    """The states whose contractors have one of the policies in their layers."""
    states: set[str] = set()
    for side in sides:
        for payer in side.library.payers.values():
            touched = _contractors(side.library, payer.data, policies)
            if touched is None:
                return EVERY
            states |= touched
    return tuple(sorted(states))


def _contractors(
    library: Library, payer: dict[str, Any], policies: tuple[str, ...]
) -> set[str] | None:
    """The states of the touched contractors; None if the payer's own layers are touched."""
    standing = [p for p in policies if not _adopted_only(library, p)]
    folders = [f for entry in payer.get("layers") or () for f in _folders(entry)]
    fixed = [f for f in folders if "{" not in f]
    if any(_below(p, f) for p in standing for f in fixed):
        return None
    found: set[str] = set()
    contractors = payer.get("contractors") or {}
    for name, data in contractors.items():
        own = [f.replace("{contractor}", name) for f in folders if "{contractor}" in f]
        if any(_below(p, f) for p in standing for f in own):
            found |= {str(s.get("state")) for s in (data or {}).get("states") or ()}
    every = {
        str(s.get("state")) for d in contractors.values() for s in (d or {}).get("states") or ()
    }
    return None if found and found == every else found


def _folders(entry: dict[str, Any]) -> Iterator[str]:
    for rank in ("coding", "payer", "contractor", "plan"):
        yield from entry.get(rank) or ()


def _adopted_only(library: Library, policy: str) -> bool:
    document = library.policies.get(policy)
    return document is not None and document.data.get("applies") == "where_adopted"


def _below(policy: str, folder: str) -> bool:
    return policy == folder or policy.startswith(folder + "/")
