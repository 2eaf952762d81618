"""One of the two states of the policies that are compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from engine.compiler.book import compile_policy
from engine.compiler.library import Library
from engine.documents.document import Document
from engine.documents.load import load_tree
from engine.documents.source import Source
from engine.model.book import RuleBook
from engine.model.problem import Problem


@dataclass(frozen=True)
class Side:
    """Documents with the name that a reader knows them by; `on` looks at one day only."""

    name: str
    source: Source
    library: Library = field(repr=False)
    problems: list[Problem] = field(repr=False)
    on: date | None = None

    def book(self, policy: str) -> RuleBook:
        """The policy alone, as its examples see it."""
        if policy not in self._books:
            self._books[policy] = compile_policy(self.library, policy)[0]
        return self._books[policy]

    def title(self, policy: str) -> str:
        """What the policy is called."""
        document = self.library.policies.get(policy)
        return str(document.data.get("title", policy)) if document else policy

    def seen_by(self, policy: str) -> tuple[tuple[str, str], ...]:
        """Every document that decides what a policy means, with a mark of its content."""
        document = self.library.policies.get(policy)
        if document is None:
            return ()
        base = document.data.get("extends")
        payer = self.library.payer_above(policy)
        documents = [document, *self.library.shared_by(policy), *self._vocabulary]
        documents += [payer] if payer else []
        found = {(f"{d.folder}/{d.name}", self.marks[d.folder, d.name]) for d in documents}
        above = self.seen_by(base) if isinstance(base, str) and base != policy else ()
        return tuple(sorted({*found, *above, *self._sources}))

    @cached_property
    def marks(self) -> Mapping[tuple[str, str], str]:
        """Folder and name of each document with a mark of what it says, examples left out."""
        return {(d.folder, d.name): _mark(d) for d in self.library.documents}

    @cached_property
    def _books(self) -> dict[str, RuleBook]:
        return {}

    @cached_property
    def _vocabulary(self) -> list[Document]:
        return [d for d in self.library.documents if d.kind == "vocabulary"]

    @cached_property
    def _sources(self) -> list[tuple[str, str]]:
        found = self.library.sources.items()
        return [(path, self.marks[d.folder, d.name]) for path, d in found]


def read_side(source: Source, name: str, on: date | None = None) -> Side:
    """Load the documents of one side; `problems` says what is wrong with them."""
    documents, problems = load_tree(source)
    return Side(name, source, Library(documents, problems), problems, on)


def _mark(document: Document) -> str:
    data: Any = document.data
    if document.kind == "policy" and isinstance(data, dict):
        data = {**data, "rules": [_text(rule) for rule in data.get("rules") or ()]}
    rows = document.table.rows if document.table else None
    text = json.dumps([data, rows], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _text(rule: Any) -> Any:
    return {k: v for k, v in rule.items() if k != "examples"} if isinstance(rule, dict) else rule
