"""A claim and its history as the terms see them: lines with facts that are computed once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.model.claim import Claim, Coverage, FactValue, History, Line, Service
from engine.model.length import Length, parse_length

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook


class _Mark:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name


MISSING: Final = _Mark("MISSING")
"""Nobody stated the fact, or two places contradict each other."""
NOT_RECORDED: Final = _Mark("not in the record")
"""The fact to compare with was looked for and is not in the record: no comparison holds."""
UNDEFINED: Final = _Mark("UNDEFINED")
"""The attribute does not exist for this code."""


class LineFacts:
    """One line, of the claim or of the history, with what follows from it.

    `past` is the history's record of the line; None for lines of the claim. `memo` keeps
    derived facts. Documented facts come from the line, else from the claim.
    """

    __slots__ = (
        "around",
        "date",
        "diagnoses",
        "index",
        "line",
        "memo",
        "modifiers",
        "past",
        "procedure",
        "units",
    )

    def __init__(self, around: Surroundings, line: Line, index: int, past: Service | None) -> None:
        self.around = around
        self.line = line
        self.index = index
        self.past = past
        self.procedure = line.procedure
        self.modifiers = line.modifiers
        self.units = line.units
        self.date: date = line.service_date
        self.diagnoses = line.diagnoses
        self.memo: dict[str | int, Any] = {}

    def fact(self, name: str) -> FactValue | _Mark:
        """The documented value, None for "looked for and not in the record", or MISSING."""
        own = self.line.documentation.get(name, MISSING)
        if self.past is not None:
            return own
        shared = self.around.claim.documentation.get(name, MISSING)
        if own is MISSING:
            return shared
        return own if shared is MISSING or shared == own else MISSING

    def measured(self, name: str) -> Any:
        """`fact`, with durations as lengths and dates as days."""
        value = self.fact(name)
        if value is MISSING or value is None:
            return value
        declared = self.around.bound.book.facts.get(name)
        if declared is None or declared.type not in ("duration", "date"):
            return _flat(value) if isinstance(value, tuple) else value
        if declared.type == "date":
            return date.fromisoformat(value) if isinstance(value, str) else value
        return _as_length(value, declared.unit)  # type: ignore[arg-type]  # MISSING is out

    def attribute(self, name: str) -> Any:
        """A derived fact or a code set's attribute; None if unknown, UNDEFINED if there is none."""
        memo = self.memo
        if name not in memo:
            memo[name] = self.around.bound.attribute(self, name)
        return memo[name]

    def side(self) -> frozenset[str] | None:
        """The sides treated, from RT, LT and 50, else from the record; None if unknown."""
        memo = self.memo
        if "side" not in memo:
            memo["side"] = self._side()
        side: frozenset[str] | None = memo["side"]
        return side

    def _side(self) -> frozenset[str] | None:
        found = {s for m, sides in _SIDES.items() if m in self.modifiers for s in sides}
        if found:
            return frozenset(found)
        stated = self.fact("side")
        return _STATED_SIDES.get(stated) if isinstance(stated, str) else None

    @property
    def group(self) -> str | None:
        """The group that rendered or bills the line."""
        if self.past is not None:
            return self.past.group
        billing = self.around.claim.billing_provider
        return billing.group if billing else None

    @property
    def npi(self) -> str | None:
        """The rendering provider's number."""
        provider = self.line.rendering_provider
        return provider.npi if provider else None


_SIDES: Final[Mapping[str, str]] = {"RT": "R", "LT": "L", "50": "RL"}
_STATED_SIDES: Final = {
    "right": frozenset("R"),
    "left": frozenset("L"),
    "bilateral": frozenset("RL"),
}


class Surroundings:
    """One claim with its patient's history, ready to be evaluated once.

    `null` is how a fact that was looked for and not found weighs: False, or None to see what
    would be if nobody had looked. `given` are outcomes of other lines that an example states.
    `words` are outcomes by line and rule, where a chain notes them down for the strata above;
    `mark` is what tells claims apart that are not alike, see `engine.chain.alike`.
    """

    def __init__(
        self,
        bound: BoundBook,
        claim: Claim,
        history: History,
        *,
        null: bool | None = False,
        given: Mapping[int, bool] | None = None,
    ) -> None:
        self.bound = bound
        self.claim = claim
        self.null = null
        self.given = given
        self.lines = [LineFacts(self, line, n, None) for n, line in enumerate(claim.lines)]
        self.past = [
            LineFacts(self, service.line, -1, service)
            for service in history.services
            if _counts(service, claim)
        ]
        self.billed = frozenset([x.procedure for x in (*self.lines, *self.past)])
        self.coverage: tuple[Coverage, ...] = history.coverage
        self.barred: set[int] = set()
        self.unsure: set[int] = set()
        self.words: dict[tuple[int, int], str] | None = None
        self.mark: tuple[Hashable, ...] | None = None
        self.hard: frozenset[tuple[int, int, tuple[str, ...]]] | None = None

    def silent(self) -> bool:
        """Whether some fact was looked for and is not in the record."""
        records = [self.claim.documentation]
        records += [x.line.documentation for x in (*self.lines, *self.past)]
        return any(None in record.values() for record in records if record)

    def denies(self, line: LineFacts, position: int) -> bool:
        """Whether a rule that is violated denies: what only the record's silence violates is a
        review at most (clause A15). `hard` is what is violated without that; None: everything."""
        return self.hard is None or (position, line.index, line.diagnoses) in self.hard

    def payable(self, line: LineFacts) -> bool | None:
        """Whether a line is payable (clause A13), once the strata below are decided."""
        if line.past is not None:
            return True
        if self.given is not None:
            return self.given.get(line.line.number, True)
        if line.index in self.barred:
            return False
        return None if line.index in self.unsure else True


def _counts(service: Service, claim: Claim) -> bool:
    """Planned and void lines never count, nor does an earlier version of this claim."""
    if service.patient_id != claim.patient.id or service.status in ("planned", "void"):
        return False
    if service.claim_id is None:
        return True
    return service.claim_id not in (claim.claim_id, claim.replaces)


def _as_length(value: FactValue, unit: str | None) -> Length | _Mark:
    if isinstance(value, int):
        return Length(value, (unit or "days").removesuffix("s"))
    return parse_length(str(value), unit) or MISSING


def _flat(value: tuple[FactValue, ...]) -> tuple[FactValue, ...]:
    """A list of words may itself hold lists of words."""
    return tuple(w for v in value for w in (v if isinstance(v, tuple) else (v,)))


def epoch(breakpoints: tuple[date, ...], day: date) -> int:
    """Which stretch between the dates of a book a day lies in."""
    return bisect_right(breakpoints, day)
