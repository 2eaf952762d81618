"""What a payer decided about a claim: an 835's claim payment with its service lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Decision = Literal["paid", "denied"]


@dataclass(frozen=True, slots=True)
class LineDecision:
    """One service payment. `line` is the line's number where the payer returns it.

    A line is paid, too, where the payer allowed it and the patient owes the amount.
    """

    decision: Decision
    procedure: str | None = None
    modifiers: tuple[str, ...] = ()
    service_date: date | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Remittance:
    """One claim payment.

    `decision` is None where nothing was decided (forwarded, or an estimate). A `reversal` takes an
    earlier payment back. `secondary` payers decide after another one has. `payer_control` is
    the payer's own number of the claim, to which a replacement refers.
    """

    claim_id: str
    decision: Decision | None
    lines: tuple[LineDecision, ...] = ()
    payer_control: str | None = None
    decided_on: date | None = None
    patient_id: str | None = None
    reversal: bool = False
    secondary: bool = False
    trace: str | None = None
    position: int = 0
