"""What an evaluation says: outcomes with their proofs, findings, questions and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from engine.model.book import Rule
from engine.model.record import Record

Word: TypeAlias = Literal["not_applicable", "met", "violated", "undecided"]
Verdict: TypeAlias = Literal["clean", "not_clean", "undecided"]


NOTHING: Mapping[str, object] = {}


class Need(Record):
    """A fact that is wanted, and of which line; `depends_on` names a line instead of a fact."""

    fact: str
    question: str
    claim_id: str | None
    line: int | None
    service_date: date | None
    documentation: bool = True
    depends_on: int | None = None


class Proof(Record):
    """Why a term came out so. `how` says how `parts` make the value; `report` feeds messages.

    `if_true` and `if_false` are the smallest sets of needs whose answers could settle an
    unknown leaf so; None where no answer can.
    """

    value: bool | None
    words: str
    reading: str = ""
    how: Literal["leaf", "all", "some", "not", "count"] = "leaf"
    parts: tuple[Proof, ...] = ()
    if_true: tuple[Need, ...] | None = None
    if_false: tuple[Need, ...] | None = None
    report: Mapping[str, object] = NOTHING
    label: str = ""


class Outcome(Record):
    """One rule on one line, or on one diagnosis of some lines."""

    rule: Rule
    lines: tuple[int, ...]
    word: Word
    diagnosis: str | None = None
