"""The clauses of a rule: every term that is asked of the line itself, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.model.book import Rule
from engine.model.problem import Location
from engine.model.term import All, Attribute, CountOf, Fixed, Not, Some, Term

Key = tuple[str, str, Term]
"""A rule's id, the part, and the term itself: layers that adopt a rule share its clauses."""


@dataclass
class Clause:
    """A term of a rule, and as what it was seen: True, False, None for not known."""

    policy: str
    rule: str
    part: str
    words: str
    one_sided: bool
    seen: set[bool | None] = field(default_factory=set)

    @property
    def gap(self) -> str | None:
        """What no test has seen of it yet."""
        wanted = {True, False} - self.seen
        if self.one_sided or not wanted:
            return None if self.seen else "never asked"
        if len(wanted) == 2:
            return "never true nor false" if self.seen else "never asked"
        return "never true" if True in wanted else "never false"


@dataclass
class RuleSeen:
    """A rule, and how it came out in examples and cases.

    An unconditional one speaks up whenever its code is billed and cannot be met.
    """

    policy: str
    id: str
    says: str
    location: Location | None
    unconditional: bool = False
    words: set[str] = field(default_factory=set)
    exceptions: dict[str, int] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        """Whether it was judged at all."""
        return bool(self.words - {"not_applicable"})

    @property
    def gap(self) -> str | None:
        """Which side no test shows: that it speaks up, or that it keeps still."""
        if not self.reached:
            return "never reached"
        if not self.words & {"violated", "undecided"}:
            return "never violated"
        silent = self.unconditional or self.words & {"met", "not_applicable"}
        return None if silent else "never met"


def unconditional(rule: Rule) -> bool:
    """Whether a rule speaks up on every line that it applies to."""
    free = rule.when is None and rule.when_stated is None and not rule.exemptions
    return free and isinstance(rule.requires, Fixed) and _coded(rule.applies_to)


def parts(rule: Rule) -> Iterator[tuple[str, Term]]:
    """The parts of a rule with their labels, in the order in which they are asked."""
    yield "applies to", rule.applies_to
    if rule.when is not None:
        yield "when", rule.when
    if rule.when_stated is not None:
        yield "when stated", rule.when_stated
    yield "requires", rule.requires
    for exemption in rule.exemptions:
        yield f"unless {exemption.label}", exemption.when


def terms(term: Term) -> Iterator[Term]:
    """A term and the terms in it that are asked of the same line."""
    yield term
    if isinstance(term, All | Some | CountOf):
        for part in term.terms:
            yield from terms(part)
    elif isinstance(term, Not):
        yield from terms(term.term)


def clauses(policy: str, rule: Rule) -> Iterator[tuple[Key, Clause]]:
    """Every clause of a rule, by its key."""
    for label, whole in parts(rule):
        for term in terms(whole):
            words = getattr(term, "words", "").replace("{", "").replace("}", "")
            one_sided = isinstance(term, Fixed) or (label == "applies to" and _coded(term))
            yield (
                (rule.id, label, term),
                Clause(policy, rule.id, label, words or "all of it", one_sided),
            )


def _coded(term: Term) -> bool:
    """Other codes are found by the index and never asked."""
    if isinstance(term, All):
        return all(_coded(part) for part in term.terms)
    return isinstance(term, Attribute) and term.path == "procedure"
