"""What the rules of a policy see: sets, tables, parameters, windows and facts, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.documents.load import Document, Documents
from tests.naive.clock import in_force
from tests.naive.remembered import remembered


@dataclass(frozen=True)
class Sight:
    """The policy documents behind a rule, the most specific layer first and the base last.

    `pin` is the day as of which a layer takes the base, which is the last of `policies`.
    """

    documents: Documents
    policies: tuple[Document, ...]
    pin: date | None = None

    def own(self, key: str) -> Iterator[tuple[str, Any]]:
        """The named entries under `key` of every policy, the most specific first."""
        for document in self.policies:
            yield from document.data.get(key, {}).items()

    def first(self, key: str, name: str) -> Any:
        """The most specific entry of this name under `key`; None if there is none."""
        return next((entry for other, entry in self.own(key) if other == name), None)


def folders_above(folder: str) -> list[str]:
    """A folder, and each one above it up to ``policies/``."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:length]) for length in range(len(parts), -1, -1)]


def _visible(sight: Sight, document: Document) -> bool:
    """Whether a file of sets or a table stands where the policies can see it."""
    if document.folder == "coding" or document.folder.startswith("coding/"):
        return True
    return any(document.folder in folders_above(p.folder) for p in sight.policies)


def sets(sight: Sight) -> dict[str, Any]:
    """Every set in sight; a layer's own set stands before its base's of the same name."""
    return remembered((sight.documents, *sight.policies), "sets", lambda: _sets(sight))


def _sets(sight: Sight) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for document in sight.documents.of("codes"):
        if _visible(sight, document):
            found |= document.data["sets"]
    for document in reversed(sight.policies):
        found |= document.data.get("sets", {})
    return found


def table(sight: Sight, name: str) -> Document | None:
    """The table of this name."""
    for document in sight.documents.of("table"):
        if _visible(sight, document) and document.data["table"] == name:
            return document
    return None


def window(sight: Sight, name: str) -> Any:
    """The window of this name: the policies' own, else that of a payer's folder."""
    own = sight.first("windows", name)
    if own is not None:
        return own
    for document in sight.policies:
        for payer in sight.documents.at(document.folder.split("/")[0], "payer"):
            if name in payer.data.get("windows", {}):
                return payer.data["windows"][name]
    raise LookupError(f"no window {name}")


def fact(sight: Sight, name: str) -> Any:
    """What the vocabulary declares of a documented fact; None if it declares nothing."""
    for document in sight.documents.of("vocabulary"):
        if name in document.data["facts"]:
            return document.data["facts"][name]
    return None


def parameter(sight: Sight, name: str, on: date, known_on: date | None) -> Any:
    """The value of a parameter on a day; a layer's, or where it has none then, the base's."""
    for document in sight.policies:
        given = document.data.get("parameters", {}).get(name)
        if given is None:
            continue
        clocks = clocks_of(sight, document, on, known_on)
        entry = in_force(given["values"], *clocks, head=document.data)
        if entry is not None:
            return entry["value"]
    return None


def clocks_of(
    sight: Sight, document: Document, on: date, known_on: date | None
) -> tuple[date, date | None]:
    """The day and the day of knowledge on which a document is read: `as_of` holds the base."""
    if sight.pin is None or document is not sight.policies[-1]:
        return on, known_on
    return sight.pin, sight.pin if known_on is None else min(sight.pin, known_on)
