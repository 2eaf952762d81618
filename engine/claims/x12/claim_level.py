"""Reads what an 837 says of a claim as a whole: loop 2300, its providers, and other payers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from engine.claims import codes
from engine.claims.npi import is_npi
from engine.claims.x12 import elements
from engine.claims.x12.composites import Composites
from engine.claims.x12.diagnoses import read_diagnoses
from engine.claims.x12.elements import element
from engine.claims.x12.faults import ClaimFaults, printable
from engine.claims.x12.parties import Biller
from engine.claims.x12.segments import names
from engine.model.claim import Form, Provider
from engine.model.problem import Problem

Segments: TypeAlias = list[list[str]]

FIRST_OF_LINE = names("LX SV1 SV2")
# What stands in loops 2320 and 2330, which belong to another payer.
_OTHER_PAYER = names("SBR CAS AMT OI MIA MOA NM1 N2 N3 N4 PER REF DTP")
# What opens a new subscriber or patient: inside a claim it shows that an HL segment is lost.
_OF_LEVELS = names("SBR PAT DMG")
# Legal segments of a claim from which no policy takes anything.
_UNUSED = names("CL1 PWK CN1 AMT K3 CR1 CR2 CR3 CR5 CR6 CRC HCP QTY N2 N3 PER")
_OF_LINES = names("SV5 SV4 MEA PS1 LIN CTP SVD LQ FRM CAS OI MIA MOA")
_PERFORMING = {"professional": ("82",), "institutional": ("82", "72", "71")}


class ClaimLevel(ClaimFaults):
    """What is known of the claim under reading before its service lines."""

    def __init__(
        self, file: str, form: Form, composites: Composites, problems: list[Problem]
    ) -> None:
        super().__init__(file, problems)
        self.form: Form = form
        self.composites = composites
        self.clear(None)

    def clear(self, biller: Biller | None) -> None:
        """Forget the claim before."""
        self.biller = biller
        self.place: str | None = None
        self.bill: str | None = None
        self.frequency: str | None = None
        self.replaces: str | None = None
        self.authorization: str | None = None
        self.statement: tuple[date, date] | None = None
        self.state: str | None = None
        self.diagnoses: list[str | None] = []
        self.every_diagnosis: tuple[str, ...] = ()
        self.performer: Provider | None = None
        self.notes: list[str] = []
        self._npis: dict[str, str | None] = {}
        self._taxonomies: dict[str, str] = {}
        self._entity = ""

    def take_level(self, segments: Segments) -> int:
        """Read the segments before the first service line; returns the position of that line."""
        self._start(segments[0])
        end = self._take_segments(segments)
        self.every_diagnosis = tuple(code for code in self.diagnoses if code is not None)
        self.performer = self._performed_by()
        return end

    def npi(self, segment: list[str]) -> str | None:
        """The NPI of an NM1 segment (NM108 XX); a wrong check digit is a warning."""
        if element(segment, 8) != "XX":
            return None
        found = element(segment, 9)
        if found and not is_npi(found):
            message = f"`{printable(found, 12)}` is not an NPI: its check digit is wrong"
            self.warn("npi-check-digit", message)
        return found or None

    def _performed_by(self) -> Provider | None:
        """Who performed the lines that name nobody.

        A professional claim names its rendering provider only when that is not the biller. An
        institutional one falls back from the rendering to the operating and the attending
        practitioner.
        """
        for code in _PERFORMING[self.form]:
            if code in self._npis:
                return elements.provider(self._npis[code], self._taxonomies.get(code))
        if self.form == "professional" and self.biller is not None:
            return self.biller.provider()
        return None

    def strange(self, name: str) -> None:
        """A segment that nobody takes: out of place, or no segment of an 837 at all."""
        if name in _OF_LEVELS:
            self.level_lost(name)
        elif name in _CLAIM_SEGMENTS or name in _UNUSED or name in _OF_LINES:
            self.error("misplaced-segment", f"{name} stands where it has no meaning")
        else:
            message = f"`{printable(name, 6)}` is no segment of a claim and is not read"
            self.warn("unknown-segment", message)

    def _start(self, segment: list[str]) -> None:
        """CLM05: place of service or type of bill, and frequency."""
        parts = self.composites.split_facility(element(segment, 5), self)
        code, qualifier, frequency = (part.strip() for part in (*parts, "", "", "")[:3])
        self.frequency = frequency or None
        wanted = "B" if self.form == "professional" else "A"
        if qualifier != wanted:
            self.warn(
                "bad-qualifier",
                f"CLM05 has the qualifier `{printable(qualifier, 4)}`, not {wanted}; "
                f"the code before it is not used",
            )
        elif wanted == "B":
            self.place = codes.place_of_service(code)
            if self.place is None:
                message = f"`{printable(code, 12)}` is not a place of service"
                self.error("bad-code", message)
        else:
            self.bill = codes.type_of_bill(code + frequency)
            if self.bill is None:
                message = f"`{printable(code + frequency, 12)}` is not a type of bill"
                self.error("bad-code", message)

    def _take_segments(self, segments: Segments) -> int:
        other_payer = False
        for position in range(1, len(segments)):
            segment = segments[position]
            name = segment[0]
            if name in FIRST_OF_LINE:
                return position
            self.position = position
            if other_payer:
                self._of_other_payer(name)
            elif name == "SBR":
                other_payer = True
            else:
                take = _CLAIM_SEGMENTS.get(name)
                if take is not None:
                    take(self, segment)
                elif name not in _UNUSED:
                    self.strange(name)
        return len(segments)

    def _of_other_payer(self, name: str) -> None:
        # Nothing here is the claim's own: its payer, member and authorization stay untouched.
        if name not in _OTHER_PAYER:
            self.strange(name)

    def _take_date(self, segment: list[str]) -> None:
        if element(segment, 1) != "434":
            return
        self.statement = elements.days(element(segment, 2), element(segment, 3))
        if self.statement is None:
            self.warn("bad-date", "the statement dates (434) are not a range of dates")

    def _take_reference(self, segment: list[str]) -> None:
        code = element(segment, 1)
        if code not in ("G1", "F8"):
            return
        if self._entity:
            self.misplaced(f"REF*{code} stands in the loop of a provider")
            return
        given = elements.text(element(segment, 2))
        if code == "F8":
            self.replaces = given
        elif self.authorization is None:
            self.authorization = given
        else:
            self.warn("repeated-authorization", "a second prior authorization is not used")

    def _take_diagnoses(self, segment: list[str]) -> None:
        self.diagnoses += read_diagnoses(self, self.composites, segment)

    def _take_note(self, segment: list[str]) -> None:
        note = elements.text(element(segment, 2))
        if note:
            self.notes.append(note)

    def _take_name(self, segment: list[str]) -> None:
        code = element(segment, 1)
        if code in ("IL", "QC", "PR", "85", "87"):
            self.level_lost(f"NM1*{code}", biller=code in ("85", "87"))
            return
        self._entity = code or "?"
        if code in _PERFORMING[self.form]:
            self._npis[code] = self.npi(segment)

    def _take_taxonomy(self, segment: list[str]) -> None:
        if element(segment, 1) == "BI":
            self.level_lost("PRV*BI", biller=True)
        elif self._entity and element(segment, 3):
            self._taxonomies[self._entity] = element(segment, 3)

    def _take_city(self, segment: list[str]) -> None:
        if self._entity == "77":
            self.state = codes.state(element(segment, 2))


_CLAIM_SEGMENTS: dict[str, Callable[[ClaimLevel, list[str]], None]] = {
    "DTP": ClaimLevel._take_date,
    "REF": ClaimLevel._take_reference,
    "NTE": ClaimLevel._take_note,
    "HI": ClaimLevel._take_diagnoses,
    "NM1": ClaimLevel._take_name,
    "PRV": ClaimLevel._take_taxonomy,
    "N4": ClaimLevel._take_city,
}
