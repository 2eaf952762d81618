"""What is wrong with one FHIR claim, told with the path of the element."""

from __future__ import annotations

import re

from engine.claims.where import shown
from engine.model.problem import Location, Problem, Severity

_INDEX = re.compile(r"\[\d+\]")


class Faults:
    """Collects the problems of one claim.

    `line` is the line of the file on which the claim begins, where that says more than the path.
    After the reading `bad` tells whether there was an error. `told` holds what was said `once`;
    claims that share it share that one warning.
    """

    def __init__(self, file: str, line: int | None, told: set[str]) -> None:
        self.file, self.line, self.told = file, line, told
        self.claim_id: str | None = None
        self.problems: list[Problem] = []
        self.bad = False

    def error(self, path: str, fault: str, message: str, hint: str | None = None) -> None:
        """A problem for which the claim is not yielded."""
        self.bad = True
        self._report(path, fault, message, hint, "error")

    def warn(self, path: str, fault: str, message: str, hint: str | None = None) -> None:
        """A problem that leaves the claim readable."""
        self._report(path, fault, message, hint, "warning")

    def once(self, path: str, fault: str, message: str, hint: str | None = None) -> None:
        """A warning that the claims which share `told` give once for each fault and element."""
        key = f"{fault} {_INDEX.sub('', path)}"
        if key not in self.told:
            self.told.add(key)
            self.warn(path, fault, message, hint)

    def _report(
        self, path: str, fault: str, message: str, hint: str | None, severity: Severity
    ) -> None:
        named = shown(self.claim_id).strip("`") if self.claim_id else ""
        place = f"{path}, claim {named}" if named else path
        where = Location(self.file, self.line, place=place)
        problem = Problem(where, fault, message, hint, severity)
        if problem not in self.problems:  # Some elements are looked at more than once.
            self.problems.append(problem)
