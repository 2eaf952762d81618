"""Reads one 837 transaction: follows its HL levels and hands each claim's segments on."""

from __future__ import annotations

from collections.abc import Callable

from engine.claims import codes
from engine.claims.npi import is_npi
from engine.claims.x12 import elements
from engine.claims.x12.claim import ClaimReader
from engine.claims.x12.composites import Composites
from engine.claims.x12.elements import element
from engine.claims.x12.faults import claim_place, printable
from engine.claims.x12.parties import Biller, Person, Subscriber
from engine.claims.x12.segments import names
from engine.model.claim import Claim, Form
from engine.model.problem import Location, Problem, Severity

BILLER, SUBSCRIBER, PATIENT = "20", "22", "23"
_LEVELS = {BILLER: "billing provider", SUBSCRIBER: "subscriber", PATIENT: "patient"}
_NAMES = {
    "": ("40", "41"),
    BILLER: ("85", "87", "PE"),
    SUBSCRIBER: ("IL", "PR"),
    PATIENT: ("QC",),
}
_UNUSED = names("BHT PER N2 N3 CUR REF")


class Transaction:
    """One 837 from ST to SE. What it yields is added to `out`, which the caller empties.

    While a claim is open its segments are in `claim`, to which the caller adds the next one
    itself unless that is a CLM or HL: the hot path of the reader.
    """

    def __init__(self, file: str, form: Form, composites: Composites) -> None:
        self.file = file
        self.out: list[Claim | Problem] = []
        self.claim: list[list[str]] | None = None
        self.number = 0
        self._started = 0
        self._seen = self._given = 0
        self._problems: list[Problem] = []
        self._reader = ClaimReader(file, form, composites, self._problems)
        self._level = self._entity = ""
        self._parents: dict[str, str] = {}
        self._names: set[str] = set()
        self._biller: Biller | None = None
        self._subscriber: Subscriber | None = None
        self._dependent: Person | None = None
        self._patient_lost = self._adrift = False

    def take(self, segment: list[str], number: int) -> None:
        """A segment above the claims, or one that begins a claim."""
        self.number = number
        name = segment[0]
        if name == "CLM":
            self.end_claim()
            self._adrift = False
            self._seen += 1
            self._check_patient()
            self.claim, self._started = [segment], number
            return
        if name == "HL":
            self.end_claim()
            self._take_level(segment)
            return
        if self._adrift:
            return
        take = _SEGMENTS.get(name)
        if take is not None:
            take(self, segment)
        elif name not in _UNUSED:
            self._drift(f"`{printable(name, 6)}` stands outside any claim")

    def end_claim(self) -> None:
        """Read the open claim, if there is one."""
        if self.claim is None:
            return
        segments, self.claim = self.claim, None
        subscriber = None if self._patient_lost else self._subscriber
        claim = self._reader.read(
            segments, self._started, self._biller, subscriber, self._dependent
        )
        self._given += 1
        if self._problems:
            self.out += self._problems
            self._problems.clear()
        if claim is not None:
            self.out.append(claim)
        if self._reader.lost:
            self._lose(self._reader.lost == "biller")

    def cut(self, why: str) -> None:
        """The transaction ends without SE: its open claim may have lost lines and is not read."""
        if self.claim is not None:
            claim_id = elements.text(element(self.claim[0], 1))
            place = claim_place(self.number, "end", claim_id, self._started)
            message = f"{why} before SE; the claim may lack segments and is not read"
            self.out.append(Problem(Location(self.file, place=place), "cut-claim", message))
            self.claim = None
            self._given += 1
        else:
            self._report("no-trailer", f"{why} before SE; claims may be missing")

    def check_counts(self) -> None:
        """Every CLM must have become a claim or a problem."""
        if self._seen != self._given:
            message = f"{self._seen} CLM segments, but {self._given} claims came out"
            self._report("lost-claims", message)

    def _report(self, fault: str, message: str, severity: Severity = "error") -> None:
        place = Location(self.file, place=f"segment {self.number}")
        self.out.append(Problem(place, fault, message, None, severity))

    def _drift(self, message: str) -> None:
        """A claim's segment without its CLM: what follows belongs to nobody known."""
        self._adrift = True
        self._report("misplaced-segment", f"{message}; nothing is read up to the next CLM or HL")

    def _lose(self, biller: bool) -> None:
        self._subscriber = self._dependent = None
        if biller:
            self._biller = None

    def _take_level(self, segment: list[str]) -> None:
        """HL: what belongs to this level and those below it starts anew."""
        level = element(segment, 3)
        if level not in _LEVELS:
            self._report("bad-level", f"HL03 is `{printable(level, 4)}`, not 20, 22 or 23")
            self._lose(biller=False)
            self._level = ""
            return
        self._check_parent(level, element(segment, 2))
        self._level, self._entity = level, ""
        self._parents[level] = element(segment, 1)
        self._dependent, self._patient_lost, self._adrift = None, False, False
        self._names = set()
        if level == PATIENT:
            self._dependent = Person()
            return
        self._subscriber = Subscriber(Person()) if level == SUBSCRIBER else None
        if level == BILLER:
            self._biller = Biller()

    def _check_parent(self, level: str, parent: str) -> None:
        above = {SUBSCRIBER: BILLER, PATIENT: SUBSCRIBER}.get(level)
        if above and parent != self._parents.get(above):
            message = (
                f"the HL segment of the {_LEVELS[level]} names HL `{printable(parent, 12)}` above "
                f"it, not the last {_LEVELS[above]}; the order of the segments is followed"
            )
            self._report("bad-parent", message, "warning")

    def _check_patient(self) -> None:
        """SBR02 18: the subscriber is the patient; else a level of the patient should follow."""
        if self._level != SUBSCRIBER or self._subscriber is None or "CLM" in self._names:
            return
        self._names.add("CLM")
        if self._subscriber.person.relationship != "18":
            message = "SBR02 is not 18, but no patient follows; the subscriber is taken as patient"
            self._report("no-patient-level", message, "warning")

    def _take_name(self, segment: list[str]) -> None:
        code = self._entity = element(segment, 1)
        if code not in _NAMES[self._level]:
            self._misplaced_name(code)
        elif code in self._names and self._level:
            self._drift(f"a second NM1*{code} stands at one level")
        elif code == "85" and self._biller is not None:
            self._biller.named = True
            self._biller.npi = self._npi(segment)
        elif code == "IL" and self._subscriber is not None:
            self._subscriber.person.member_id = elements.text(element(segment, 9))
        elif code == "PR" and self._subscriber is not None:
            self._subscriber.payer_name = elements.text(element(segment, 3))
            self._subscriber.payer_identifier = elements.text(element(segment, 9))
        self._names.add(code)

    def _misplaced_name(self, code: str) -> None:
        """A name of another level: its HL segment is lost, and so is who it belongs to."""
        self._entity = ""
        level = _LEVELS.get(self._level, "header")
        message = f"NM1*{printable(code, 3)} stands at the level of the {level}, out of place"
        self._report("lost-level", message)
        if code in ("85", "87"):
            self._lose(biller=True)
        elif code in ("IL", "PR"):
            self._lose(biller=False)
        elif code == "QC":
            self._patient_lost = True

    def _npi(self, segment: list[str]) -> str | None:
        found = element(segment, 9) if element(segment, 8) == "XX" else ""
        if found and not is_npi(found):
            message = f"`{printable(found, 12)}` is not an NPI: its check digit is wrong"
            self._report("npi-check-digit", message, "warning")
        return found or None

    def _take_city(self, segment: list[str]) -> None:
        if self._entity == "85" and self._biller is not None:
            self._biller.state = codes.state(element(segment, 2))

    def _take_taxonomy(self, segment: list[str]) -> None:
        if self._level == BILLER and self._biller is not None and element(segment, 1) == "BI":
            self._biller.taxonomy = element(segment, 3) or None

    def _take_subscriber(self, segment: list[str]) -> None:
        if self._level != SUBSCRIBER:
            self._report("lost-level", "SBR stands outside the level of a subscriber")
            self._lose(biller=False)
        elif "SBR" in self._names:
            self._drift("a second SBR stands at one level")
        elif self._subscriber is not None:
            self._subscriber.person.relationship = element(segment, 2) or None
        self._names.add("SBR")

    def _take_patient(self, segment: list[str]) -> None:
        if self._level == PATIENT and self._dependent is not None:
            self._dependent.relationship = element(segment, 1) or None
        elif self._level != SUBSCRIBER:
            self._report("lost-level", "PAT stands outside the level of a patient")
            self._lose(biller=False)

    def _take_birth(self, segment: list[str]) -> None:
        if self._entity == "IL" and self._subscriber is not None:
            person = self._subscriber.person
        elif self._entity == "QC" and self._dependent is not None:
            person = self._dependent
        else:
            self._report("lost-level", "DMG follows neither subscriber nor patient")
            self._patient_lost = True
            return
        found = elements.days(element(segment, 1), element(segment, 2))
        if found is None and element(segment, 2):
            self._report("bad-date", "the birth date is not a date", "warning")
        person.birth_date = found[0] if found else None
        sex = element(segment, 3)
        person.sex = sex if sex in ("F", "M") else None


_SEGMENTS: dict[str, Callable[[Transaction, list[str]], None]] = {
    "NM1": Transaction._take_name,
    "N4": Transaction._take_city,
    "PRV": Transaction._take_taxonomy,
    "SBR": Transaction._take_subscriber,
    "PAT": Transaction._take_patient,
    "DMG": Transaction._take_birth,
}
