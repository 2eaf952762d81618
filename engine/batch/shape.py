"""What claims of equal texts have in common: parsed once, checked once, and told apart by book."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from engine.batch.claims_of import claim_of
from engine.batch.reads import Reads
from engine.model.claim import Claim, Line, Provider

Record = dict[str, Any]
NOBODY = Provider()
SURGERY_CENTRE = "49"


class Shape:
    """One pair of texts, `about` and `body`. `sound`: such a claim has nothing wrong with it, and
    nothing in it that sets it apart from others."""

    __slots__ = ("_signs", "claim", "codes", "payer", "sound", "specialty", "state")

    def __init__(self, record: Record) -> None:
        about = json.loads(record["about"])
        claim, problems = claim_of(record)
        self.sound = claim is not None and not problems and _usual(about, claim)
        self.claim = claim
        self.codes = tuple(line.procedure for line in claim.lines) if claim else ()
        payer = claim.payer if claim else None
        self.payer = payer
        self.state = payer.state if payer else None
        first = claim.lines[0].rendering_provider if claim else None
        self.specialty = first.specialty if first else None
        self._signs: dict[tuple[Reads, int, int], Any] = {}

    def sign(self, reads: Reads, day: date) -> tuple[Any, ...]:
        """What of the claim can matter to a book on a day, apart from who and when."""
        mark = (reads, reads.bound.stretch(day), 0)
        found = self._signs.get(mark)
        if found is None:
            found = self._signs[mark] = self._sign(reads, day)
        return tuple(found)

    def _sign(self, reads: Reads, day: date) -> tuple[Any, ...]:
        claim = _whole(self.claim)
        billing = claim.billing_provider or NOBODY
        return (
            claim.form,
            claim.stage,
            claim.frequency,
            claim.type_of_bill,
            claim.facility_type,
            claim.patient.sex,
            claim.payer.plan,
            claim.payer.state if reads.reads_state else None,
            (_special(reads, billing.specialty), billing.taxonomy),
            tuple(self.lines(reads, day)),
        )

    def lines(self, reads: Reads, day: date) -> list[Any]:
        """The same of each of its lines, as lines of other claims see them, too."""
        mark = (reads, reads.bound.stretch(day), 1)
        found = self._signs.get(mark)
        if found is None:
            claim = _whole(self.claim)
            found = self._signs[mark] = [
                _line(reads, day, line, claim.diagnoses) for line in claim.lines
            ]
        return list(found)

    def others(self, reads: Reads, day: date) -> list[Any]:
        """As much of each of its lines as lines of other claims look at."""
        wanted = reads.of_others
        if wanted is None:
            return self.lines(reads, day)
        mark = (reads, reads.bound.stretch(day), 2)
        found = self._signs.get(mark)
        if found is None:
            lines = self.lines(reads, day)
            found = self._signs[mark] = [_part(line, wanted) for line in lines]
        return list(found)


_READ: dict[int, frozenset[str]] = {
    2: frozenset(("modifiers", "side")),
    3: frozenset(("units",)),
    4: frozenset(("place_of_service",)),
    5: frozenset(("diagnoses",)),
    6: frozenset(("provider.specialty",)),
    7: frozenset(("provider.taxonomy",)),
}
"""Which parts of a line, by position, are read by which name."""


def _part(line: tuple[Any, ...], wanted: frozenset[str]) -> tuple[Any, ...]:
    return tuple(
        part if n not in _READ or _READ[n] & wanted else None for n, part in enumerate(line[:8])
    )


def _whole(claim: Claim | None) -> Claim:
    assert claim is not None, "only sound shapes are asked"
    return claim


def _line(reads: Reads, day: date, line: Line, known: tuple[str, ...]) -> tuple[Any, ...]:
    provider = line.rendering_provider or NOBODY
    sign: Callable[[str, date], Any] = reads.sign
    return (
        line.number,
        line.procedure,
        line.modifiers,
        line.units,
        line.place_of_service,
        tuple((sign(code, day), known.index(code)) for code in line.diagnoses),
        _special(reads, provider.specialty),
        provider.taxonomy,
        line.revenue_code,
        line.ndc,
    )


def _special(reads: Reads, specialty: str | None) -> str | None:
    """A specialty as far as it matters."""
    if specialty is None or specialty == SURGERY_CENTRE or reads.reads_specialty:
        return specialty
    return "another"


def _usual(about: dict[str, Any], claim: Claim) -> bool:
    lines = claim.lines
    return (
        not about["documentation"]
        and not claim.documentation
        and not any(line.documentation for line in lines)
        and claim.stage == "billed"
        and claim.frequency not in ("7", "8")
        and (claim.type_of_bill or " ")[-1] not in "78"
    )
