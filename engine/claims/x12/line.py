"""Reads one service line of an 837: loop 2400 and the loops below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.claims import codes
from engine.claims.x12 import elements, service
from engine.claims.x12.elements import element
from engine.claims.x12.faults import printable
from engine.model.claim import NOTHING, Line, Provider

if TYPE_CHECKING:
    from datetime import date

    from engine.claims.x12.claim_level import ClaimLevel

_PAD = [""] * 8
# In these loops below the line a date or an authorization is not the line's own.
_PROVIDER, _ADJUDICATION = "a provider", "another payer's adjudication"
_PERFORMING = {"professional": ("82",), "institutional": ("82", "72")}


class LineReader:
    """Collects one service line of `claim`; `number` counts the claim's lines from 1."""

    __slots__ = (
        "at", "authorization", "claim", "days", "loop", "ndc", "notes", "npis", "number",
        "performer", "service", "taxonomies",
    )  # fmt: skip

    def __init__(self, claim: ClaimLevel, number: int, at: int) -> None:
        self.claim = claim
        self.number = number
        self.at = at
        self.loop = ""
        self.service: list[str] | None = None
        self.days: tuple[date, date] | None = None
        self.authorization: str | None = None
        self.notes: list[str] = []
        self.ndc: str | None = None
        self.npis: dict[str, str | None] = {}
        self.taxonomies: dict[str, str] = {}
        self.performer = ""

    def take_service(self, segment: list[str]) -> None:
        """SV1 or SV2."""
        self.service = segment + _PAD
        self.at = self.claim.position

    def take_date(self, segment: list[str]) -> None:
        """DTP: only the service date (472) is used."""
        _, code, form, value, *_ = segment + _PAD
        if code.strip() != "472":
            return
        form, value = form.strip(), value.strip()
        if self.loop:
            self.claim.misplaced(f"the service date stands in the loop of {self.loop}")
            return
        found = elements.days(form, value)
        if found is None:
            what = "a time, not a date" if form == "TM" else "not a date"
            self.claim.error(
                "bad-date",
                f"the service date `{printable(value, 20)}` ({printable(form, 3)}) is {what}",
            )
        elif self.days is not None:
            self.claim.warn("repeated-date", "a second service date of the line is not used")
        else:
            self.days = found
            if found[0] != found[1]:
                self.claim.warn(
                    "date-range",
                    f"the line spans {found[0]} to {found[1]}; the first day is used",
                )

    def take_reference(self, segment: list[str]) -> None:
        """REF: the line's prior authorization (G1)."""
        code = element(segment, 1)
        if code == "F8":
            self.claim.error("misplaced-segment", "REF*F8 stands in a line: a CLM may be missing")
        if code != "G1":
            return
        if self.loop:
            self.claim.misplaced(f"a prior authorization stands in the loop of {self.loop}")
        elif element(segment, 4):
            return  # REF04 names another payer, whose authorization this is.
        elif self.authorization is None:
            self.authorization = elements.text(element(segment, 2))
        else:
            self.claim.warn("repeated-authorization", "a second prior authorization is not used")

    def take_note(self, segment: list[str]) -> None:
        """NTE."""
        note = elements.text(element(segment, 2))
        if note:
            self.notes.append(note)

    def take_drug(self, segment: list[str]) -> None:
        """LIN: opens loop 2410; only a national drug code (N4) is used."""
        self.loop = "a drug"
        if element(segment, 2) != "N4":
            return
        given = element(segment, 3)
        found = codes.ndc(given)
        if found is None:
            self.claim.warn("bad-code", f"`{given}` is not a national drug code")
        elif self.ndc is not None:
            self.claim.warn("repeated-drug", "a second drug code of the line is not used")
        self.ndc = self.ndc or found

    def take_name(self, segment: list[str]) -> None:
        """NM1: opens a loop 2420."""
        code = element(segment, 1)
        if code in ("IL", "PR", "QC", "85", "87"):
            self.claim.level_lost(f"NM1*{code}", biller=code in ("85", "87"))
            return
        self.loop = _PROVIDER
        self.performer = ""
        if code in _PERFORMING[self.claim.form]:
            self.performer = code
            self.npis[code] = self.claim.npi(segment)

    def take_taxonomy(self, segment: list[str]) -> None:
        """PRV behind the provider's NM1."""
        if element(segment, 1) == "BI":
            self.claim.level_lost("PRV*BI", biller=True)
        elif self.performer and element(segment, 3):
            self.taxonomies[self.performer] = element(segment, 3)

    def take_adjudication(self, segment: list[str]) -> None:
        """SVD: opens loop 2430, what another payer decided."""
        self.loop = _ADJUDICATION

    def finish(self) -> Line | None:
        """The line; None if it cannot be read, which is then an error of the claim."""
        claim = self.claim
        claim.position = self.at
        given = self.service
        if given is None:
            claim.error("no-service", f"line {self.number} has no SV1 or SV2 segment")
            return None
        if given[0] == "SV1":
            _, composite, charge, basis, units, place, _, pointers, *_ = given
            revenue = None
        else:
            _, revenue_code, composite, charge, basis, units, *_ = given
            place = pointers = ""
            revenue = service.revenue_code(claim, revenue_code)
        procedure, modifiers, description = service.procedure(claim, composite.strip(), given[0])
        if description:
            self.notes.append(description)
        day = self._day()
        amount = service.charge(claim, charge)
        if procedure is None or day is None:
            return None
        return Line(
            self.number,
            procedure,
            day,
            modifiers,
            service.units(claim, self.number, basis.strip(), units),
            service.place(claim, place),
            service.pointed(claim, pointers.strip()),
            amount,
            self._performed_by(),
            revenue,
            self.ndc,
            self.authorization,
            "; ".join(self.notes) or None,
            NOTHING,
        )

    def _day(self) -> date | None:
        if self.days is not None:
            return self.days[0]
        claim = self.claim
        if claim.form == "institutional" and claim.statement is not None:
            claim.warn(
                "no-service-date",
                f"line {self.number} has no service date; the first day of the statement is used",
            )
            return claim.statement[0]
        claim.error("no-service-date", f"line {self.number} has no service date")
        return None

    def _performed_by(self) -> Provider | None:
        if self.npis:
            for code in _PERFORMING[self.claim.form]:
                if code in self.npis:
                    return elements.provider(self.npis[code], self.taxonomies.get(code))
        return self.claim.performer
