"""Lines that are alike: rules that ask of the line alone come out the same for all of them.

Most rules read the line, its claim's form and its record, and most claims are like others. What
such a rule says of a line, and what it asks, is worked out once and kept under the line's mark:
everything that these terms can read, with the stretch between two dates of the book. Rules that
count, compare with other lines, or read the patient's age, a price or a provider are not kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from engine.chain.facts import LineFacts
from engine.chain.reads import RECORD
from engine.chain.reads_terms import reads_of_rule
from engine.chain.ruling import needs_of, silent_of
from engine.model.book import Rule
from engine.model.claim import Claim, FactValue
from engine.model.facility import claim_kind
from engine.model.outcome import Need, Word

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook

MOST = 200_000
"""So many outcomes, questions and marks of lines are kept before all of them are let go."""
_MARKED = frozenset(
    ("modifiers", "diagnoses", "units", "place_of_service", "prior_authorization", RECORD,
     "patient.sex", "provider.specialty", "provider.taxonomy", "claim.form", "claim.stage",
     "claim.frequency", "claim.type_of_bill", "claim.facility_type", "claim.kind", "claim.payer",
     "claim.state", "claim.contractor", "claim.plan")
)  # fmt: skip
"""The fields that a mark holds."""


class Alike:
    """What is kept for one bound book."""

    def __init__(self, bound: BoundBook) -> None:
        self._bound = bound
        self._alone: dict[int, bool] = {}
        self._marks: dict[Hashable, int] = {}
        self._next = 0
        self.words: dict[tuple[int, int], Word | Literal["silent"]] = {}
        self._asked: dict[tuple[int, int, bool], tuple[Need, ...]] = {}

    def mark(self, x: LineFacts) -> int:
        """The number of all lines of claims that are like this one."""
        found = x.memo.get("alike")
        if found is None:
            if len(self.words) + len(self._asked) + len(self._marks) > MOST:
                self._forget()
            said = (self._bound.stretch(x.date), *_of_line(x), *_of_claim(x))
            found = self._marks.get(said)
            if found is None:
                # Never given twice, so that a mark which a line still holds finds nothing wrong.
                self._next += 1
                found = self._marks[said] = self._next
            x.memo["alike"] = found
        return int(found)

    def _forget(self) -> None:
        self.words.clear()
        self._asked.clear()
        self._marks.clear()

    def needs(self, position: int, x: LineFacts) -> tuple[Need, ...]:
        """What an undecided rule asks about a line."""
        return self._ask(position, x, silent=False)

    def silent(self, position: int, x: LineFacts) -> tuple[Need, ...]:
        """What nobody stated of a line, and what therefore kept a rule from applying."""
        return self._ask(position, x, silent=True)

    def _ask(self, position: int, x: LineFacts, *, silent: bool) -> tuple[Need, ...]:
        rule = self._bound.book.rules[position]
        key = None
        if self.asks_alone(position, rule):
            key = (position, self.mark(x), silent)
            kept = self._asked.get(key)
            if kept is not None:
                return _told_of(kept, x)
        needs = (silent_of if silent else needs_of)(self._bound, rule, x)
        if key is not None:
            self._asked[key] = needs
        return needs

    def asks_alone(self, position: int, rule: Rule) -> bool:
        """Whether a rule reads nothing but what a mark holds."""
        found = self._alone.get(position)
        if found is None:
            read = reads_of_rule(self._bound, rule, None)
            others = read.untold or read.looks or any(k == "outcome" for k, _ in read.rests_on)
            found = self._alone[position] = not others and read.names <= _MARKED
        return found


def _of_line(x: LineFacts) -> tuple[Hashable, ...]:
    line = x.line
    provider = line.rendering_provider
    return (
        x.procedure,
        x.modifiers,
        x.diagnoses,
        x.units,
        line.place_of_service,
        bool(line.prior_authorization),
        None if provider is None else (provider.specialty, provider.taxonomy),
        _stated(line.documentation),
    )


def _of_claim(x: LineFacts) -> tuple[Hashable, ...]:
    around = x.around
    if around.mark is None:
        claim: Claim = around.claim
        payer = claim.payer
        around.mark = (
            around.null,
            claim.form,
            claim.stage,
            claim.frequency,
            claim.type_of_bill,
            claim.facility_type,
            claim_kind(claim)[0],
            (payer.id, payer.state, payer.contractor, payer.plan),
            claim.patient.sex,
            bool(claim.prior_authorization),
            _stated(claim.documentation),
        )
    return around.mark


def _stated(facts: Mapping[str, FactValue]) -> Hashable:
    """Facts of a record; ``True`` and 1 are not the same fact."""
    return frozenset((k, type(v), v) for k, v in facts.items()) if facts else None


def _told_of(needs: tuple[Need, ...], x: LineFacts) -> tuple[Need, ...]:
    """The same questions, of another line that is alike."""
    claim_id: Any = x.around.claim.claim_id
    return tuple(
        Need(
            need.fact,
            need.question,
            claim_id,
            None if need.line is None else x.line.number,
            x.date,
            need.documentation,
            need.depends_on,
        )
        for need in needs
    )
