"""The supporting information of a FHIR claim: its type of bill and its notes."""

from __future__ import annotations

from engine.claims import codes
from engine.claims.fhir.coded import BILLS, code_in, first_in, words_in
from engine.claims.fhir.element import Element

_BILL = "typeofbill"


class Supporting:
    """Type of bill, and notes: of the items that point to them, else of the claim."""

    def __init__(self, claim: Element) -> None:
        self.type_of_bill: str | None = None
        self._notes: dict[int, str] = {}
        for position, entry in enumerate(claim.all("supportingInfo"), 1):
            self._take(entry, entry.count("sequence") or position)
        pointed = {n for item in claim.all("item") for n in item.counts("informationSequence")}
        unpointed = [note for n, note in self._notes.items() if n not in pointed]
        self.note = "; ".join(unpointed) or None

    def note_of(self, item: Element) -> str | None:
        """The notes that an item points to."""
        sequences = item.counts("informationSequence")
        return "; ".join(self._notes[n] for n in sequences if n in self._notes) or None

    def _take(self, entry: Element, sequence: int) -> None:
        concept = entry.below("code")
        is_bill = _BILL in words_in(entry.below("category")) or first_in(concept, BILLS)
        if is_bill and concept is not None:
            found = code_in(concept, BILLS, codes.type_of_bill, "a type of bill")
            self.type_of_bill = self.type_of_bill or found
        note = entry.text("valueString") if "valueString" in entry.data else None
        if note:
            self._notes[sequence] = note
