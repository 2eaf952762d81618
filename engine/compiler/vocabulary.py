"""The facts that vocabularies declare, and who asks for them (clauses A5, A29)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.documents.document import Document
from engine.model.problem import Problem
from engine.model.vocabulary import Fact


def declared(documents: Iterable[Document], problems: list[Problem]) -> dict[str, Fact]:
    """Every fact by its name; one that is declared twice is a problem."""
    facts: dict[str, Fact] = {}
    for document in documents:
        for name, data in (document.data.get("facts") or {}).items():
            if name in facts:
                problems.append(
                    Problem(
                        document.marks.at_key(("facts", name)),
                        "fact-declared-twice",
                        f"the fact `{name}` is declared in another vocabulary already",
                        "a fact is declared once: take one of the two out",
                    )
                )
            elif isinstance(data, dict):
                facts[name] = _fact(name, data)
    return facts


def asked(policies: Mapping[str, Document]) -> dict[str, set[str]]:
    """Each fact with the rules and decision tables that ask for it."""
    found: dict[str, set[str]] = {}
    for id, document in policies.items():
        for rule in document.data.get("rules") or ():
            if isinstance(rule, dict):
                parts = [rule.get(key) for key in ("when", "requires", "unless")]
                for fact in _documented(parts):
                    found.setdefault(fact, set()).add(f"{id}#{rule.get('rule')}")
        for name, decision in (document.data.get("decisions") or {}).items():
            for row in decision.get("rows") or () if isinstance(decision, dict) else ():
                for fact in row if isinstance(row, dict) else ():
                    found.setdefault(str(fact), set()).add(f"{id}:{name}")
    return found


def _fact(name: str, data: Mapping[str, Any]) -> Fact:
    return Fact(
        name=name,
        says=str(data.get("says", "")),
        type=data.get("type", "text"),
        unit=data.get("unit"),
        list=bool(data.get("list", False)),
        values=tuple(data.get("values") or ()),
        about=data.get("about", "claim"),
        stated=data.get("stated", "at_service"),
        question=str(data.get("question", "")),
        changed_by=data.get("changed_by"),
        rare=bool(data.get("rare", False)),
    )


def _documented(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _documented(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "documented" and isinstance(value, dict):
                yield from [str(value.get("fact"))] if "fact" in value else value.get("facts", ())
            else:
                yield from _documented(value)
