"""Reads the payers of a policies folder, and whom their contractors decide for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.compiler.library import Library, day
from engine.compiler.timeline import Entry, spans
from engine.model.directory import Directory, PayerEntry


def directory(library: Library) -> Directory:
    """Read the payers of a library."""
    payers = {folder: _entry(d.data) for folder, d in sorted(library.payers.items())}
    return Directory(payers, library.facts)


def _entry(data: Mapping[str, Any]) -> PayerEntry:
    contractors: dict[str, tuple[str, ...]] = {}
    states: dict[str, list[Entry[str]]] = {}
    for name, contractor in (data.get("contractors") or {}).items():
        contractors[name] = tuple(contractor.get("ids") or ())
        for entry in contractor.get("states") or ():
            dated = Entry(day(entry.get("from")), day(entry.get("published")), name)
            states.setdefault(str(entry.get("state")), []).append(dated)
    return PayerEntry(
        str(data.get("title", "")),
        tuple(data.get("names") or ()),
        tuple(data.get("ids") or ()),
        contractors,
        {state: spans(found, None) for state, found in states.items()},
    )
