"""The declaration of a documentation fact: its type, its subject and the question it answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the vocabulary (clause A29).

    `type` is yes_no, integer, percent, duration, date, choice, words or text; with `list` the
    value is a list of that type. `unit` is the unit of a duration that is given as a bare number.
    `values` are the answers of a choice. `about` is line, claim or patient; `stated` says when
    the record states it: before_service, at_service or after_service.
    """

    name: str
    says: str = ""
    type: str = "text"
    unit: str | None = None
    list: bool = False
    values: tuple[str, ...] = ()
    about: str = "claim"
    stated: str = "at_service"
    question: str = ""
    changed_by: str | None = None
    rare: bool = False
