"""What could not be judged, by reason, without a word that might tell of a patient."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from engine.analysis.summary.folder import QUARANTINE, Folder
from engine.analysis.summary.numbers import Held
from engine.model.claim import Claim, Line, Patient, Payer, Provider
from engine.model.problem import Location, Problem

PLAIN = frozenset(
    field.name for kind in (Claim, Line, Patient, Payer, Provider) for field in fields(kind)
)
"""Names of fields: they say what is wrong and nothing of a person."""
_QUOTED, _NUMBER = re.compile(r"`([^`]*)`"), re.compile(r"\d[\d.:/-]*")
_FILES = 5
"""So many files are named for each reason."""


def held(folder: Folder, *, with_ids: bool) -> tuple[Held, ...] | Problem:
    """The reasons for which claims or records were set aside, the most frequent first."""
    file = folder.path / QUARANTINE
    counts: Counter[tuple[str, str, str]] = Counter()
    files: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    if not file.is_file():
        return _lost(file, folder) or ()
    for item in _objects(file, folder.complete):
        if isinstance(item, Problem):
            return item
        words = [str(item.get(name) or "") for name in ("code", "reason", "hint")]
        code, reason, hint = words
        if not with_ids:
            reason, hint = _NUMBER.sub("…", masked(reason, item)), masked(hint, item)
        counts[code, reason, hint] += 1
        if len(files[code, reason, hint]) < _FILES:
            files[code, reason, hint].add(str(item.get("file") or ""))
    return tuple(
        Held(*key, tuple(sorted(files[key])), count)
        for key, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def masked(words: str, item: dict[str, Any]) -> str:
    """Words without what was read from the claim: values in back-ticks, its id."""
    claim = str(item.get("claim_id") or "")
    said = _QUOTED.sub(lambda m: f"`{m[1] if m[1] in PLAIN else '…'}`", words)
    return re.sub(rf"(?<!\w){re.escape(claim)}(?!\w)", "…", said) if claim else said


def _lost(file: Path, folder: Folder) -> Problem | None:
    if not folder.claims("quarantined"):
        return None
    message = f"is missing, yet run.json counts {folder.claims('quarantined'):,} quarantined"
    return Problem(Location(str(file)), "part-missing", message, "copy the folder again")


def _objects(file: Path, complete: bool) -> Iterator[dict[str, Any] | Problem]:
    """The lines of the file; the last one of a run that was cut off may be cut off, too."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except ValueError:
                item = None
            if isinstance(item, dict):
                yield item
            elif complete or line.endswith("\n"):
                where = Location(str(file), number)
                hint = "copy the folder again, or run `cleanclaim batch` again"
                yield Problem(where, "quarantine-damaged", "is no JSON object", hint)
                return
