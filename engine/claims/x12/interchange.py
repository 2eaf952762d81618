"""Reads X12 interchanges: checks their envelopes and reads the 837 transactions in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.claims.x12.composites import Composites
from engine.claims.x12.elements import element
from engine.claims.x12.faults import printable
from engine.claims.x12.guides import form_of, is_listed, refusal
from engine.claims.x12.segments import SegmentReader
from engine.claims.x12.transaction import Transaction
from engine.model.claim import Claim
from engine.model.problem import Location, Problem, Severity

_ENVELOPE = frozenset(("ISA", "TA1", "GS", "ST", "SE", "GE", "IEA"))
_EDGES = _ENVELOPE | {"CLM", "HL"}


def read_x12(chunks: Iterable[bytes], file: str) -> Iterator[Claim | Problem]:
    """The claims of the interchanges in `chunks` and the problems found, in file order.

    Memory does not grow with the file: one claim is held at a time.
    """
    reader = SegmentReader(chunks, file)
    envelope = _Envelope(reader)
    transaction: Transaction | None = None
    claim: list[list[str]] | None = None
    for segment in reader:
        name = segment[0]
        if claim is not None and name not in _EDGES:
            claim.append(segment)
            continue
        if reader.problems:
            yield from _taken(reader.problems)
        if transaction is not None and name not in _ENVELOPE:
            transaction.take(segment, reader.number)
        else:
            envelope.take(name, segment)
            transaction = envelope.transaction
        if envelope.out:
            yield from _taken(envelope.out)
        claim = None
        if transaction is not None:
            if transaction.out:
                yield from transaction.out
                transaction.out.clear()
            claim = transaction.claim
    yield from _taken(reader.problems)
    envelope.close("the file ends")
    yield from _taken(envelope.out)


def _taken(out: list[Claim | Problem] | list[Problem]) -> Iterator[Claim | Problem]:
    yield from out
    out.clear()


class _Envelope:
    """The interchange, group and transaction that are open, with their counts."""

    def __init__(self, reader: SegmentReader) -> None:
        self.reader = reader
        self.out: list[Claim | Problem] = []
        self.transaction: Transaction | None = None
        self._interchange: str | None = None
        self._group: str | None = None
        self._version = self._control = self._why = ""
        self._groups = self._transactions = self._first = self._skipped = 0
        self._open = False

    def take(self, name: str, segment: list[str]) -> None:
        """A segment of the envelope, or one outside every transaction that is read."""
        take = _SEGMENTS.get(name)
        if take is not None:
            take(self, segment)
            return
        if not self._open and name != "TA1":
            self._open = True
            self._why = f"{printable(name, 4)} stands outside a transaction"
        if name == "CLM":
            self._skipped += 1

    def close(self, why: str) -> None:
        """End whatever is still open when the interchange or the file ends."""
        self._end_transaction(why)
        if self._group is not None:
            self._report("no-trailer", f"{why} before GE", "warning")
        if self._interchange is not None:
            self._report("no-trailer", f"{why} before IEA", "warning")
        self._group = self._interchange = None

    def _report(self, fault: str, message: str, severity: Severity = "error") -> None:
        place = Location(self.reader.file, place=f"segment {self.reader.number}")
        self.out.append(Problem(place, fault, message, None, severity))

    def _count(self, name: str, given: str, counted: int, what: str) -> None:
        if given.lstrip("0") != (str(counted) if counted else ""):
            message = f"{name} counts `{printable(given, 10)}` {what}, here are {counted}"
            self._report("wrong-count", message, "warning")

    def _same(self, name: str, given: str, opened: str | None) -> None:
        if opened is not None and given != opened:
            message = f"the control number of {name} is not that of the segment it closes"
            self._report("wrong-control-number", message, "warning")

    def _take_isa(self, segment: list[str]) -> None:
        self.close("a new interchange begins")
        self._interchange = element(segment, 13)
        self._groups = 0
        if not self.reader.delimiters.declared:
            message = "ISA16 declares no component separator; `:` is used"
            self._report("component-separator", message, "warning")

    def _take_gs(self, segment: list[str]) -> None:
        self._end_transaction("a new group begins")
        if self._group is not None:
            self._report("no-trailer", "a new group begins before GE", "warning")
        self._group, self._version = element(segment, 6), element(segment, 8)
        self._groups += 1
        self._transactions = 0

    def _take_st(self, segment: list[str]) -> None:
        self._end_transaction("a new transaction begins")
        if self._group is None:
            self._report("no-group", "the transaction stands in no group (GS)", "warning")
        self._control, self._first = element(segment, 2), self.reader.number
        self._transactions += 1
        self._open = True
        stated = element(segment, 3)
        guide = stated if form_of(stated) or not self._version else self._version
        if stated and guide != self._version and self._version:
            message = f"ST03 names guide {guide}, GS08 {self._version}; ST03 is followed"
            self._report("two-guides", message, "warning")
        self._begin(element(segment, 1), guide)

    def _begin(self, kind: str, guide: str) -> None:
        reader = self.reader
        refused = refusal(kind, guide)
        form = form_of(guide)
        if refused or form is None:
            self._why = refused or f"guide {guide} does not say which form the claims have"
            return
        if not is_listed(guide):
            message = f"guide {guide} is a version not known here; it is read as {guide[:10]}"
            self._report("unknown-guide", message, "warning")
        composites = Composites(reader.delimiters.component, reader.delimiters.element)
        self.transaction = Transaction(reader.file, form, composites)

    def _take_se(self, segment: list[str]) -> None:
        if not self._open:
            self._report("no-header", "SE closes no transaction", "warning")
            return
        transaction = self.transaction
        if transaction is not None:
            transaction.end_claim()
            transaction.number = self.reader.number
            transaction.check_counts()
            self.out += transaction.out
            self._count(
                "SE01", element(segment, 1), self.reader.number - self._first + 1, "segments"
            )
            self._same("SE", element(segment, 2), self._control)
            self.transaction, self._open = None, False
        self._end_transaction("")

    def _take_ge(self, segment: list[str]) -> None:
        self._end_transaction("the group ends")
        if self._group is None:
            self._report("no-header", "GE closes no group", "warning")
        else:
            self._count("GE01", element(segment, 1), self._transactions, "transactions")
            self._same("GE", element(segment, 2), self._group)
        self._group = None

    def _take_iea(self, segment: list[str]) -> None:
        self._end_transaction("the interchange ends")
        if self._group is not None:
            self._report("no-trailer", "the interchange ends before GE", "warning")
        self._group = None
        self._count("IEA01", element(segment, 1), self._groups, "groups")
        self._same("IEA", element(segment, 2), self._interchange)
        self._interchange = None

    def _end_transaction(self, why: str) -> None:
        """Close the open transaction; `why` says what came before its SE."""
        if not self._open:
            return
        self._open = False
        if self.transaction is not None:
            self.transaction.number = self.reader.number
            self.transaction.cut(why)
            self.transaction.check_counts()
            self.out += self.transaction.out
            self.transaction = None
            return
        claims = f"; {self._skipped} claims are not read" if self._skipped else ""
        self._report("refused-transaction", f"{self._why}{claims}")
        self._skipped = 0


_SEGMENTS: dict[str, Callable[[_Envelope, list[str]], None]] = {
    "ISA": _Envelope._take_isa,
    "GS": _Envelope._take_gs,
    "ST": _Envelope._take_st,
    "SE": _Envelope._take_se,
    "GE": _Envelope._take_ge,
    "IEA": _Envelope._take_iea,
}
