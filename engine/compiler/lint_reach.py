"""Rules that no line can ever meet, and examples that never come to the rule they stand beside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.compiler.library import Library, day
from engine.compiler.rules import asks_code
from engine.documents.document import Document
from engine.model.book import Rule, RuleBook, Span
from engine.model.problem import Location, Problem
from engine.model.term import All, Attribute, Codes, Constant


def unreached(policy: str, book: RuleBook) -> Iterator[Problem]:
    """A warning for each rule of the policy that no code can reach on any of its days."""
    for position, rule in enumerate(book.rules):
        if rule.policy != policy or position in book.unindexed or rule.for_diagnosis:
            continue
        codes = [code for code, positions in book.index.items() if position in positions]
        if not any(_reaches(rule, code, book) for code in codes):
            yield Problem(
                rule.location or Location(policy),
                "no-code-reaches",
                f"no code can ever reach the rule `{rule.name}`",
                "look at the codes, attributes and dates that `applies_to` asks for",
                "warning",
            )


def _reaches(rule: Rule, code: str, book: RuleBook) -> bool:
    """Whether a code has the attributes asked for, and is asked for, on one of the rule's days."""
    asked = asks_code(rule.applies_to)
    if asked is not None and asked.test.codes and not _in_force(asked.test.codes, code, rule, book):
        return False
    parts = rule.applies_to.terms if isinstance(rule.applies_to, All) else (rule.applies_to,)
    return all(_has(part, code, book) for part in parts if isinstance(part, Attribute))


def _in_force(codes: Codes, code: str, rule: Rule, book: RuleBook) -> bool:
    if codes.any or codes.same or codes.columns or code in codes.literal:
        return True
    spans = [s for name in codes.sets for s in book.sets[name].members.get(code, ())]
    return any(_meet(span, rule) for span in spans)


def _meet(span: Span[Any], rule: Rule) -> bool:
    begins = span.begin is None or rule.end is None or span.begin < rule.end
    return begins and (span.end is None or rule.begin < span.end)


def _has(part: Attribute, code: str, book: RuleBook) -> bool:
    name = part.path.removeprefix("attributes.")
    wanted = [value.value for value in part.test.among if isinstance(value, Constant)]
    if name == part.path or ":" in name or not wanted or name not in book.attributes:
        return True
    given = {span.value for span in book.attributes[name].get(code, ())}
    return bool(given & {str(value) for value in wanted})


def stray_examples(library: Library, policy: str, book: RuleBook) -> Iterator[Problem]:
    """A warning for each example that another entry of its rule would judge, or none, and for
    each rule of which every example is about something else."""
    document = library.policies[policy]
    for n, entry in enumerate(document.data.get("rules") or ()):
        examples = entry.get("examples") or () if isinstance(entry, dict) else ()
        if not examples:
            continue
        yield from _misdated(document, book, n, entry)
        if all(example.get("expect") == "not_applicable" for example in examples):
            yield Problem(
                document.marks.at_key(("rules", n, "examples")),
                "examples-miss-the-rule",
                f"no example reaches the rule `{entry.get('rule')}`: all expect not_applicable",
                "add one that is met and one that is violated",
                "warning",
            )


def _misdated(
    document: Document, book: RuleBook, n: int, entry: dict[str, Any]
) -> Iterator[Problem]:
    begin = day(entry.get("from")) or day(document.data.get("from")) or date.min
    rules = [r for r in book.rules if r.location == document.marks.at_value(("rules", n, "rule"))]
    for m, example in enumerate(entry["examples"]):
        on = day((example.get("line") or {}).get("service_date")) or begin
        outside = not any(r.begin <= on and (r.end is None or on < r.end) for r in rules)
        shown = example.get("expect") == "not_applicable" or example.get("known_on")
        if outside and rules and not shown:
            yield Problem(
                document.marks.at_value(("rules", n, "examples", m)),
                "example-on-other-days",
                f"the example `{example.get('name')}` is of {on}, when this entry does not hold",
                "give its line a date on which the entry holds, or move it to the entry that does",
                "warning",
            )
