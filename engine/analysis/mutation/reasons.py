"""Reasons why a change may go unnoticed, as `untested.yaml` beside a policy states them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.analysis.mutation.mutant import Mutant
from engine.analysis.mutation.run import Tried
from engine.compiler.library import Library
from engine.model.problem import Location, Problem


@dataclass(frozen=True)
class Reason:
    """Why one change of one rule or definition is not tested."""

    folder: str
    of: str
    change: str
    reason: str
    location: Location

    @property
    def mark(self) -> tuple[str, str, str]:
        """What it is matched by."""
        return self.folder, self.of, self.change


def reasons(library: Library) -> Iterator[Reason]:
    """Every reason that a library states."""
    for document in library.documents:
        if document.kind != "untested" or not isinstance(document.data, dict):
            continue
        for n, entry in enumerate(document.data.get("untested") or ()):
            for m, change in enumerate(entry.get("changes") or ()):
                where = document.marks.at_value(("untested", n, "changes", m))
                yield Reason(
                    document.folder, str(entry["of"]), str(change), str(entry["reason"]), where
                )


def reason_for(mutant: Mutant, stated: dict[tuple[str, str, str], Reason]) -> str | None:
    """The reason that stands beside the policy which writes the changed thing."""
    found = stated.get((mutant.policy, mutant.of, mutant.change))
    return found.reason if found else None


def stale(
    stated: Iterable[Reason], tried: Iterable[Tried], mutants: Iterable[Mutant]
) -> list[Problem]:
    """Reasons for changes that a test notices by now, or that do not exist any more.

    `tried` may be a choice of the mutants; of the others nothing is said but whether they exist.
    """
    noticed = {(t.mutant.policy, t.mutant.of, t.mutant.change): t.noticed_by for t in tried}
    known = {(m.policy, m.of, m.change) for m in mutants}
    found = []
    for reason in stated:
        by = noticed.get(reason.mark)
        if reason.mark not in known:
            found.append(_problem(reason, "the policy writes no such thing any more"))
        elif by is not None:
            found.append(_problem(reason, f"a test notices this change by now: {by}"))
    return found


def _problem(reason: Reason, why: str) -> Problem:
    return Problem(
        reason.location,
        "stale-reason",
        f"`{reason.of}` has a reason for `{reason.change}`: {why}",
        "take the entry out",
        "warning",
    )
