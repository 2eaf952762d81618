"""Whether a stored result comes out again byte for byte, and if not, what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.problem import Location, Problem
from engine.report.made_of import PARTS

_WORDS = {
    "engine": "another version of the engine: {old}, here {new}",
    "policies": "other policy documents",
    "book": "another rule book of this payer, contractor and plan",
    "known_on": "another known-on date: {old}, here {new}",
    "claim": "another claim, or another record of it",
    "history": "another history of the patient",
}


@dataclass(frozen=True)
class Replayed:
    """One stored result against its new evaluation; `why` is empty where the bytes agree."""

    claim_id: str
    agrees: bool
    why: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def stored_results(text: str, file: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The results of a file: one object, an array, or one a line."""
    try:
        data = json.loads(text)
        found = data if isinstance(data, list) else [data]
    except ValueError:
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            message = "this file holds no results as `check --format json` writes them"
            return [], [Problem(Location(file), "no-results", message)]
    kept = [r for r in found if isinstance(r, dict) and "claim_id" in r and "digest" in r]
    if len(kept) < len(found) or not kept:
        message = "this file holds something that is no result of `check --format json`"
        return kept, [Problem(Location(file), "no-results", message)]
    return kept, []


def compare(stored: Mapping[str, Any], again: Mapping[str, Any]) -> Replayed:
    """Hold a stored result against the new one, which has the same shape."""
    claim_id = str(stored["claim_id"])
    again = {key: value for key, value in again.items() if key != "made_of" or key in stored}
    if _bytes(stored) == _bytes(again):
        return Replayed(claim_id, True)
    why = tuple(_why(stored, again))
    return Replayed(claim_id, False, why, tuple(_changed(stored, again)))


def _bytes(result: Mapping[str, Any]) -> str:
    """A result as one line, whatever layout its file has."""
    return json.dumps(result, ensure_ascii=False, default=str)


def _why(stored: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[str]:
    before, after = stored.get("made_of"), again.get("made_of")
    if not isinstance(before, dict) or not isinstance(after, dict):
        if stored["digest"] == again["digest"]:
            yield "same claim, rule book and engine: the history differs, or the result was edited"
        else:
            yield "the claim, the rule book or the engine differs; the result does not say which"
        return
    parts = [part for part in PARTS if before.get(part) != after.get(part)]
    if "book" not in parts and "policies" in parts:
        parts.remove("policies")  # other documents changed, none that this claim is judged by
        yield "other policy documents, none by which this claim is judged"
    for part in parts:
        yield _WORDS[part].format(old=before.get(part), new=after.get(part))
    if not parts and _without_mark(stored) != _without_mark(again):
        yield "it was made of the same things: the stored result was edited"


def _without_mark(result: Mapping[str, Any]) -> str:
    """A result but for the mark of all documents."""
    made = {k: v for k, v in result["made_of"].items() if k != "policies"}
    return _bytes({**result, "made_of": made})


def _changed(stored: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[str]:
    """What comes out otherwise, in words."""
    if stored.get("verdict") != again.get("verdict"):
        yield f"verdict: {stored.get('verdict')}, now {again.get('verdict')}"
    for key, name in (("findings", "finding"), ("needs", "question")):
        before, after = (_rules(result.get(key)) for result in (stored, again))
        yield from (f"{name} of {rule}: no longer" for rule in sorted(before - after))
        yield from (f"{name} of {rule}: newly" for rule in sorted(after - before))


def _rules(parts: Any) -> set[str]:
    return {str(part.get("rule")) for part in parts or () if isinstance(part, dict)}
