"""Reads the payers of a policies folder, and whom their contractors decide for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.compiler.library import Library, day
from engine.compiler.placing import RANKS
from engine.compiler.timeline import Entry, spans
from engine.model.directory import Directory, PayerEntry


def directory(library: Library, known_on: date | None = None) -> Directory:
    """Read the payers of a library; whose state is whose as it was known on a day."""
    payers = {folder: _entry(d.data, known_on) for folder, d in sorted(library.payers.items())}
    return Directory(payers, library.facts)


def _entry(data: Mapping[str, Any], known_on: date | None) -> PayerEntry:
    contractors: dict[str, tuple[str, ...]] = {}
    states: dict[str, list[Entry[str]]] = {}
    for name, contractor in (data.get("contractors") or {}).items():
        contractors[name] = tuple(contractor.get("ids") or ())
        for entry in contractor.get("states") or ():
            begin, published = day(entry.get("from")), day(entry.get("published"))
            dated = Entry(begin, published, name, entry.get("ends") is True)
            states.setdefault(str(entry.get("state")), []).append(dated)
    return PayerEntry(
        str(data.get("title", "")),
        tuple(data.get("names") or ()),
        tuple(data.get("ids") or ()),
        contractors,
        {state: spans(found, known_on) for state, found in states.items()},
        any("{plan}" in folder for layer in data.get("layers") or () for folder in _folders(layer)),
    )


def _folders(layer: Mapping[str, Any]) -> list[str]:
    ranks = (layer.get(rank) or () for rank in RANKS)
    return [str(folder) for folders in ranks for folder in folders]
