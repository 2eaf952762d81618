"""Checks beyond the schema and the names: what an author should know though nothing is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from engine.compiler.book import compile_policy
from engine.compiler.library import Library
from engine.compiler.lint_dates import gaps, past_review
from engine.compiler.lint_reach import stray_examples, unreached
from engine.compiler.lint_sentences import unsaid
from engine.compiler.lint_unfilled import unfilled
from engine.compiler.lint_unused import unused
from engine.model.book import RuleBook
from engine.model.problem import Problem

_OF_BOOKS: tuple[Callable[[str, RuleBook], Iterator[Problem]], ...] = (gaps, unreached, unsaid)


def further(library: Library, today: date) -> list[Problem]:
    """Warnings about a library that has no error."""
    found = [*unused(library), *past_review(library, today), *unfilled(library)]
    for policy in sorted(library.policies):
        book, _ = compile_policy(library, policy)
        for check in _OF_BOOKS:
            found += check(policy, book)
        found += stray_examples(library, policy, book)
    return sorted(dict.fromkeys(found))
