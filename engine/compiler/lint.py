"""Everything that can be said about a policies folder without a claim."""

from __future__ import annotations

from engine.compiler.advice import advise
from engine.compiler.book import compile_book, compile_policy
from engine.compiler.folding import folded
from engine.compiler.library import Library
from engine.compiler.references import References
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
    shared = {d.file for d in library.documents if d.kind in SHARED}
    if not any(file in shared or file.endswith(".csv") for file in _broken(problems)):
        _link(library, problems)
    return library, folded(problems)


def _link(library: Library, problems: list[Problem]) -> None:
    broken = _broken(problems)
    references = References(library, problems)
    for document in library.documents:
        if isinstance(document.data, dict) and not _unsure(library, document, broken):
            references.check(document)
    for id, document in sorted(library.policies.items()):
        if not _leans_on(library, document, broken):
            found = compile_policy(library, id)[1]
            # Who asks for a fact is not known while a document is not.
            _note(problems, [p for p in found if p.id != "never-asked" or not broken])
    if not _broken(problems):
        for payer, contractor, plan in stacks(library):
            _note(problems, compile_book(library, payer, contractor, plan)[1])
    for document in library.policies.values():
        if not _leans_on(library, document, _broken(problems)):
            references.check_bases(document)
            _note(problems, list(advise(library, document)))


def _unsure(library: Library, document: Document, broken: set[str]) -> bool:
    """Whether what a document says of others cannot be told from what is wrong with these."""
    if document.kind == "cases":
        return bool(broken)
    if document.kind == "policy":
        return _leans_on(library, document, broken)
    return document.file in broken


def left_to_people(library: Library) -> list[str]:
    """The rules that are never decided by design: those that ask for `manual_review` (A33)."""
    return [
        f"{folder}#{rule.get('rule')}"
        for folder, document in sorted(library.policies.items())
        for rule in document.data.get("rules") or ()
        if isinstance(rule, dict) and "manual_review" in _forms(rule.get("requires"))
    ]


def _forms(data: object) -> set[str]:
    """The forms of a requirement, those that stand inside others included."""
    if isinstance(data, list):
        return {name for part in data for name in _forms(part)}
    if not isinstance(data, dict):
        return set()
    inner = (data.get(name) for name in ("all_of", "any_of", "none_of"))
    counted = data.get("count_of")
    parts = [*inner, counted.get("of") if isinstance(counted, dict) else None]
    return set(data) | {name for part in parts for name in _forms(part)}


def _broken(problems: list[Problem]) -> set[str]:
    """The files that hold an error."""
    return {p.location.file for p in problems if p.severity == "error"}


def stacks(library: Library) -> list[tuple[str, str | None, str | None]]:
    """Every payer alone, with each of its contractors, and with each plan that has a folder."""
    found: list[tuple[str, str | None, str | None]] = []
    for payer, document in sorted(library.payers.items()):
        contractors = [None, *(document.data.get("contractors") or {})]
        plans = [None, *_plans(library, document)]
        found += [(payer, contractor, plan) for contractor in contractors for plan in plans]
    return found


def _plans(library: Library, payer: Document) -> list[str]:
    """The plans for which a layer of the payer finds a folder."""
    found = set()
    for layer in payer.data.get("layers") or ():
        for folder in layer.get("plan") or ():
            above, _, _ = folder.partition("{plan}")
            names = (f[len(above) :] for f in library.folders if f.startswith(above))
            found |= {name.split("/")[0] for name in names if "{plan}" in folder and name}
    return sorted(found)


def _leans_on(library: Library, document: Document, broken: set[str]) -> bool:
    """Whether the policy or one of its bases is among the broken files, or could not be read."""
    family = (document, *library.bases(document))
    unread = str(family[-1].data.get("extends"))
    lost = any(file.rpartition("/")[0].endswith(unread) for file in broken)
    return lost or any(d.file in broken for d in family)


def _note(problems: list[Problem], more: list[Problem]) -> None:
    """Add what is new; a value that is lacking is one mistake, whoever compares it."""
    lacking = {p.message for p in problems if p.id == "key-not-defined"}
    for problem in more:
        if problem not in problems and problem.message not in lacking:
            problems.append(problem)
