"""The same rules for CLIPS through clipspy: a template of lines, a defrule for each rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bench.flat import Condition, Flat
from engine.model.claim import Claim

Findings = set[tuple[str, int]]
_LINE = (
    "(deftemplate line (slot number) (slot procedure) (slot units) (slot place) (slot day)"
    " (multislot modifiers) (multislot diagnoses))"
)


def rule_of(name: str, rule: Flat) -> str:
    """A defrule that calls `found` with its name and the line's number."""
    slots = [f"(number ?n) (procedure {_one_of(rule.codes)}) (day ?d)"]
    others = []
    for condition in rule.conditions:
        if condition.of == "beside":
            others.append(_beside(condition))
        else:
            slots.append(_slot(condition))
    pattern = f"(line {' '.join(slots)})"
    return f"(defrule {name} {pattern} {' '.join(others)} => (found {name} ?n))"


def _one_of(values: tuple[str, ...]) -> str:
    return "|".join(f'"{value}"' for value in values)


def _beside(condition: Condition) -> str:
    other = f"(line (number ~?n) (day ?d) (procedure {_one_of(condition.values)}))"
    return f"({'exists' if condition.holds else 'not'} {other})"


def _slot(condition: Condition) -> str:
    if condition.of == "units_above":
        return f"(units ?u&:({'>' if condition.holds else '<='} ?u {condition.limit}))"
    if condition.of == "units_below":
        return f"(units ?u&:({'<' if condition.holds else '>='} ?u {condition.limit}))"
    if condition.of == "place":
        if condition.holds:
            return f"(place {_one_of(condition.values)})"
        none_of = "&".join(f'~"{value}"' for value in condition.values)
        return f"(place {none_of})"
    held = " ".join(f'(member$ "{value}" $?{condition.of})' for value in condition.values)
    test = f"(or FALSE {held})" if condition.holds else f"(not (or FALSE {held}))"
    return f"({condition.of} $?{condition.of}&:{test})"


def claim_of(claim: Claim) -> list[dict[str, Any]]:
    """The slots of each line's fact."""
    return [
        {
            "number": line.number,
            "procedure": line.procedure,
            "units": line.units,
            "place": line.place_of_service,
            "day": line.service_date.toordinal(),
            "modifiers": line.modifiers,
            "diagnoses": line.diagnoses,
        }
        for line in claim.lines
    ]


def evaluator(rules: Iterable[Flat]) -> Callable[[list[dict[str, Any]]], Findings]:
    """One environment with every rule; it is reset before each claim."""
    import clips

    environment = clips.Environment()
    names: dict[str, str] = {}
    found: Findings = set()

    def note(name: str, number: int) -> None:
        found.add((names[name], number))

    environment.define_function(note, "found")
    environment.build(_LINE)
    for n, rule in enumerate(rules):
        if rule.codes:
            names[f"r{n}"] = rule.id
            environment.build(rule_of(f"r{n}", rule))
    line = environment.find_template("line")

    def evaluate(claim: list[dict[str, Any]]) -> Findings:
        environment.reset()
        found.clear()
        for slots in claim:
            line.assert_fact(**slots)
        environment.run()
        return set(found)

    return evaluate
