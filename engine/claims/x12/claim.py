"""Reads one claim of an 837 from its segments: the claim as a whole, then its service lines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.claims.x12 import elements
from engine.claims.x12.claim_level import FIRST_OF_LINE, ClaimLevel, Segments
from engine.claims.x12.elements import element
from engine.claims.x12.line import LineReader
from engine.claims.x12.parties import Biller, Person, Subscriber, treated
from engine.claims.x12.segments import names
from engine.model.claim import NOTHING, Claim, Line, Patient

# Legal segments of a line from which no policy takes anything.
_UNUSED = names(
    "SV4 SV5 PWK CR1 CR3 CR5 CRC QTY MEA CN1 AMT K3 PS1 HCP CTP N2 N3 N4 PER CAS LQ FRM"
)


class ClaimReader(ClaimLevel):
    """Reads the claims of one transaction, one after the other; problems go to `problems`."""

    def read(
        self,
        segments: Segments,
        first: int,
        biller: Biller | None,
        subscriber: Subscriber | None,
        dependent: Person | None,
    ) -> Claim | None:
        """The claim in `segments`, whose CLM is segment `first` of the file; None if it is bad."""
        self.begin(segments, first, elements.text(element(segments[0], 1)))
        self.clear(biller)
        if self.claim_id is None:
            self.error("missing-field", "CLM01, the claim's id, is missing")
        patient = self._parties(subscriber, dependent)
        body = self.take_level(segments)
        lines = self._service_lines(segments, body)
        self._check_total(segments[0], lines)
        if self.bad or patient is None or subscriber is None:
            return None
        return self._claim(subscriber, patient, lines)

    def _parties(self, subscriber: Subscriber | None, dependent: Person | None) -> Patient | None:
        if self.biller is None or not self.biller.named:
            self.error("no-biller", "the claim stands under no billing provider (2010AA)")
        if subscriber is None:
            self.error("no-subscriber", "the claim stands under no subscriber or patient (2000B)")
            return None
        if subscriber.payer_name is None and subscriber.payer_identifier is None:
            self.error("no-payer", "the claim stands under no payer (2010BB)")
        found = treated(subscriber, dependent)
        if isinstance(found, str):
            self.error("no-patient", found)
            return None
        return found

    def _service_lines(self, segments: Segments, body: int) -> tuple[Line, ...]:
        """Loop 2400: a line begins at LX, or at a service where the line has one already."""
        found: list[Line] = []
        line: LineReader | None = None
        count = services = 0
        self._restarted = False
        for position in range(body, len(segments)):
            segment = segments[position]
            name = segment[0]
            self.position = position
            if name in FIRST_OF_LINE:
                if line is None or name == "LX" or line.service is not None:
                    self._finish(line, found)
                    count += 1
                    self.position = position
                    line = self._new_line(name, segment, count)
                if name != "LX":
                    services += 1
                    line.take_service(segment)
                continue
            take = _LINE_SEGMENTS.get(name)
            if take is not None and line is not None:
                take(line, segment)
            elif name not in _UNUSED:
                self.strange(name)
        self._finish(line, found)
        self.position = 0
        if count == 0:
            self.error("no-lines", "the claim has no service lines")
        elif services != len(found) and not self.bad:
            message = f"{services} SV1 or SV2 segments, but {len(found)} lines came out"
            self.error("lost-lines", message)
        return tuple(found)

    def _new_line(self, name: str, segment: list[str], count: int) -> LineReader:
        if name != "LX":
            self.once("no-line-number", "service lines without LX are numbered from 1")
        elif (given := element(segment, 1)) != str(count):
            self._restarted = self._restarted or given == "1"
            message = "LX does not count from 1; the lines of each claim are numbered from 1"
            self.once("line-number", message)
        return LineReader(self, count, self.position)

    def _finish(self, line: LineReader | None, found: list[Line]) -> None:
        if line is None:
            return
        expected = "SV1" if self.form == "professional" else "SV2"
        if line.service is not None and line.service[0] != expected:
            self.position = line.at
            message = f"{line.service[0]} is not a service of the {self.form} claim"
            self.error("wrong-service", message)
        elif (finished := line.finish()) is not None:
            found.append(finished)

    def _check_total(self, segment: list[str], lines: tuple[Line, ...]) -> None:
        total = elements.number(element(segment, 2))
        if total is None:
            self.warn("bad-money", "CLM02, the claim's total charge, is not an amount of money")
        elif not self.bad:
            charged = sum((line.charge for line in lines if line.charge is not None), Decimal(0))
            if charged != total and self._restarted:
                message = (
                    f"LX begins anew, and the lines charge {charged} where CLM02 is {total}: "
                    "some may belong to another claim"
                )
                self.error("merged-claims", message)
            elif charged != total:
                self.warn("total-charge", f"CLM02 is {total}, the lines charge {charged}")

    def _claim(self, subscriber: Subscriber, patient: Patient, lines: tuple[Line, ...]) -> Claim:
        biller = self.biller or Biller()
        state = self.state or biller.state
        # By position: keywords would cost a tenth of the reader's speed.
        return Claim(
            self.claim_id or "",
            elements.payer(subscriber.payer_name, subscriber.payer_identifier, state),
            patient,
            lines,
            self.form,
            "billed",
            self.replaces,
            self.frequency,
            self.bill,
            biller.provider(),
            None,
            self.every_diagnosis,
            self.authorization,
            "; ".join(self.notes) or None,
            NOTHING,
        )


_LINE_SEGMENTS: dict[str, Callable[[LineReader, list[str]], None]] = {
    "DTP": LineReader.take_date,
    "REF": LineReader.take_reference,
    "NTE": LineReader.take_note,
    "LIN": LineReader.take_drug,
    "NM1": LineReader.take_name,
    "PRV": LineReader.take_taxonomy,
    "SVD": LineReader.take_adjudication,
}
