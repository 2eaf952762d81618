"""One mistake is one problem, in how many places it may show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.model.problem import Problem

SHOWN = 3


def folded(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in order; a name that many places want and nothing bears stands once.

    It stands at the first place, and its help names some of the others.
    """
    groups: dict[tuple[str, ...], list[Problem]] = {}
    result: list[Problem] = []
    for problem in sorted(problems):
        if not problem.id.startswith("unknown-"):
            result.append(problem)
            continue
        groups.setdefault(_mark(problem), []).append(problem)
    result += [_one(group) for group in groups.values()]
    return sorted(result)


def _mark(problem: Problem) -> tuple[str, ...]:
    """Problems of one name for which one other name is proposed are one mistake."""
    name = problem.message.split("`")[-2:-1]
    if problem.help and problem.help.startswith("did you mean"):
        return (*name, problem.help)
    return problem.id, problem.message


def _one(group: list[Problem]) -> Problem:
    first, others = group[0], [str(p.location) for p in group[1:]]
    if not others:
        return first
    more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
    also = f"the same at {', '.join(others[:SHOWN])}{more}"
    return replace(first, help=f"{first.help}; {also}" if first.help else also)
