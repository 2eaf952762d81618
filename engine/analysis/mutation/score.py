"""What came of trying mutants: the score, the untested sentences, and what has a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.analysis.mutation.mutant import Mutant
from engine.analysis.mutation.reasons import Reason, reason_for, reasons, stale
from engine.analysis.mutation.run import Bench, Tried, try_all
from engine.compiler.library import Library
from engine.model.problem import Problem


@dataclass(frozen=True)
class Survivor:
    """A change that no test notices, and the reason that somebody gave for that."""

    mutant: Mutant
    asked: int
    reason: str | None


@dataclass(frozen=True)
class Score:
    """`tried` mutants, the survivors among them, reasons that have outlived their cause, and the
    examples and cases that do not hold even of the policies as written."""

    tried: tuple[Tried, ...]
    survivors: tuple[Survivor, ...]
    stale: tuple[Problem, ...] = ()
    failing: tuple[str, ...] = ()

    @property
    def noticed(self) -> int:
        """How many a test noticed."""
        return len(self.tried) - len(self.survivors)

    @property
    def percent(self) -> int:
        """The score, rounded down; nothing to try is all noticed."""
        return 100 * self.noticed // len(self.tried) if self.tried else 100

    @property
    def untested(self) -> tuple[Survivor, ...]:
        """Survivors without a reason."""
        return tuple(s for s in self.survivors if s.reason is None)


def score(
    library: Library,
    choose: Callable[[list[Mutant]], list[Mutant]] = lambda found: found,
    processes: int | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Score:
    """Try the chosen mutants of a library."""
    bench = Bench(library)
    tried = try_all(bench, choose(bench.mutants), processes, progress)
    failing = tuple(bench.trials.failing)
    return judged(tried, list(reasons(library)), bench.mutants, failing)


def judged(
    tried: Sequence[Tried],
    stated: list[Reason],
    mutants: list[Mutant],
    failing: tuple[str, ...] = (),
) -> Score:
    """The score of what was tried, held against the reasons that are stated."""
    by_mark = {reason.mark: reason for reason in stated}
    survivors = tuple(
        Survivor(t.mutant, t.asked, reason_for(t.mutant, by_mark))
        for t in tried
        if t.noticed_by is None
    )
    return Score(tuple(tried), survivors, tuple(stale(stated, tried, mutants)), failing)
