"""Reads remittances, X12 835: which lines of which claims were paid, denied or taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from engine.claims.x12 import elements
from engine.claims.x12.elements import element
from engine.claims.x12.faults import printable
from engine.claims.x12.remittance_claim import Segments, read_payment
from engine.claims.x12.segments import SegmentReader, names
from engine.model.problem import Location, Problem, Severity
from engine.model.remittance import Remittance

_ENDS_CLAIM = names("CLP LX TS3 TS2 PLB SE ST GE IEA ISA GS")


def read_remittances(chunks: Iterable[bytes], file: str) -> Iterator[Remittance | Problem]:
    """The claim payments of the interchanges in `chunks` and the problems found, in file order.

    A payment whose transaction ends without SE is not yielded if it was the last one: it may be
    cut short.
    """
    reader = SegmentReader(chunks, file)
    transactions = _Transactions(reader)
    for segment in reader:
        transactions.take(segment)
        yield from _taken(transactions.out)
    transactions.close("the file ends")
    yield from _taken(transactions.out)


def _taken(out: list[Remittance | Problem]) -> Iterator[Remittance | Problem]:
    yield from out
    out.clear()


class _Transactions:
    """The transaction that is open, its date and trace number, and the payment under reading."""

    def __init__(self, reader: SegmentReader) -> None:
        self.out: list[Remittance | Problem] = []
        self._reader = reader
        self._claim: Segments | None = None
        self._at = self._first = self._position = 0
        self._inside = self._read = False
        self._day: date | None = None
        self._trace: str | None = None

    def take(self, segment: list[str]) -> None:
        """The next segment of the file."""
        self.out += self._reader.problems
        self._reader.problems.clear()
        name = segment[0]
        if self._claim is not None and name not in _ENDS_CLAIM:
            self._claim.append(segment)
            return
        if name in ("ISA", "GS", "ST") and self._inside:
            self.close("a new envelope begins")
        elif name == "SE":
            self._end(segment)
        elif name in ("GE", "IEA"):
            self.close("the envelope ends")
        if name == "ST":
            self._begin(segment)
        elif self._read:
            self._within(name, segment)

    def close(self, why: str) -> None:
        """End a transaction without its SE."""
        if not self._inside:
            return
        if self._read:
            lost = "; the last claim may lack segments and is not read" if self._claim else ""
            self._report("cut-claim", f"{why} before SE{lost}")
        self._claim, self._inside, self._read = None, False, False

    def _begin(self, segment: list[str]) -> None:
        self._inside, self._first = True, self._reader.number
        self._day, self._trace, self._position = None, None, 0
        kind = element(segment, 1)
        self._read = kind == "835"
        if not self._read:
            said = printable(kind, 6) or "(none)"
            self._report("refused-transaction", f"transaction {said} is no remittance (835)")

    def _end(self, segment: list[str]) -> None:
        if not self._inside:
            return
        self._finish()
        counted = self._reader.number - self._first + 1
        if self._read and element(segment, 1).lstrip("0") != str(counted):
            said = printable(element(segment, 1), 10)
            message = f"SE01 counts `{said}` segments, here are {counted}"
            self._report("wrong-count", message, "warning")
        self._inside = self._read = False

    def _within(self, name: str, segment: list[str]) -> None:
        self._finish()
        if name == "CLP":
            self._claim, self._at = [segment], self._reader.number
        elif name == "TRN" and self._trace is None:
            self._trace = element(segment, 2) or None
        elif name == "BPR":
            self._day = elements.day(element(segment, 16))
        elif name == "DTM" and element(segment, 1) == "405" and self._day is None:
            self._day = elements.day(element(segment, 2))

    def _finish(self) -> None:
        if self._claim is None:
            return
        segments, self._claim = self._claim, None
        self._position += 1
        found, faults = read_payment(segments, self._reader.delimiters.component)
        place = f"segment {self._at} (CLP)"
        for fault, message, severity in faults:
            self.out.append(
                Problem(Location(self._reader.file, place=place), fault, message, None, severity)
            )
        if found is not None:
            self.out.append(found.remittance(self._day, self._trace, self._position))

    def _report(self, fault: str, message: str, severity: Severity = "error") -> None:
        place = Location(self._reader.file, place=f"segment {self._reader.number}")
        self.out.append(Problem(place, fault, message, None, severity))
