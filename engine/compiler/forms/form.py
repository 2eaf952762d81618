"""What a form of the language consists of; each form is one file of this folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.compiler.here import Here
from engine.model.term import Term

Schema = Mapping[str, Any]


class Lowering(Protocol):
    """What a form may ask of its surroundings while it becomes a term."""

    def form(self, here: Here) -> Term:
        """Lower a mapping with one key that names a form."""

    def pattern(self, here: Here) -> Term:
        """Lower a line pattern: all of its keys must hold."""

    def counting(self, here: Here, key: str) -> str:
        """`counting` or `by`: from the form, else from the policy's head."""

    def rule(self, here: Here) -> str:
        """The full id of a rule named by its own name or by its full id."""


@dataclass(frozen=True)
class Form:
    """A form: its schema fragment, its lowering to core terms, its sentence, what it reports.

    `sentence` turns the author's data into words; names of parameters stay in braces.
    `reports` are the names that `says` and `message` may use behind the form's own name.
    """

    name: str
    schema: Schema
    lower: Callable[[Here, Lowering], Term]
    sentence: Callable[[Any], str]
    reports: tuple[str, ...] = field(default=())
