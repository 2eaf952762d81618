"""Where synthetic claims come from: the cases of the policies that are expected to be clean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.compiler.library import Library


@dataclass(frozen=True)
class Seed:
    """A claim with its history, as a case of a policy's topic writes them."""

    topic: str
    name: str
    claim: Mapping[str, Any]
    history: Mapping[str, Any]


def seeds_of(library: Library) -> dict[str, list[Seed]]:
    """The clean cases by payer and topic, those that ask what was known on a day left out."""
    found: dict[str, list[Seed]] = {}
    for document in sorted(library.cases, key=lambda d: (d.folder, d.name)):
        topic = document.folder.removesuffix("/cases")
        for case in document.data.get("cases") or ():
            expect = case.get("expect") or {}
            if expect.get("verdict") != "clean" or case.get("known_on"):
                continue
            seed = Seed(topic, str(case["case"]), case["claim"], case.get("history") or {})
            found.setdefault(group_of(topic), []).append(seed)
    return found


def group_of(topic: str) -> str:
    """A payer and a topic's name: contractors' cases stand with those of the base."""
    parts = topic.split("/")
    return f"{parts[0]}/{parts[-1]}"
