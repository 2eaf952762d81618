"""How a claim and its lines stand after an evaluation, and whether two standings differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from engine.chain.stratified import Decided
from engine.model.book import WEIGHTY
from engine.model.claim import History
from engine.report.result import result

State: TypeAlias = Literal["passes", "open", "fails"]
Reason: TypeAlias = tuple[str, str | None, str | None, str | None]
"""Finding, group, reason code and remark code, as a remittance would bear them."""
_WORST = ("violated", "undecided", "met")


@dataclass(frozen=True)
class LineStanding:
    """What a line is told: reasons of its findings, whether it waits, and what is asked."""

    reasons: frozenset[Reason]
    waits: bool
    asks: frozenset[str]

    @property
    def state(self) -> State:
        """Failing outweighs waiting."""
        if any(reason[0] in WEIGHTY for reason in self.reasons):
            return "fails"
        return "open" if self.waits else "passes"

    @property
    def weighty(self) -> frozenset[Reason]:
        """The reasons that weigh on the verdict."""
        return frozenset(reason for reason in self.reasons if reason[0] in WEIGHTY)


@dataclass(frozen=True)
class Standing:
    """A claim's verdict and its lines, by position; `words` are the rules' outcomes on them."""

    verdict: str
    lines: tuple[LineStanding, ...]
    words: dict[tuple[str, int], str]


def standing(decided: Decided, history: History) -> Standing:
    """Read the standing of a claim from its result."""
    shown = result(decided, history)
    claim = decided.around.claim
    places = {line.number: n for n, line in enumerate(claim.lines)}
    reasons: list[set[Reason]] = [set() for _ in claim.lines]
    for finding in shown["findings"]:
        reason = (finding["finding"], finding["group"], finding["carc"], finding["rarc"])
        for n in _on(finding, places):
            reasons[n].add(reason)
    asks: list[set[str]] = [set() for _ in claim.lines]
    for need in shown["needs"]:
        for n in _on(need, places):
            asks[n].update(fact["fact"] for fact in need["facts"])
    waits = _waiting(decided)
    lines = tuple(
        LineStanding(frozenset(r), n in waits, frozenset(a))
        for n, (r, a) in enumerate(zip(reasons, asks, strict=True))
    )
    return Standing(shown["verdict"], lines, _words(decided))


def _on(part: dict[str, Any], places: dict[int, int]) -> Iterable[int]:
    """Positions of the lines; a finding without lines falls on all of them."""
    return [places[n] for n in part["lines"]] or places.values()


def _waiting(decided: Decided) -> set[int]:
    """Lines that a weighing rule, or the lack of a policy, leaves undecided."""
    found = {*decided.no_policy, *(x.index for x in decided.scope_open)}
    for _, bound, word, lines in decided.outcomes:
        if word == "undecided" and bound.rule.consequence.finding in WEIGHTY:
            found.update(lines)
    return found


def _words(decided: Decided) -> dict[tuple[str, int], str]:
    """The outcome of each rule on each line; of several diagnoses the worst one."""
    found: dict[tuple[str, int], str] = {}
    for _, bound, word, lines in decided.outcomes:
        for n in lines:
            key = (bound.rule.id, n)
            other = found.get(key, word)
            found[key] = min(word, other, key=_WORST.index)
    return found


def alike(base: Decided, head: Decided) -> bool:
    """Whether both evaluations say the same for the same reasons: nothing needs a closer look."""
    if base.no_policy != head.no_policy or len(base.scope_open) != len(head.scope_open):
        return False
    return _told(base) == _told(head)


def _told(decided: Decided) -> list[Any]:
    """What weighs or may weigh, with the texts that say so and the numbers they use."""
    book = decided.around.bound.book
    found = []
    for x, bound, word, lines in decided.outcomes:
        if word != "met":
            names = (bound.rule.names or {}).values()
            numbers = tuple(book.parameters.get(name) for name in names)
            spared = [
                {**bound.rule.__dict__, "location": None, "begin": None, "end": None},
                numbers,
            ]
            found.append((bound.rule.id, word, lines, x.diagnoses, spared))
    return sorted(found, key=lambda item: item[:4])
