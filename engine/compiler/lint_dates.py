"""Days on which a number that a rule needs has no value, and sources that were read long ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.compiler.library import Library
from engine.compiler.lint_terms import numbers_in, terms_of
from engine.compiler.review import due_on, interval
from engine.model.book import Dated, Rule, RuleBook, Span
from engine.model.problem import Location, Problem
from engine.model.term import Parameter


def gaps(policy: str, book: RuleBook) -> Iterator[Problem]:
    """A warning for each parameter without a value on some day on which a rule asks for it."""
    told: set[tuple[str, str]] = set()
    for rule in book.rules:
        if rule.policy != policy:
            continue
        for name in sorted(_parameters(rule)):
            gap = _gap(rule, book.parameters.get(name, ()))
            if gap is not None and (rule.id, name) not in told:
                told.add((rule.id, name))
                yield _problem(rule, name.rsplit(":", 1)[-1], *gap)


def _parameters(rule: Rule) -> set[str]:
    terms = [value for term in terms_of(rule) for value in numbers_in(term)]
    return {value.name for value in terms if isinstance(value, Parameter)}


def _gap(rule: Rule, spans: tuple[Span[Dated], ...]) -> tuple[date, date | None] | None:
    """The first stretch of a rule's days that no span covers."""
    begin = rule.begin
    for span in sorted(spans, key=lambda s: s.begin or date.min):
        if span.begin is not None and span.begin > begin:
            end = min(d for d in (span.begin, rule.end) if d is not None)
            return begin, end
        if span.end is None or (rule.end is not None and span.end >= rule.end):
            return None
        begin = max(begin, span.end)
    return begin, rule.end


def _problem(rule: Rule, name: str, begin: date, end: date | None) -> Problem:
    until = f" until before {end}" if end else ""
    return Problem(
        rule.location or Location(rule.policy),
        "gap-in-values",
        f"the rule `{rule.name}` asks for `{name}`, which has no value from {begin}{until}",
        "give it a value from that day, or let the rule begin later",
        "warning",
    )


def past_review(library: Library, today: date) -> Iterator[Problem]:
    """A warning for each source whose time to be read again has passed."""
    for document in library.sources.values():
        for name, source in (document.data.get("sources") or {}).items():
            due = due_on(source) if isinstance(source, dict) else None
            if due is not None and due < today:
                read, every = source["read"], interval(source)
                yield Problem(
                    document.marks.at_value(("sources", name, "read")),
                    "past-review",
                    f"the source `{name}` was last read on {read}, more than {every} ago",
                    "read it again, enter what changed, and write the day under `read`",
                    "warning",
                )
