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
    slots: dict[str, list[str]] = {}
    others = []
    for condition in rule.conditions:
        if condition.of == "beside":
            others.append(_beside(condition))
        else:
            variable, test = _test(condition)
            slots.setdefault(variable, []).append(f"&:{test}")
    tested = " ".join(f"({v.strip('$?')} {v}{''.join(tests)})" for v, tests in slots.items())
    pattern = f"(line (number ?n) (procedure {_one_of(rule.codes)}) (day ?d) {tested})"
    return f"(defrule {name} {pattern} {' '.join(others)} => (found {name} ?n))"


def _one_of(values: tuple[str, ...]) -> str:
    return "|".join(f'"{value}"' for value in values)


def _beside(condition: Condition) -> str:
    other = f"(line (number ~?n) (day ?d) (procedure {_one_of(condition.values)}))"
    return f"({'exists' if condition.holds else 'not'} {other})"


def _test(condition: Condition) -> tuple[str, str]:
    """The variable of a slot, and what it must be."""
    if condition.of == "units_above":
        return "?units", f"({'>' if condition.holds else '<='} ?units {condition.limit})"
    if condition.of == "units_below":
        return "?units", f"({'<' if condition.holds else '>='} ?units {condition.limit})"
    if condition.of == "place":
        variable = "?place"
        held = " ".join(f'(eq ?place "{value}")' for value in condition.values)
    else:
        variable = f"$?{condition.of}"
        held = " ".join(f'(member$ "{value}" {variable})' for value in condition.values)
    return variable, f"(or FALSE {held})" if condition.holds else f"(not (or FALSE {held}))"


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
