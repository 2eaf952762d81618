"""Which policies stand in a claim's layers (clause A20), and a rule as they have written it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.compiler.here import Here
from engine.compiler.library import Library, day
from engine.compiler.sight import sight_of
from engine.compiler.timeline import Entry, spans
from engine.documents.load import Document
from engine.model.book import Span
from engine.model.problem import Problem

RANKS = ("coding", "payer", "contractor", "plan")


@dataclass(frozen=True)
class Placed:
    """A policy in the layers of a claim: its rank, and the days on which its layer stands."""

    rank: int
    head: Here
    begin: date | None
    end: date | None

    @property
    def id(self) -> str:
        """The policy's id."""
        return self.head.document.folder

    @property
    def first(self) -> date | None:
        """The first day on which both the layer and the policy itself stand."""
        return max((d for d in (self.head.day("from"), self.begin) if d), default=None)


@dataclass(frozen=True)
class Body:
    """A rule as written, key by key, from its base and the layers that changed it."""

    head: Here
    parts: dict[str, Here]
    more_unless: tuple[Here, ...] = ()
    adopted_by: Here | None = None
    changed_cites: tuple[Here, ...] = ()

    @property
    def whole(self) -> Here:
        return next(iter(self.parts.values()))


Rules = dict[str, tuple[Span[Body], ...]]


def heads(library: Library, document: Document, problems: list[Problem]) -> Here:
    """The head of a policy, with its own sight."""
    sight = sight_of(library, document, problems)
    return Here(document, (), document.data, problems, sight)


def place(
    library: Library,
    payer: Document,
    contractor: str | None,
    plan: str | None,
    problems: list[Problem],
    known_on: date | None,
) -> list[Placed]:
    """The policies of the payer's layers, most general first."""
    entries = [
        Entry(day(e.get("from")), day(e.get("published")), e)
        for e in payer.data.get("layers") or ()
    ]
    placed = []
    for span in spans(entries, known_on):
        for rank, layer in enumerate(RANKS):
            for folder in span.value.get(layer) or ():
                name = _fill(folder, contractor, plan)
                for document in _below(library, name) if name else ():
                    head = heads(library, document, problems)
                    placed.append(Placed(rank, head, span.begin, span.end))
    return placed


def _fill(folder: str, contractor: str | None, plan: str | None) -> str | None:
    for word, value in (("{contractor}", contractor), ("{plan}", plan)):
        if word in folder:
            if value is None:
                return None
            folder = folder.replace(word, value)
    return folder


def _below(library: Library, folder: str) -> list[Document]:
    return [
        d
        for name, d in sorted(library.policies.items())
        if name == folder or name.startswith(folder + "/")
    ]
