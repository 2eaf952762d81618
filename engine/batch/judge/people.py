"""The claims of one patient beside one another, with what their lines say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.batch.judge.patient import services_of
from engine.chain.beside import Beside, values_of, values_of_claim
from engine.model.claim import Claim, Coverage, History


@dataclass
class People:
    """The claims of one patient, with what their lines say."""

    claims: Sequence[Claim]
    coverage: tuple[Coverage, ...]
    lines: list[list[Beside]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for c, claim in enumerate(self.claims):
            common = values_of_claim(claim)
            group, payer, name = common[-1], claim.payer.id, claim.claim_id
            self.lines.append(
                [
                    Beside(
                        c, n, line.number, line.procedure, line.service_date,
                        values_of(line, claim, common), group, payer, name,
                    )
                    for n, line in enumerate(claim.lines)
                ]
            )  # fmt: skip

    def others(self, own: Beside) -> list[Beside]:
        """The other lines, as a chain goes through them: those of the claim first."""
        found = [x for x in self.lines[own.claim] if x.line != own.line]
        for c, lines in enumerate(self.lines):
            if c != own.claim:
                found += lines
        return found

    def history(self, c: int) -> History:
        """What else is known when a claim is judged."""
        services = []
        for n, claim in enumerate(self.claims):
            if n != c:
                services += services_of(claim, [None] * len(claim.lines), gone=False)
        return History(tuple(services), self.coverage)
