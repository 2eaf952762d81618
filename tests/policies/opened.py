"""Makes examples of a rule from its own ones, each with one thing left unsaid."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from engine.analysis.example_claims import claim_of, history_of
from engine.analysis.examples import Example, judged, word_on
from engine.chain.bound import BoundBook
from engine.compiler.book import compile_policy
from engine.compiler.library import Library, day
from engine.model.problem import Location

ASKING = ("documented", "code_for", "sessions", "spacing", "outcome")
"""Forms that look at the record, at the history, or at a rule that does."""


def can_be_undecided(library: Library, policy: str, rule: Mapping[str, Any]) -> bool:
    """Whether a fact of the record, or the reach of the history, can leave a rule open: one of its
    examples comes out undecided when one fact is taken from it, or its history."""
    if not _asks(rule):
        return False
    bound = BoundBook(compile_policy(library, policy)[0])
    return any(
        _word(library, bound, policy, rule, data) == "undecided"
        for example in rule.get("examples") or ()
        if "known_on" not in example and example["expect"] in ("met", "violated")
        for data in _opened(example)
    )


def _asks(data: Any) -> bool:
    if isinstance(data, list):
        return any(_asks(part) for part in data)
    if not isinstance(data, Mapping):
        return False
    return any(k in ASKING or _asks(v) for k, v in data.items() if k != "examples")


def _opened(example: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in (("documentation",), ("line", "documentation")):
        for fact in _at(example, path) or {}:
            data = copy.deepcopy(dict(example))
            del _at(data, path)[fact]
            yield data
    if "complete_from" not in example:
        since = example["line"].get("service_date")
        yield {**{k: v for k, v in example.items() if k != "history"}, "complete_from": since}


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        data = data.get(key) or {}
    return data


def _word(
    library: Library,
    bound: BoundBook,
    policy: str,
    rule: Mapping[str, Any],
    data: dict[str, Any],
) -> str:
    begin = day(rule.get("from") or library.policies[policy].data.get("from"))
    if data.get("complete_from", "") is None:
        data["complete_from"] = begin
    faults: list[str] = []
    payer, where, id = policy.split("/", 1)[0], Location(""), f"{policy}#{rule['rule']}"
    claim, given = claim_of(payer, data, begin, library.facts, where, faults)
    history = history_of(data, claim, library.facts, where, faults)
    example = Example(policy, id, "", where, None, claim, given, history, "undecided")
    return word_on(judged(bound, example), id, 0)
