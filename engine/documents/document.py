"""One document of a policies folder, and all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from engine.documents.marks import Marks, Path
from engine.documents.relation import Table

Kind: TypeAlias = Literal[
    "payer", "policy", "codes", "sources", "table", "vocabulary", "cases", "untested"
]
KINDS: tuple[Kind, ...] = (
    "payer",
    "policy",
    "codes",
    "sources",
    "table",
    "vocabulary",
    "cases",
    "untested",
)


@dataclass(frozen=True)
class Document:
    """A file as plain data. `data` is None when the file could not be read.

    `file` is the path as the user knows it; `folder` the id: the folder below ``policies/`` with
    slashes, empty for ``policies/`` itself. `problems_at` holds the paths of which a problem was
    reported already: later stages say nothing of those places or of what is below them.
    """

    kind: Kind
    file: str
    folder: str
    name: str
    data: Any
    marks: Marks = field(repr=False)
    problems_at: frozenset[Path] = frozenset()
    table: Table | None = field(default=None, repr=False)

    def faulty(self, path: Path) -> bool:
        """Whether a problem was reported at this path or above it."""
        return any(path[:length] in self.problems_at for length in range(len(path) + 1))


@dataclass(frozen=True)
class Documents:
    """All documents of a folder, in the order of their paths."""

    documents: tuple[Document, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def of(self, kind: Kind) -> list[Document]:
        """The documents of one kind."""
        return list(self._by_kind.get(kind, ()))

    @cached_property
    def _by_kind(self) -> dict[Kind, list[Document]]:
        found: dict[Kind, list[Document]] = {}
        for document in self.documents:
            found.setdefault(document.kind, []).append(document)
        return found

    def at(self, folder: str, kind: Kind) -> list[Document]:
        """The documents of one kind that stand in a folder itself, not below it."""
        return [document for document in self.of(kind) if document.folder == folder]

    def find(self, folder: str, name: str) -> Document | None:
        """The document with this file name in this folder."""
        wanted = (d for d in self.documents if d.folder == folder and d.name == name)
        return next(wanted, None)
