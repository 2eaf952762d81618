"""What is wrong with one claim of an 837, told with the segment's number and name."""

from __future__ import annotations

from engine.model.problem import Location, Problem, Severity


class ClaimFaults:
    """Collects the problems of the claims of one transaction.

    `position` is the segment under reading, counted from the claim's CLM. After a claim, `bad`
    tells whether it had an error, and `lost` whose HL segment turned out to be missing:
    ``biller``, ``subscriber`` or nobody's.
    """

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self._told: set[str] = set()
        self.begin([["CLM"]], 0, None)

    def begin(self, segments: list[list[str]], first: int, claim_id: str | None) -> None:
        """Turn to the claim in `segments`, whose CLM is segment `first` of the file."""
        self.segments, self.first, self.position = segments, first, 0
        self.claim_id = claim_id
        self.bad = False
        self.lost = ""

    def error(self, fault: str, message: str, hint: str | None = None) -> None:
        """A problem for which the claim is not yielded."""
        self.bad = True
        self._report(fault, message, hint, "error")

    def warn(self, fault: str, message: str, hint: str | None = None) -> None:
        """A problem that leaves the claim readable."""
        self._report(fault, message, hint, "warning")

    def once(self, fault: str, message: str) -> None:
        """A warning that is given once in a transaction."""
        if fault not in self._told:
            self._told.add(fault)
            self.warn(fault, message)

    def misplaced(self, message: str) -> None:
        """A warning that a segment stands where it means nothing, and is not used."""
        self.warn("misplaced-segment", f"{message}, where it has no meaning, and is not used")

    def level_lost(self, what: str, biller: bool = False) -> None:
        """An error: `what` begins a new biller, subscriber or patient without its HL segment."""
        self.lost = "biller" if biller or self.lost == "biller" else "subscriber"
        self.error(
            "lost-level",
            f"{what} stands inside a claim: the HL segment before it is missing",
            "whose claims follow is not known; they are not read until the next HL segment",
        )

    def _report(self, fault: str, message: str, hint: str | None, severity: Severity) -> None:
        number = self.first + self.position
        place = claim_place(number, self.segments[self.position][0], self.claim_id, self.first)
        self.problems.append(
            Problem(Location(self.file, place=place), fault, message, hint, severity)
        )


def claim_place(number: int, name: str, claim_id: str | None, first: int) -> str:
    """``segment 45 (SV1), claim PM-7 at segment 40``."""
    claim = f"claim {printable(claim_id, 40)}" if claim_id else "claim"
    return f"segment {number} ({printable(name, 4)}), {claim} at segment {first}"


def printable(given: str, length: int) -> str:
    """The start of what a file holds, safe to show."""
    return "".join(c if c.isprintable() else "?" for c in given[:length])
