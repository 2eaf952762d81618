"""What a line must bear to matter: the answer of `relevance`, which a database turns into SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trigger:
    """Lines that matter bear one of these codes; `recorded`: every line of whose claim the record
    states something does, `any_line`: every line at all."""

    procedures: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()
    diagnoses: frozenset[str] = frozenset()
    recorded: bool = False
    any_line: bool = False

    def __or__(self, other: Trigger) -> Trigger:
        return Trigger(
            self.procedures | other.procedures,
            self.modifiers | other.modifiers,
            self.diagnoses | other.diagnoses,
            self.recorded or other.recorded,
            self.any_line or other.any_line,
        )

    @property
    def cost(self) -> tuple[bool, bool, int, int, int]:
        """What is better to look for: procedures are rarer than modifiers and diagnoses."""
        return (
            self.any_line,
            self.recorded,
            len(self.diagnoses),
            len(self.modifiers),
            len(self.procedures),
        )


NEVER = Trigger()
ALWAYS = Trigger(any_line=True)
RECORDED = Trigger(recorded=True)


@dataclass(frozen=True)
class Past:
    """Other lines of a patient that could be looked for beside a line that matters: those with
    one of these codes; with `same_day` those of its day, with `recorded` those of which a record
    states something; `any_line`: all of them."""

    codes: frozenset[str] = frozenset()
    same_day: bool = False
    recorded: bool = False
    any_line: bool = False

    def __or__(self, other: Past) -> Past:
        return Past(
            self.codes | other.codes,
            self.same_day or other.same_day,
            self.recorded or other.recorded,
            self.any_line or other.any_line,
        )


ALL_OF_IT = Past(any_line=True)


@dataclass(frozen=True)
class Relevance:
    """`lines` are the lines on which something could be said, `past` those that could be counted
    with them."""

    lines: Trigger = NEVER
    past: Past = Past()

    def __or__(self, other: Relevance) -> Relevance:
        return Relevance(self.lines | other.lines, self.past | other.past)
