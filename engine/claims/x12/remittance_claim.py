"""Reads one claim payment of an 835: its status, its adjustments and its service lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from engine.claims import codes
from engine.claims.x12 import elements
from engine.claims.x12.elements import element
from engine.claims.x12.faults import printable
from engine.model.problem import Severity
from engine.model.remittance import Decision, LineDecision, Remittance

Segments: TypeAlias = list[list[str]]
Fault: TypeAlias = tuple[str, str, Severity]

_DENIED, _REVERSED = "4", "22"
_SECONDARY = ("2", "3", "20", "21")
_UNDECIDED = ("23", "25")
_KNOWN = ("1", "19", _DENIED, _REVERSED, *_SECONDARY, *_UNDECIDED)
# Amounts that the patient or an earlier payer owes: the service itself was allowed.
_OWED = {("PR", "1"), ("PR", "2"), ("PR", "3"), ("OA", "23")}


@dataclass
class _Line:
    """One SVC with what follows it."""

    procedure: str | None = None
    modifiers: tuple[str, ...] = ()
    paid: Decimal = Decimal(0)
    allowed: Decimal = Decimal(0)
    owed: bool = False
    day: date | None = None
    number: int | None = None

    def decision(self) -> Decision:
        return "paid" if self.paid > 0 or self.allowed > 0 or self.owed else "denied"


@dataclass
class Payment:
    """A claim payment before its transaction is known."""

    claim_id: str
    status: str
    total: _Line
    payer_control: str | None
    patient_id: str | None = None
    lines: list[_Line] = field(default_factory=list)

    def remittance(self, day: date | None, trace: str | None, position: int) -> Remittance:
        """The remittance, of a transaction of a day and a trace number."""
        everything = _whole(self.status)
        lines = tuple(
            LineDecision(
                everything or line.decision(),
                line.procedure,
                line.modifiers,
                line.day or self.total.day,
                line.number,
            )
            for line in self.lines
        )
        decision = None if self.status in _UNDECIDED else everything or self.total.decision()
        return Remittance(
            self.claim_id,
            decision,
            lines if decision else (),
            self.payer_control,
            day,
            self.patient_id,
            self.status == _REVERSED,
            self.status in _SECONDARY,
            trace,
            position,
        )


def read_payment(segments: Segments, component: str) -> tuple[Payment | None, list[Fault]]:
    """The payment in segments that begin with CLP, and what is wrong with it."""
    clp = segments[0]
    claim_id, status = elements.text(element(clp, 1)), element(clp, 2)
    if claim_id is None:
        return None, [("missing-field", "CLP01, the claim's id, is missing", "error")]
    if status not in _KNOWN:
        message = f"CLP02 is `{printable(status, 4)}`, which is no status known here"
        return None, [("unknown-status", message, "error")]
    found = Payment(claim_id, status, _Line(), element(clp, 7) or None)
    found.total.paid = elements.number(element(clp, 4)) or Decimal(0)
    faults: list[Fault] = []
    for segment in segments[1:]:
        _take(found, segment, component, faults)
    return found, faults


def _whole(status: str) -> Decision | None:
    """A status that decides every line alike."""
    return "denied" if status in (_DENIED, _REVERSED) else None


def _take(found: Payment, segment: list[str], component: str, faults: list[Fault]) -> None:
    name, line = segment[0], found.lines[-1] if found.lines else found.total
    if name == "SVC":
        found.lines.append(_service(segment, component, faults))
    elif name == "CAS":
        reasons = (element(segment, n) for n in range(2, len(segment), 3))
        line.owed |= any((element(segment, 1), reason) in _OWED for reason in reasons)
    elif name == "DTM" and element(segment, 1) in ("472", "150", "232"):
        line.day = elements.day(element(segment, 2))
    elif name == "AMT" and element(segment, 1) in ("B6", "AU"):
        line.allowed = elements.number(element(segment, 2)) or Decimal(0)
    elif name == "REF" and element(segment, 1) == "6R" and found.lines:
        number = element(segment, 2)
        line.number = int(number) if number.isascii() and number.isdigit() else None
    elif name == "NM1" and element(segment, 1) in ("QC", "IL") and not found.patient_id:
        found.patient_id = elements.text(element(segment, 9))


def _service(segment: list[str], component: str, faults: list[Fault]) -> _Line:
    """SVC: the procedure as it was billed (SVC06), else as it was decided (SVC01)."""
    billed, decided = element(segment, 6), element(segment, 1)
    parts = (billed or decided).split(component)
    line = _Line(paid=elements.number(element(segment, 3)) or Decimal(0))
    if len(parts) < 2 or parts[0].strip() not in ("HC", "HP"):
        return line
    line.procedure = codes.procedure(parts[1])
    if line.procedure is None:
        message = f"`{printable(parts[1], 12)}` is not a procedure code"
        faults.append(("bad-code", message, "warning"))
    found = (codes.modifier(given) for given in parts[2:6] if given.strip())
    line.modifiers = tuple(m for m in found if m)
    return line
