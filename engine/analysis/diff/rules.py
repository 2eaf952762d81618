"""What differs between two texts of one rule, clause by clause, on one day each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.analysis.diff.change import Clause, Effect
from engine.analysis.diff.order import compare
from engine.analysis.diff.resolve import Resolver, names_used
from engine.analysis.diff.sentences import codes_said, in_words, term_said
from engine.compiler.lint_terms import parts_of
from engine.model.book import Rule, in_force
from engine.model.term import Codes, Term

_STRENGTH = ("info", "revenue", "warn", "review", "recode", "deny", "reject")
_KINDS = {
    "derivations": "through the derived fact",
    "attributes": "through the attribute",
    "decisions": "through the decision table",
    "tables": "through the table",
}


class Text:
    """A rule in force on a day, with all that it leans on."""

    def __init__(self, rule: Rule, resolver: Resolver) -> None:
        self.rule, self.resolver = rule, resolver
        self.names = {
            name: dated.value
            for name, full in (rule.names or {}).items()
            if (dated := in_force(resolver.book.parameters.get(full, ()), resolver.day))
        }

    def term(self, term: Term | None) -> Any:
        """A term without names."""
        return None if term is None else self.resolver.term(term)

    def says(self) -> str:
        """The sentence with the numbers in force."""
        return in_words(self.rule.says, self.names)

    def codes(self) -> set[str]:
        """Every code that the rule names."""
        found = [p for p in parts_of(self.rule) if isinstance(p, Codes)]
        return {code for part in found for code in self.resolver.codes(part).literal}

    def remedy(self) -> Any:
        """What would mend a violation."""
        return self.resolver.term(self.rule.consequence.remedy)

    def judged(self) -> set[str]:
        """The codes of the lines that the rule judges."""
        term = self.rule.applies_to
        parts = [term, *getattr(term, "terms", ())]
        chosen = [p.test.codes for p in parts if getattr(p, "path", "") == "procedure"]
        return {c for codes in chosen if codes for c in self.resolver.codes(codes).literal}


def clauses(old: Text, new: Text) -> tuple[Clause, ...]:
    """Every clause that differs; none if the two say and mean the same."""
    return (
        *_left_side(old, new),
        *_term("it requires that", old, new, old.rule.requires, new.rule.requires, holds="loosens"),
        *_exceptions(old, new),
        *_consequence(old, new),
        *_leans_on(old, new),
        *_wording(old, new),
    )


def _left_side(old: Text, new: Text) -> Iterator[Clause]:
    a, b = old.rule, new.rule
    if a.for_diagnosis != b.for_diagnosis:
        words = {True: "each diagnosis", False: "each line"}
        before, after = words[a.for_diagnosis], words[b.for_diagnosis]
        yield Clause("it judges", before, after, "changes")
    yield from _term("for lines where", old, new, a.applies_to, b.applies_to, holds="tightens")
    yield from _term("when", old, new, a.when, b.when, holds="tightens")
    stated = (a.when_stated, b.when_stated)
    yield from _term("when it is stated that", old, new, *stated, holds="tightens")


def _term(
    part: str, old: Text, new: Text, a: Term | None, b: Term | None, *, holds: Effect
) -> Iterator[Clause]:
    """`holds` is the effect of holding on more lines; a condition that goes holds everywhere."""
    before, after = old.term(a), new.term(b)
    if before == after:
        return
    if before is None or after is None:
        order = "weaker" if after is None else "stronger"
    else:
        order = compare(before, after)
    contrary: Effect = "tightens" if holds == "loosens" else "loosens"
    effect: Effect = {"weaker": holds, "stronger": contrary}.get(order, "changes")
    said = [term_said(t, x.names) if t else None for t, x in ((a, old), (b, new))]
    if said[0] == said[1]:
        said = codes_said(before, after)
    yield Clause(part, said[0], said[1], effect)


def _exceptions(old: Text, new: Text) -> Iterator[Clause]:
    before = {e.label: e for e in old.rule.exemptions}
    after = {e.label: e for e in new.rule.exemptions}
    for label in dict.fromkeys([*before, *after]):
        part, a, b = f"unless ({label})", before.get(label), after.get(label)
        if a is None and b is not None:
            yield Clause(part, None, term_said(b.when, new.names), "loosens")
        elif b is None and a is not None:
            yield Clause(part, term_said(a.when, old.names), None, "tightens")
        elif a is not None and b is not None:
            yield from _term(part, old, new, a.when, b.when, holds="loosens")


def _consequence(old: Text, new: Text) -> Iterator[Clause]:
    a, b = old.rule.consequence, new.rule.consequence
    if a.finding != b.finding:
        stronger = _STRENGTH.index(b.finding) > _STRENGTH.index(a.finding)
        yield Clause("finding", a.finding, b.finding, "tightens" if stronger else "loosens")
    codes = [" ".join(p for p in (c.group, c.carc, c.rarc) if p) or "none" for c in (a, b)]
    if codes[0] != codes[1]:
        yield Clause("reason codes", codes[0], codes[1], "changes")
    if a.on_claim != b.on_claim:
        words = {True: "the whole claim", False: "the line"}
        effect: Effect = "tightens" if b.on_claim else "loosens"
        yield Clause("the finding falls on", words[a.on_claim], words[b.on_claim], effect)


def _leans_on(old: Text, new: Text) -> Iterator[Clause]:
    """Definitions behind a name that both texts use and that mean something else now."""
    used, still = names_used(old.rule), names_used(new.rule)
    for kind, words in _KINDS.items():
        for name in sorted(used[kind] & still[kind]):
            if old.resolver.definition(kind, name) != new.resolver.definition(kind, name):
                shown = name.rsplit(":", 1)[-1].replace("_", " ")
                yield Clause(f"{words} {shown}", None, None, "changes")


def _wording(old: Text, new: Text) -> Iterator[Clause]:
    a, b = old.rule, new.rule
    if a.says != b.says:
        yield Clause("sentence", old.says(), new.says(), "neutral")
    if a.cites != b.cites:
        said = [
            "; ".join(f"{c.source}/{c.locator} ({c.evidence})" for c in r.cites) for r in (a, b)
        ]
        if said[0] != said[1]:
            yield Clause("source", said[0], said[1], "neutral")
    if a.consequence.message != b.consequence.message:
        yield Clause("message", a.consequence.message, b.consequence.message, "neutral")
    if old.remedy() != new.remedy():
        yield Clause("remedy", None, None, "neutral")
