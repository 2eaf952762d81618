"""Cuts a stream of X12 text into segments, interchange by interchange, in little memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.claims.x12.delimiters import LONGEST, Delimiters, find_delimiters, find_start
from engine.model.problem import Location, Problem, Severity


def names(listed: str) -> frozenset[str]:
    """Segment names from a text that lists them."""
    return frozenset(listed.split())


SEGMENT_NAMES = names(
    "ISA TA1 GS ST BHT REF NM1 PER HL PRV CUR N2 N3 N4 SBR PAT DMG CLM DTP CL1 PWK CN1 AMT K3 NTE "
    "CR1 CR2 CR3 CR5 CR6 CRC HI HCP QTY CAS OI MIA MOA LX SV1 SV2 SV3 SV4 SV5 SV6 SV7 MEA PS1 LIN "
    "CTP SVD LQ FRM TOO DN1 DN2 HSD SE GE IEA"
)
"""Every segment that an 837 of version 5010 can hold."""

LONGEST_SEGMENT = 1 << 20


class SegmentReader:
    """Yields each segment as the list of its elements, its name first.

    `number` is the position of the segment last yielded, counted through the file from 1, and
    `delimiters` are those of its interchange. Faults of the text are added to `problems`, which
    the caller empties. An interchange whose ISA segment cannot be understood is left out with a
    problem.
    """

    def __init__(self, chunks: Iterable[bytes], file: str) -> None:
        self.file = file
        self.number = 0
        self.delimiters = Delimiters("*", ":", "~", 0)
        self.problems: list[Problem] = []
        self._chunks = iter(chunks)
        self._text = ""
        self._told: set[str] = set()

    def report(
        self, fault: str, message: str, hint: str | None = None, severity: Severity = "error"
    ) -> None:
        """Add a problem of the text at the present segment."""
        place = Location(self.file, place=f"segment {self.number}")
        self.problems.append(Problem(place, fault, message, hint, severity))

    def __iter__(self) -> Iterator[list[str]]:
        while self._find_interchange():
            found = find_delimiters(self._text)
            if isinstance(found, str):
                self.number += 1
                self.report(
                    "bad-interchange", f"this interchange is not read: {found}", "send it again"
                )
                self._told = {"stray-text"}
                self._text = self._text[3:]
                continue
            self.delimiters = found
            self._told = set()
            self.number += 1
            yield self._text[: found.end].rstrip(f"{found.terminator}\r\n").split(found.element)
            self._text = self._text[found.end :]
            yield from self._interchange(found)

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        # Latin-1 never fails and keeps every byte; free text is decoded again where it is used.
        self._text += chunk.decode("latin-1")
        return True

    def _find_interchange(self) -> bool:
        """Move to the next ISA segment and have it whole; false at the end of the file."""
        while True:
            at = find_start(self._text)
            if at >= 0 and len(self._text) >= at + LONGEST:
                break
            # Keep a tail in which an ISA segment may have begun.
            if at < 0:
                self._pass(self._text[:-4])
                self._text = self._text[-4:]
            if not self._more():
                at = find_start(self._text)
                break
        self._pass(self._text if at < 0 else self._text[:at])
        self._text = "" if at < 0 else self._text[at:]
        return at >= 0

    def _pass(self, skipped: str) -> None:
        if skipped.strip("\r\n\t \ufeff\x1a\0ï»¿"):
            self._once("stray-text", "text that belongs to no interchange is not read")

    def _once(self, fault: str, message: str, hint: str | None = None) -> None:
        if fault not in self._told:
            self._told.add(fault)
            self.report(fault, message, hint, "warning")

    def _interchange(self, delimiters: Delimiters) -> Iterator[list[str]]:
        """The segments up to IEA, the next ISA or the end of the file."""
        element, terminator = delimiters.element, delimiters.terminator
        while True:
            pieces = self._text.split(terminator)
            self._text = pieces.pop()
            if len(self._text) > LONGEST_SEGMENT:
                self.report("bad-interchange", "a segment has no end; the interchange stops here")
                return
            for position, piece in enumerate(pieces):
                piece = piece.strip()
                if "\n" in piece:
                    # The loop goes on with what the piece is made of.
                    pieces[position + 1 : position + 1] = self._unfolded(piece)
                    continue
                if not piece:
                    continue
                segment = piece.split(element)
                name = segment[0]
                if name[:3] == "ISA":
                    self._text = terminator.join([*pieces[position:], self._text])
                    return
                self.number += 1
                yield segment
                if name == "IEA":
                    self._text = terminator.join([*pieces[position + 1 :], self._text])
                    return
            if not self._more():
                yield from self._last(element)
                return

    def _last(self, element: str) -> Iterator[list[str]]:
        """What stands behind the last terminator of the file."""
        piece, self._text = self._text.strip(" \t\r\n\x1a\0"), ""
        if not piece:
            return
        self.number += 1
        segment = piece.split(element)
        if segment[0] == "IEA" and len(segment) > 2:
            yield segment
            return
        self.report("partial-segment", "the file ends within a segment, which is not read")

    def _unfolded(self, piece: str) -> tuple[str, ...]:
        """The segments in a piece with line ends in it.

        Either a line holds text behind a terminator, or a terminator is missing at its end, or
        the segment was broken over lines of fixed width.
        """
        found: list[str] = []
        stray = ""
        for line in re.split(r"\r?\n", piece):
            name, separator, _ = line.strip().partition(self.delimiters.element)
            if separator and name in SEGMENT_NAMES:
                if found:
                    message = "a segment ends at the end of its line, without its terminator"
                    self._once("missing-terminator", message)
                found.append(line.strip())
            elif found or (separator and stray + name in SEGMENT_NAMES):
                self._once("broken-line", "segments are broken over lines; the parts were joined")
                if found:
                    found[-1] += line
                else:
                    found, stray = [stray + line.strip()], ""
            else:
                stray += line.strip()
        if stray:
            self._once("stray-text", "text behind the end of a segment is not read")
        return tuple(found)
