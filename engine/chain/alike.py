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
from engine.chain.ruling import needs_of, silent_of
from engine.model.book import Rule
from engine.model.claim import Claim, FactValue
from engine.model.facility import claim_kind
from engine.model.outcome import Need, Word
from engine.model.term import (
    Active,
    All,
    Attribute,
    Bears,
    CountOf,
    Fixed,
    LineValue,
    Not,
    Points,
    Selects,
    Some,
    Stated,
    Term,
    Test,
    Units,
    Value,
)

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook

MOST = 200_000
"""So many outcomes, questions and marks of lines are kept before all of them are let go."""
_PATHS = frozenset(
    ("procedure", "units", "place_of_service", "prior_authorization", "patient.sex",
     "provider.specialty", "provider.taxonomy", "claim.form", "claim.stage", "claim.frequency",
     "claim.type_of_bill", "claim.facility_type", "claim.kind", "claim.payer", "claim.state",
     "claim.contractor", "claim.plan")
)  # fmt: skip
"""What a mark holds of the attributes that a term can read; derived facts are looked through."""


class Alike:
    """What is kept for one bound book."""

    def __init__(self, bound: BoundBook) -> None:
        self._bound = bound
        self._alone: dict[int, bool] = {}
        self._derived: dict[str, bool] = {}
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
            terms = [rule.applies_to, rule.when, rule.when_stated, rule.requires]
            terms += [exemption.when for exemption in rule.exemptions]
            found = all(self._reads_mark(term) for term in terms if term is not None)
            self._alone[position] = found
        return found

    def _reads_mark(self, term: Term) -> bool:
        if isinstance(term, Fixed | Bears | Points | Active):
            return True
        if isinstance(term, Attribute):
            return self._path(term.path) and self._test(term.test)
        if isinstance(term, Units):
            return not term.keys and self._value(term.value)
        if isinstance(term, Stated):
            return term.test is None or self._test(term.test)
        if isinstance(term, Selects):
            rows = self._bound.book.decisions[term.decision].rows
            return all(self._test(test) for row in rows for _, test in row.tests)
        if isinstance(term, CountOf):
            return self._value(term.value) and all(map(self._reads_mark, term.terms))
        if isinstance(term, All | Some):
            return all(map(self._reads_mark, term.terms))
        return isinstance(term, Not) and self._reads_mark(term.term)

    def _path(self, path: str) -> bool:
        owner, _, name = path.partition(".")
        if owner != "attributes":
            return path in _PATHS
        if name not in self._derived:
            spans = self._bound.book.derivations.get(name, ())
            derived = [span.value for span in spans]
            terms = [t for d in derived for t in (d.of, *(when for when, _ in d.cases))]
            self._derived[name] = all(map(self._reads_mark, terms))
        return self._derived[name]

    def _test(self, test: Test) -> bool:
        values = (*test.among, test.at_least, test.at_most, test.includes)
        return all(self._value(value) for value in values if value is not None)

    def _value(self, value: Value) -> bool:
        return not isinstance(value, LineValue) or self._path(value.attribute)


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
