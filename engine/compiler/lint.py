"""Everything that can be said about a policies folder without a claim."""

from __future__ import annotations

from engine.compiler.book import compile_book, compile_policy
from engine.compiler.library import Library
from engine.documents.document import Document
from engine.documents.load import load_tree
from engine.documents.source import Source
from engine.model.problem import Problem

SHARED = ("codes", "sources", "table", "vocabulary", "payer")


def lint(source: Source) -> tuple[Library, list[Problem]]:
    """The documents, and all of their problems.

    A policy is linked when its own document and those that it shares are in order, so that one
    mistake is not reported again by everything that leans on it.
    """
    documents, problems = load_tree(source)
    library = Library(documents, problems)
    broken = {p.location.file for p in problems if p.severity == "error"}
    if not any(d.file in broken for d in library.documents if d.kind in SHARED):
        for id, document in sorted(library.policies.items()):
            if not _leans_on(library, document, broken):
                _note(problems, compile_policy(library, id)[1])
        if not broken and not any(p.severity == "error" for p in problems):
            for payer, contractor in stacks(library):
                _note(problems, compile_book(library, payer, contractor)[1])
    return library, sorted(problems)


def stacks(library: Library) -> list[tuple[str, str | None]]:
    """Every payer alone and with each of its contractors."""
    found: list[tuple[str, str | None]] = []
    for payer, document in sorted(library.payers.items()):
        found.append((payer, None))
        found += [(payer, name) for name in document.data.get("contractors") or {}]
    return found


def _leans_on(library: Library, document: Document, broken: set[str]) -> bool:
    """Whether the policy or one of its bases is among the broken files."""
    seen: set[str] = set()
    while document.file not in broken and document.folder not in seen:
        seen.add(document.folder)
        base = library.policies.get(str(document.data.get("extends")))
        if base is None:
            return False
        document = base
    return True


def _note(problems: list[Problem], more: list[Problem]) -> None:
    problems += [p for p in more if p not in problems]
