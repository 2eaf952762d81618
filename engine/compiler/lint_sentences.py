"""Sentences that leave out a number by which their rule decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.compiler.lint_terms import numbers_in
from engine.model.book import Rule, RuleBook
from engine.model.length import Length
from engine.model.problem import Location, Problem
from engine.model.term import Constant, Parameter

_WORDS: dict[int, tuple[str, ...]] = {
    2: ("two", "twice", "second", "both", "pair", "double"),
    3: ("three", "third"),
    4: ("four", "fourth"),
    5: ("five", "fifth"),
    6: ("six", "sixth"),
    7: ("seven", "week"),
    8: ("eight",),
    9: ("nine",),
    10: ("ten",),
    12: ("twelve", "year"),
    14: ("fourteen", "two weeks"),
    20: ("twenty",),
    24: ("two years", "twenty-four"),
    30: ("thirty", "month"),
    50: ("half", "fifty"),
    90: ("ninety",),
}


def unsaid(policy: str, book: RuleBook) -> Iterator[Problem]:
    """A warning for each rule whose sentence does not name a number that its requirement uses."""
    for rule in book.rules:
        if rule.policy != policy:
            continue
        missing = [text for text in _needed(rule, book) if text is not None]
        if missing:
            named = " and ".join(f"`{text}`" for text in dict.fromkeys(missing))
            yield Problem(
                rule.location or Location(policy),
                "number-not-said",
                f"`says` of the rule `{rule.name}` leaves out {named}, by which it decides",
                "write the number, or the parameter's name in braces, into the sentence",
                "warning",
            )


def _needed(rule: Rule, book: RuleBook) -> Iterator[str | None]:
    """What the sentence should name and does not. A parameter is named in braces, or by its
    values where these are in the sentence."""
    names = {full: name for name, full in (rule.names or {}).items()}
    said = rule.says.lower()
    for value in numbers_in(rule.requires):
        if isinstance(value, Parameter):
            name = names.get(value.name, value.name.rsplit(":", 1)[-1])
            values = [span.value.value for span in book.parameters.get(value.name, ())]
            named = values and not any(_constant(Constant(v), said) for v in values)
            yield None if f"{{{name}}}" in said or named else name
        else:
            yield _constant(value, said)


def _constant(value: Constant, said: str) -> str | None:
    """None and one go without saying: "at least one" is "some", "at most none" is "no"."""
    number = value.value.count if isinstance(value.value, Length) else value.value
    if not isinstance(number, int) or number in (0, 1):
        return None
    words = [str(number), *_WORDS.get(number, ())]
    if isinstance(value.value, Length) and value.value.unit == "day":
        # Eleven days apart is said as "ten days lie between".
        words += [str(number - 1), *_WORDS.get(number - 1, ())]
    return None if any(re.search(rf"\b{word}", said) for word in words) else str(value.value)
