"""A rule in words, without a claim: its sentence, its clauses, its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.model.book import Rule
from engine.model.term import All, CountOf, Some, Term


def rule_in_words(rule: Rule, names: Mapping[str, object]) -> Iterator[str]:
    """The lines of a rule; `names` are the values of its parameters."""
    until = f" until before {rule.end}" if rule.end else ""
    effect = rule.consequence
    codes = " ".join(p for p in (effect.group, effect.carc, effect.rarc) if p)
    yield f"{rule.name}  (services from {rule.begin}{until})"
    yield f"  {_filled(rule.says, names)}"
    yield from _clause("for lines where", rule.applies_to, names)
    if rule.when is not None:
        yield from _clause("when", rule.when, names)
    if rule.when_stated is not None:
        yield from _clause("when it is stated that", rule.when_stated, names)
    yield from _clause("it requires that", rule.requires, names)
    for exemption in rule.exemptions:
        yield from _clause(f"unless ({exemption.label})", exemption.when, names)
    yield f"  otherwise: {effect.finding}{f' {codes}' if codes else ''}" + (
        " of the whole claim" if effect.on_claim else ""
    )
    for cite in rule.cites:
        yield f"  source: {cite.source}, {cite.locator} ({cite.evidence}): {cite.says}"
    for reading in rule.interpretations:
        yield f"  reading that no source states: {reading}"


def _clause(title: str, term: Term, names: Mapping[str, object]) -> Iterator[str]:
    parts = list(_words(term, names, 2))
    if len(parts) == 1:
        yield f"  {title}: {parts[0].strip()}"
        return
    yield f"  {title}:"
    yield from parts


def _words(term: Term, names: Mapping[str, object], depth: int) -> Iterator[str]:
    if isinstance(term, All | Some | CountOf) and term.terms:
        joined = {"All": "all of", "Some": "any of"}.get(type(term).__name__, term.words)
        yield f"{'  ' * depth}{_filled(joined, names)}"
        for part in term.terms:
            yield from _words(part, names, depth + 1)
    else:
        yield f"{'  ' * depth}{_filled(term.words or 'every line', names)}"


def _filled(text: str, names: Mapping[str, object]) -> str:
    return re.sub(r"\{([^{}.]*)\}", lambda m: str(names.get(m[1], m[1])), text)
