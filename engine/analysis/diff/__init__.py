"""What differs between two states of the policies, in words that a reviewer understands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.analysis.diff.change import Change, Clause, Diff, Effect, Kind
from engine.analysis.diff.definitions import definition_changes
from engine.analysis.diff.reach import layers_over, states_of
from engine.analysis.diff.side import Side, read_side
from engine.analysis.diff.topics import rule_changes

__all__ = ["Change", "Clause", "Diff", "Effect", "Kind", "Side", "compare", "read_side"]

_ORDER = ("policy", "rule", "parameter", "set", "table", "definition")


def compare(base: Side, head: Side) -> Diff:
    """Everything that differs. With `on` in the sides: the rules as they stand on these days.

    The documents of both sides should be free of errors; what cannot be read is not compared.
    """
    found = list(_rules(base, head))
    if not (base.on or head.on):
        found += definition_changes(base, head)
    placed = [_placed(change, base, head) for change in found]
    key = sorted(placed, key=lambda c: (c.topic, _ORDER.index(c.what), c.name, str(c.begin or "")))
    return Diff(base.name, head.name, tuple(key))


def _rules(base: Side, head: Side) -> Iterator[Change]:
    """Changes of rules; a layer that only takes over what its base says is named with it."""
    dated = bool(base.on or head.on)
    own: list[Change] = []
    inherited: list[Change] = []
    for policy in sorted({*base.library.policies, *head.library.policies}):
        if dated or base.seen_by(policy) != head.seen_by(policy):
            for change in rule_changes(base, head, policy):
                (own if _of(policy, change) else inherited).append(change)
    for change in own:
        taken = [c.topic for c in inherited if _covers(change, c)]
        yield replace(change, layers=tuple(dict.fromkeys(taken)))
    yield from (c for c in inherited if not any(_covers(told, c) for told in own))


def _of(policy: str, change: Change) -> bool:
    return (change.rule or "").startswith(policy + "#")


def _covers(told: Change, change: Change) -> bool:
    """Whether a base's change is the same one, maybe for more days."""
    if told.rule != change.rule:
        return False
    begins = told.begin is None or (change.begin is not None and told.begin <= change.begin)
    return begins and (told.kind, told.clauses) == (change.kind, change.clauses)


def _placed(change: Change, base: Side, head: Side) -> Change:
    """The change with the layers that take it over and the states in which it holds."""
    if change.what not in ("rule", "policy"):
        return change
    layers = change.layers
    if change.what == "policy":
        found = (p for s in (base, head) for p in layers_over(s.library, change.topic))
        layers = tuple(dict.fromkeys(found))
    states = states_of((base, head), (change.topic, *layers))
    return replace(change, states=states, layers=layers)
