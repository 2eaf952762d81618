"""Checks of a whole book: keys of comparisons are defined for every code they meet (A7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.compiler.gather import Gathered
from engine.compiler.placing import Rules
from engine.compiler.rules import asks_code
from engine.model.book import Rule
from engine.model.term import All, Codes, CountOf, Key, Not, Related, Sessions, Some, Spacing, Term

CodesOf = Callable[[Codes], frozenset[str] | None]


def check_keys(rules: tuple[Rule, ...], found: Gathered, bodies: Rules, codes_of: CodesOf) -> None:
    """Report a code that a rule applies to or counts, and that lacks the attribute of a key.

    One lacking value is one problem, at the first rule that compares it.
    """
    seen = set()
    for rule in rules:
        asked = asks_code(rule.applies_to)
        own = codes_of(asked.test.codes) if asked and asked.test.codes else None
        for keys, of in _keyed(rule):
            counted = codes_of(of) if of else None
            for key in keys:
                if key.kind == "attribute" and key.name in found.attributes:
                    lacking = _lacking(key, found, own, counted)
                    mark = (key.name, *lacking)
                    if lacking and mark not in seen:
                        seen.add(mark)
                        _report(rule, bodies, key, lacking)


def _lacking(
    key: Key, found: Gathered, own: frozenset[str] | None, counted: frozenset[str] | None
) -> list[str]:
    given = found.attributes[key.name].keys()
    return sorted((set(own or ()) | set(counted or ())) - set(given))


def _report(rule: Rule, bodies: Rules, key: Key, lacking: list[str]) -> None:
    place = next(s.value.parts["requires"] for s in bodies[rule.id])
    more = "" if len(lacking) == 1 else f" and {len(lacking) - 1} more"
    place.problem(
        "key-not-defined",
        f"`{key.name}` is compared, and code `{lacking[0]}`{more} has none",
        "give every code of the rule and of the count this attribute",
    )


def _keyed(rule: Rule) -> Iterator[tuple[tuple[Key, ...], Codes | None]]:
    terms = [rule.when, rule.when_stated, rule.requires, *(e.when for e in rule.exemptions)]
    for term in terms:
        if term is not None:
            yield from _within(term)


def _within(term: Term) -> Iterator[tuple[tuple[Key, ...], Codes | None]]:
    if isinstance(term, Related):
        yield (*term.same, *term.different), term.codes
    elif isinstance(term, Sessions | Spacing):
        yield (*term.counted.same, *term.counted.different), term.counted.of
    elif isinstance(term, All | Some | CountOf):
        for part in term.terms:
            yield from _within(part)
    elif isinstance(term, Not):
        yield from _within(term.term)
