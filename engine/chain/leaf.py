"""Proofs without parts, and how they show what was read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from engine.chain.binding import Binding
from engine.chain.facts import MISSING, UNDEFINED, LineFacts
from engine.chain.needs import Needs
from engine.model.outcome import Proof
from engine.model.term import Term

Prove: TypeAlias = Callable[[Binding, Term, LineFacts], Proof]


def leaf(
    value: bool | None,
    words: str,
    reading: str,
    if_true: Needs | None = (),
    if_false: Needs | None = (),
    **more: Any,
) -> Proof:
    """A proof without parts; the needs matter only if the value is unknown."""
    if value is not None:
        if_true = () if value else None
        if_false = None if value else ()
    return Proof(value, words, reading, if_true=if_true, if_false=if_false, **more)


def shown(value: Any) -> str:
    """A value that was read, as an explanation shows it."""
    if value is None or value is MISSING:
        return "not known"
    if value is UNDEFINED:
        return "the code has none"
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(map(shown, sorted(value, key=str))) or "none"
    return str(value)
