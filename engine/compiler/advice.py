"""What is allowed and rarely meant: warnings about policies that are in order otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.compiler.library import Library
from engine.documents.document import Document
from engine.model.problem import Location, Problem

_FIRM = ("reject", "deny")
_JOINED = ("all_of", "any_of", "none_of")
_RECORD = ("documented", "code_for")


def advise(library: Library, document: Document) -> Iterator[Problem]:
    """Warnings about one policy: its rules, and how it takes over its base."""
    for n, rule in enumerate(document.data.get("rules") or ()):
        if isinstance(rule, dict) and not rule.get("ends"):
            yield from _about_rule(document, n, rule)
    base = library.base(document)
    if base is not None:
        yield from _about_adoption(document, base)


def _about_rule(document: Document, n: int, rule: dict[str, Any]) -> Iterator[Problem]:
    finding = (rule.get("otherwise") or {}).get("finding")
    if finding in _FIRM and set(_forms(rule.get("requires"))) == {"documented"}:
        yield _warn(
            document,
            ("rules", n, "otherwise", "finding"),
            "record-denies",
            f"this rule asks the record alone, and says `{finding}`",
            "what only the record says is at most a `review`",
        )
    expected = {e.get("expect") for e in rule.get("examples") or () if isinstance(e, dict)}
    lacking = [word for word in _wanted(rule) if word not in expected]
    if lacking:
        yield _warn(
            document,
            ("rules", n, "rule"),
            "one-sided-examples",
            f"no example of the rule `{rule.get('rule')}` is {' or '.join(lacking)}",
            "show the rule on both sides of its edge",
        )


def _wanted(rule: dict[str, Any]) -> tuple[str, ...]:
    """What the examples of a rule should show. Some rules cannot be met, or never decided."""
    forms = set(_forms(rule.get("requires")))
    if forms <= {"never"} and not rule.get("unless"):
        return ("violated",)
    if forms <= {"manual_review"}:
        return ("undecided",)
    return ("met", "violated")


def _forms(data: Any) -> Iterator[str]:
    for name, value in data.items() if isinstance(data, dict) else ():
        if name in _JOINED and isinstance(value, list):
            for part in value:
                yield from _forms(part)
        elif name == "count_of" and isinstance(value, dict):
            for part in value.get("of") or ():
                yield from _forms(part)
        else:
            yield str(name)


def _about_adoption(document: Document, base: Document) -> Iterator[Problem]:
    adopted_only = base.data.get("applies") == "where_adopted"
    if adopted_only and not document.data.get("adopted_by"):
        yield _warn(
            document,
            ("extends",),
            "no-adoption",
            f"`{base.folder}` holds only where it is adopted, and nothing says by which sentence",
            "add `adopted_by: <source>/<sentence>`",
        )
    differs = ("changes", "drops", "parameters", "sets", "derives", "rules")
    if not adopted_only and not any(document.data.get(key) for key in differs):
        yield _warn(
            document,
            ("extends",),
            "extends-for-nothing",
            f"`{base.folder}` holds everywhere already, and this layer changes nothing of it",
            "should the base say `applies: where_adopted`?",
        )


def _warn(
    document: Document, path: tuple[str | int, ...], id: str, message: str, help: str
) -> Problem:
    line, column = document.marks.value(path)
    return Problem(Location(document.file, line, column), id, message, help, "warning")
