"""How well a rule is founded: one that rests on an unverified source can only warn."""

from __future__ import annotations

from posixpath import join, normpath
from typing import Any

from tests.naive.layers import Ruled


def may_only_warn(rule: Ruled) -> bool:
    """Whether the sentence that a rule cites is unverified."""
    source, sentence = rule.keys["cites"].split("/")
    for document in rule.sight.policies:
        named = document.data.get("sources", [])
        for path in [named] if isinstance(named, str) else named:
            folder, _, file = normpath(join(document.folder, path)).rpartition("/")
            found = rule.sight.documents.find(folder, file)
            if found is not None and source in found.data.get("sources", {}):
                return _grade(found.data["sources"][source], sentence) == "unverified"
    return False


def _grade(source: Any, sentence: str) -> str | None:
    said = source.get("sentences", {}).get(sentence) or {}
    grade: str | None = said.get("evidence", source.get("evidence"))
    return grade
