"""Which examples and cases a change adds to a rule or takes from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.compiler.library import Library


@dataclass(frozen=True)
class TestChange:
    """The tests of one rule: names of those that are new, other ones now, or gone."""

    __test__ = False

    rule: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    whole: int


def test_changes(base: Library, head: Library, rules: Iterable[str]) -> Iterator[TestChange]:
    """The tests of each rule before and after, by name."""
    before, after = _tests(base), _tests(head)
    for rule in dict.fromkeys(rules):
        old, new = before.get(rule, {}), after.get(rule, {})
        yield TestChange(
            rule,
            tuple(name for name in new if name not in old),
            tuple(name for name in new if name in old and new[name] != old[name]),
            tuple(name for name in old if name not in new),
            len(new),
        )


test_changes.__test__ = False  # type: ignore[attr-defined]  # not a test of this program


def _tests(library: Library) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for id, document in library.policies.items():
        for entry in document.data.get("rules") or ():
            for example in entry.get("examples") or ():
                named = found.setdefault(f"{id}#{entry.get('rule')}", {})
                named[f"example: {example.get('name')}"] = example
    for document in library.cases:
        for case in document.data.get("cases") or ():
            for rule in _named(case.get("expect") or {}):
                found.setdefault(rule, {})[f"case: {case.get('case')}"] = case
    return found


def _named(expect: dict[str, Any]) -> set[str]:
    keys = ("findings", "undecided", "outcomes")
    return {str(entry.get("rule")) for key in keys for entry in expect.get(key) or ()}
