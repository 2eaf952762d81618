"""The sources of a rule, as results that explain it list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model.book import Rule


def cited(rule: Rule) -> list[dict[str, str]]:
    """Every sentence that a rule rests on: an adoption first, then changes, then its own."""
    return [
        {"source": c.source, "locator": c.locator, "evidence": c.evidence, "says": c.says}
        for c in rule.cites
    ]


def in_words(cites: Iterable[Mapping[str, Any]]) -> str:
    """Sources in one line, each once."""
    named = (f"{c['source']}, {c['locator']} ({c['evidence']})" for c in cites)
    return "; ".join(dict.fromkeys(named))
