"""A rule's clauses in words, with the numbers that stand in its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.analysis.markup import Markup, join, listed, tag
from engine.model.book import Rule, RuleBook, in_force
from engine.model.term import All, CountOf, Some, Term


def filled(text: str, rule: Rule, book: RuleBook) -> Markup:
    """A sentence with the values that hold on the first day of the rule's entry."""

    def value(match: re.Match[str]) -> str:
        full = (rule.names or {}).get(match[1])
        dated = in_force(book.parameters.get(full, ()), rule.begin) if full else None
        return str(dated.value) if dated else match[1].replace("_", " ")

    return join(re.sub(r"\{([^{}]*)\}", value, text))


def clauses(rule: Rule, book: RuleBook) -> Markup:
    """Everything that a rule asks, part by part."""
    return join(
        [tag("h4", label), tag("ul", _term(term, rule, book), class_="clauses")]
        for label, term in _parts(rule)
    )


def _parts(rule: Rule) -> Iterator[tuple[str, Term]]:
    yield "for lines where", rule.applies_to
    if rule.when is not None:
        yield "when", rule.when
    if rule.when_stated is not None:
        yield "when it is stated that", rule.when_stated
    yield "it requires", rule.requires
    for exemption in rule.exemptions:
        yield f"unless · {exemption.label.replace('-', ' ')}", exemption.when


def _term(term: Term, rule: Rule, book: RuleBook) -> Markup:
    if isinstance(term, All | Some | CountOf) and term.terms:
        if isinstance(term, All) and len(term.terms) > 1:
            return join(_term(part, rule, book) for part in term.terms)
        label = "any of" if isinstance(term, Some) else filled(term.words or "all of", rule, book)
        parts = [_term(part, rule, book) for part in term.terms]
        return tag("li", label, tag("ul", parts, class_="clauses"))
    return tag("li", filled(getattr(term, "words", "") or "every line", rule, book))


def code_list(codes: tuple[str, ...] | None, most: int = 40) -> Markup:
    """Codes as a row of small boxes."""
    if codes is None:
        return tag("p", "any code", class_="meta")
    shown = [tag("li", code) for code in codes[:most]]
    more = [tag("li", f"and {len(codes) - most} more", class_="more")] if len(codes) > most else []
    return tag("ul", shown, more, class_="codes")


__all__ = ["clauses", "code_list", "filled", "listed"]
