"""Puts together what a reviewer must know of a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.analysis.diff import Diff, Side, compare
from engine.analysis.impact import Impact
from engine.analysis.mutation.score import Score, score
from engine.analysis.mutation.touched import chosen, touched
from engine.analysis.review.evidence import Ground, grounds
from engine.analysis.review.tests import TestChange, test_changes
from engine.compiler.lint_revised import revised
from engine.documents.digest import tree_digest
from engine.model.problem import Problem


@dataclass(frozen=True)
class Digests:
    """A mark of everything that a state of the policies says; equal marks, equal documents."""

    base: str
    head: str


@dataclass(frozen=True)
class Review:
    """Everything in the report. `impact` is None where no corpus was given; `refused` are texts
    in force that the change edits."""

    diff: Diff
    impact: Impact | None
    tests: tuple[TestChange, ...]
    score: Score
    grounds: tuple[Ground, ...]
    refused: tuple[Problem, ...]
    digests: Digests

    @property
    def in_order(self) -> bool:
        """Whether nothing is refused, fails or is left untested."""
        return not (self.refused or self.score.failing or self.score.untested)


def review(
    base: Side,
    head: Side,
    impact: Impact | None,
    today: date,
    processes: int | None = None,
) -> Review:
    """Compare two states of the policies, both free of errors."""
    diff = compare(base, head)
    owners = touched(base.library, head.library)
    tried = score(head.library, lambda found: chosen(found, owners), processes)
    return Review(
        diff,
        impact,
        tuple(test_changes(base.library, head.library, (*diff.rules(), *_rules(owners)))),
        tried,
        tuple(grounds(head, diff.rules())),
        tuple(p for p in revised(base.library, head.library, today) if p.severity == "error"),
        Digests(tree_digest(base.source)[:16], tree_digest(head.source)[:16]),
    )


def _rules(owners: frozenset[str]) -> Iterator[str]:
    """The rules among the owners of what differs, examples included."""
    yield from sorted(owner for owner in owners if "#" in owner)
