"""One ruleset of durable_rules: its rules, its facts and its firings, in the narrow dialect.

The dialect and its reasons: docs/decisions/chain-and-durable-rules.md. Facts hold booleans and
small integers; every rule looks at a single fact; a further conclusion is an asserted fact.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import durable_rules_engine as engine

MOST_RULES: Final = 60
"""So many rules a ruleset carries safely; from about 480 on the engine refuses to load them."""
MOST_PROPERTIES: Final = 200
"""With 253 properties the engine drops a fact, and the rest of its batch, without a word."""
MOST_SIBLINGS: Final = 200
"""From 512 constants under one condition on the engine never returns."""

LINE_BARRED, CLAIM_BARRED, WARM_UP, FIRST_RULE = 1, 2, 3, 10
"""Kinds of facts; each rule of a book has a kind of its own from FIRST_RULE on."""

Conditions = list[dict[str, int]]
Act = Callable[[str, Mapping[str, int]], list[str]]
"""Takes the name of a fired rule and its fact, and returns the facts that follow, as JSON."""

_SHARED: Final[Mapping[str, Conditions]] = {
    "line-barred": [{"kind": LINE_BARRED}, {"sure": 1}],
    "line-unsure": [{"kind": LINE_BARRED}, {"sure": 0}],
    "claim-barred": [{"kind": CLAIM_BARRED}],
    "warm-up": [{"kind": WARM_UP}],
}


class DurableError(RuntimeError):
    """durable_rules did something else than it was asked to; its outcomes cannot be trusted."""


def rules_of(kind: int, *, with_stated: bool) -> dict[str, Conditions]:
    """The rules by which one rule of a book comes out (clause A5).

    Its fact says of the left side, of `when_stated` and of the requirement (or any exception)
    whether it is known and whether it holds. Exactly one of the rules matches each fact, since
    a left side that is false asserts none.
    """
    stated = [{"stated": 1}] if with_stated else []
    of: Conditions = [{"kind": kind}, *stated]
    failed = [{"right_known": 1}, {"right": 0}]
    found = {
        f"met-{kind}": [*of, {"right": 1}],
        f"violated-{kind}": [*of, {"left": 1}, *failed],
        f"undecided-{kind}": [*of, {"right_known": 0}],
        f"undecided-left-{kind}": [*of, {"left_known": 0}, *failed],
    }
    if with_stated:
        found[f"silent-{kind}"] = [{"kind": kind}, {"stated_known": 0}]
    return found


def room_for(rules: int) -> bool:
    """Whether so many rules fit into one ruleset, beside those that every ruleset has."""
    return len(_SHARED) + rules <= MOST_RULES


class Network:
    """A ruleset with one live session; what is asserted stays until `clear`."""

    def __init__(self, rules: Mapping[str, Conditions]) -> None:
        conditions = {**_SHARED, **rules}
        _check(conditions)
        definition = {name: {"all": [{"m": _match(c)}]} for name, c in conditions.items()}
        self._handle: int = engine.create_ruleset("cleanclaim", json.dumps(definition))
        self._live: list[str] = []
        ending = weakref.finalize(self, engine.delete_ruleset, self._handle)
        ending.atexit = False
        self._warm_up()

    def _warm_up(self) -> None:
        fired: list[str] = []

        def act(name: str, _: Mapping[str, int]) -> list[str]:
            fired.append(name)
            return []

        self.run([f'{{"kind":{WARM_UP},"number":0}}'], act)
        self.clear()
        if fired != ["warm-up"]:
            raise DurableError(f"the first fact fired {fired}")

    def run(self, facts: list[str], act: Act) -> None:
        """Assert facts and fire until nothing new follows."""
        state = self._assert(facts)
        started = engine.start_action_for_state(self._handle, state)
        message = started[1] if started else None
        while message is not None:
            ((name, match),) = json.loads(message).items()
            derived = act(name, match["m"])
            if derived:
                self._assert(derived)
            message = engine.complete_and_start_action(self._handle, state)

    def _assert(self, facts: list[str]) -> int:
        """Assert a batch; an empty one would end the process."""
        if not facts:
            raise DurableError("an empty batch")
        code, state = engine.assert_facts(self._handle, _batch(facts))
        self._live += facts
        if code:
            raise DurableError(f"facts were refused with code {code}")
        return int(state)

    def clear(self) -> None:
        """Retract whatever was asserted."""
        if self._live:
            code, _ = engine.retract_facts(self._handle, _batch(self._live))
            self._live = []
            if code:
                raise DurableError(f"facts were not retracted, code {code}")


def _match(conditions: Conditions) -> dict[str, Any]:
    return dict(conditions[0]) if len(conditions) == 1 else {"$and": conditions}


def _batch(facts: Iterable[str]) -> str:
    return f"[{','.join(facts)}]"


def _check(rules: Mapping[str, Conditions]) -> None:
    """Refuse what the engine would load and then get wrong."""
    names = {name for conditions in rules.values() for c in conditions for name in c}
    if len(rules) > MOST_RULES or len(names) > MOST_PROPERTIES:
        raise DurableError(f"{len(rules)} rules on {len(names)} properties in one ruleset")
    siblings: dict[str, set[Any]] = {}
    for conditions in rules.values():
        for condition in conditions:
            for name, value in condition.items():
                siblings.setdefault(name, set()).add(value)
    if any(len(values) > MOST_SIBLINGS for values in siblings.values()):
        raise DurableError("too many constants of one property in one ruleset")
