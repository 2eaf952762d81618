"""Compiled rule books, kept on disk by the content of the documents they were made of.

A second start with the same documents reads no YAML and checks no schema. The folder is the
user's own cache and can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.documents import cache
from engine.documents.digest import tree_digest
from engine.documents.source import Source
from engine.model.book import RuleBook
from engine.model.directory import Directory
from engine.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.compiler.library import Library

T = TypeVar("T")
Made = tuple[T, list[Problem]]


@dataclass
class Shelf:
    """Makes books from one state of the documents, or takes them from the cache.

    `problems` collects what was found on the way; an error there means that a result must not
    be relied on.
    """

    source: Source
    known_on: date | None = None
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def _mark(self) -> str:
        seen = [_engine_mark(), self.source.shown, tree_digest(self.source), str(self.known_on)]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:24]

    @cached_property
    def library(self) -> Library:
        """The documents, read and checked against their schemas."""
        from engine.compiler.library import Library
        from engine.documents.load import load_tree

        documents, problems = load_tree(self.source)
        self._note(problems)
        return Library(documents, self.problems)

    @cached_property
    def directory(self) -> Directory:
        """Payers, contractors and the vocabulary."""
        return self._kept("directory", Directory, self._make_directory)

    def book(self, payer: str, contractor: str | None, plan: str | None) -> RuleBook:
        """The book of one payer, contractor and plan."""
        name = repr((payer, contractor, plan))
        return self._kept(
            f"book {name}", RuleBook, lambda: self._make_book(payer, contractor, plan)
        )

    def kept(self, name: str, kind: type[T], rooms: Sequence[str], make: Callable[[], T]) -> T:
        """What the code in other rooms makes of the books, kept beside them."""
        return self._kept(f"{name} {_mark_of(rooms)}", kind, make)

    def _make_directory(self) -> Directory:
        from engine.compiler.directory import directory

        library = self.library
        if any(p.severity == "error" for p in self.problems):
            return Directory({}, {})  # of what is broken nothing can be told
        return directory(library, self.known_on)

    def _make_book(self, payer: str, contractor: str | None, plan: str | None) -> RuleBook:
        from engine.compiler.book import compile_book

        book, problems = compile_book(self.library, payer, contractor, plan, self.known_on)
        self._note(problems)
        return book

    def _note(self, problems: list[Problem]) -> None:
        self.problems += [p for p in problems if p not in self.problems]

    def _kept(self, name: str, kind: type[T], make: Callable[[], T]) -> T:
        path = cache.folder() / self._mark / hashlib.sha256(name.encode()).hexdigest()[:24]
        found: Made[T] | None = _read(path, kind)
        if found is not None and _whole(found[0]):
            self._note(found[1])
            return found[0]
        made = make()
        if not any(p.severity == "error" for p in self.problems):
            _write(path, (made, list(self.problems)))
        return made


def _whole(found: object) -> bool:
    """Whether the large tables of a book are still there."""
    tables = found.tables.values() if isinstance(found, RuleBook) else ()
    return all(table.stored is None or table.stored.there() for table in tables)


def _engine_mark() -> str:
    """Changes whenever the engine's own code does."""
    return _mark_of((".", "model", "documents", "compiler", "compiler/forms"))


def _mark_of(rooms: Sequence[str]) -> str:
    root, files = Path(__file__).parent.parent, list[Path]()
    for room in rooms:
        files += sorted((root / room).glob("*.py"))
    return ";".join(f"{f.name}:{s.st_size}:{s.st_mtime_ns}" for f in files for s in [f.stat()])


def _read(path: Path, kind: type) -> Any:
    """What was kept, and the problems met on the way; None if there is nothing of use."""
    try:
        found = pickle.loads(path.read_bytes())
        whole = isinstance(found[0], kind) and isinstance(found[1], list)
    except Exception:  # whatever a damaged file makes of itself: it is made anew
        return None
    return found if whole else None


def _write(path: Path, value: Any) -> None:
    cache.keep(path, lambda file: pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL))
