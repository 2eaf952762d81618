"""Clauses of a diff in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.compiler.lint_terms import walk
from engine.model.term import All, Codes, CountOf, Some, Term

SHOWN = 12
"""More codes than this are counted, not listed."""


def in_words(text: str, names: Mapping[str, object]) -> str:
    """A sentence with parameters' values in the place of their names."""
    return re.sub(r"\{([^{}.]*)\}", lambda m: str(names.get(m[1], m[1])), text)


def term_said(term: Term, names: Mapping[str, object]) -> str:
    """A term as one sentence."""
    if isinstance(term, All | Some | CountOf) and term.terms:
        word = " or " if isinstance(term, Some) else " and "
        parts = [term_said(part, names) for part in term.terms]
        if isinstance(term, CountOf):
            return f"{in_words(term.words, names)} ({'; '.join(parts)})"
        return word.join(f"({p})" if " or " in p and word == " and " else p for p in parts)
    return in_words(term.words, names) or "every line"


def codes_said(before: Any, after: Any) -> list[str | None]:
    """What left and what joined, where only codes behind one name differ."""
    old, new = _codes(before), _codes(after)
    gone, come = sorted(old - new), sorted(new - old)
    if not gone and not come:
        return ["by its old definitions", "by its new definitions"]
    return [f"with {listing(gone)}" if gone else None, f"with {listing(come)}" if come else None]


def _codes(term: Any) -> set[str]:
    return {code for part in walk(term) if isinstance(part, Codes) for code in part.literal}


def listing(codes: Iterable[str]) -> str:
    """Codes in words, the first of them where there are many."""
    found = list(codes)
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def days(begin: date | None, end: date | None) -> str:
    """The services for which something holds."""
    if begin is None or begin == date.min:
        return f"for services before {end}" if end else "for all services"
    return f"for services from {begin}" + (f" until before {end}" if end else "")
