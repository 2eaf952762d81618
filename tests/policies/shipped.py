"""The shipped policies, read once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from engine.compiler.library import Library
from engine.compiler.lint import lint
from engine.documents.source import from_folder
from engine.model.problem import Problem
from tests.cli.run import ROOT

SHIPPED = ROOT / "policies"
IDS = sorted(path.parent.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("policy.yaml"))
CASES = sorted(
    path.relative_to(SHIPPED).as_posix()
    for path in SHIPPED.rglob("*.yaml")
    if path.parent.name == "cases"
)


@lru_cache(maxsize=1)
def linted() -> tuple[Library, list[Problem]]:
    """The documents, and all that lint says of them."""
    return lint(from_folder(SHIPPED))


def asks_the_record(data: Any) -> bool:
    """Whether a requirement cannot be decided without documentation."""
    if isinstance(data, list):
        return any(asks_the_record(part) for part in data)
    if not isinstance(data, dict):
        return False
    return any(key in ("documented", "code_for") or asks_the_record(v) for key, v in data.items())


def never(rule: dict[str, Any]) -> bool:
    """Whether a rule says `not covered` and knows no exception."""
    return set(rule["requires"]) == {"never"} and not rule.get("unless")
