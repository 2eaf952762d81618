"""The same rules for zen-engine: one decision table that collects, a row for each rule.

Its table has columns for code, units and place, and one for an expression; it loops over the
lines of a claim, so that a claim is one call.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from bench.flat import Condition, Flat
from engine.model.claim import Claim

Findings = set[tuple[str, int]]


def table(rules: Iterable[Flat]) -> str:
    """The decision graph as JSON."""
    content = {
        "hitPolicy": "collect",
        "inputs": [
            {"id": "code", "name": "code", "field": "procedure"},
            {"id": "units", "name": "units", "field": "units"},
            {"id": "place", "name": "place", "field": "place"},
            {"id": "else", "name": "else"},
        ],
        "outputs": [
            {"id": "rule", "name": "rule", "field": "rule"},
            {"id": "line", "name": "line", "field": "line"},
        ],
        "rules": [_row(rule) for rule in rules],
        "passThrough": False,
        "executionMode": "loop",
        "inputField": "lines",
        "outputPath": "found",
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "request"},
        {"id": "table", "type": "decisionTableNode", "name": "rules", "content": content},
        {"id": "out", "type": "outputNode", "name": "response"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _row(rule: Flat) -> dict[str, str]:
    cells: dict[str, list[str]] = {"units": [], "place": [], "else": []}
    for condition in rule.conditions:
        column, cell = _cell(condition)
        cells[column].append(cell)
    return {
        "_id": rule.id,
        "code": _values(rule.codes) or "false",
        "units": " and ".join(cells["units"]),
        "place": " and ".join(cells["place"]),
        "else": " and ".join(cells["else"]),
        "rule": json.dumps(rule.id),
        "line": "number",
    }


def _values(values: tuple[str, ...]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def _cell(condition: Condition) -> tuple[str, str]:
    values = _values(condition.values)
    if condition.of == "units_above":
        return "units", f"{'>' if condition.holds else '<='} {condition.limit}"
    if condition.of == "units_below":
        return "units", f"{'<' if condition.holds else '>='} {condition.limit}"
    if condition.of == "place":
        return "place", f"{'' if condition.holds else 'not '}in [{values}]"
    some = "some" if condition.holds else "none"
    if condition.of == "beside":
        lines = "$nodes.request.lines"
        same = f"#.number != number and #.day == day and #.procedure in [{values}]"
        return "else", f"{some}({lines}, {same})"
    return "else", f"{some}({condition.of}, # in [{values}])"


def claim_of(claim: Claim) -> dict[str, Any]:
    """The claim as the graph wants it."""
    return {
        "lines": [
            {
                "number": line.number,
                "procedure": line.procedure,
                "units": line.units,
                "place": line.place_of_service,
                "day": line.service_date.isoformat(),
                "modifiers": list(line.modifiers),
                "diagnoses": list(line.diagnoses),
            }
            for line in claim.lines
        ]
    }


def documented(rules: Iterable[Flat]) -> Callable[[dict[str, Any]], Findings]:
    """As its manual begins: a decision made of text, evaluated claim by claim."""
    import zen

    decision = zen.ZenEngine().create_decision(table(rules))
    return lambda claim: _findings(decision.evaluate(claim))


def compiled(rules: Iterable[Flat]) -> Callable[[dict[str, Any]], Findings]:
    """At its best: the content is compiled once and handed out by a loader."""
    import zen

    content = zen.ZenDecisionContent(table(rules))
    engine = zen.ZenEngine({"loader": lambda _key: content})
    return lambda claim: _findings(engine.evaluate("rules", claim))


def _findings(answer: Any) -> Findings:
    return {(hit["rule"], hit["line"]) for line in answer["result"]["found"] for hit in line}
