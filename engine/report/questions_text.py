"""Questions in text: grouped by who can answer them, each asked once with the rules that ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.chain.needs import HISTORY
from engine.chain.stratified import NO_POLICY, Decided
from engine.report.layout import Codes, Piece, heading, lines_named, wrapped

Group = tuple[str, ...]
RECORD = "to look up in the record"
PAST = "about earlier services"
OTHER = "also open"
LATER = "the note must state"
EMPTY = "taken as given: no such service between the end of the history and the day planned"


def question_lines(result: Mapping[str, Any], decided: Decided) -> Iterator[list[Piece]]:
    """Everything that is asked of one claim."""
    codes = {line.number: line.procedure for line in decided.around.claim.lines}
    groups: dict[str, dict[Group, dict[str, list[str]]]] = {RECORD: {}, PAST: {}, OTHER: {}}
    for need in result["needs"]:
        for title, of, text in _asked(need, decided, codes):
            _add(groups[title], of, text, need["rule"])
    later: dict[Group, dict[str, list[str]]] = {}
    for need in result.get("must_state", ()):
        for _, of, text in _asked(need, decided, codes):
            _add(later, of, text, need["rule"])
    for title, found in (*groups.items(), (LATER, later)):
        yield from _group(title, found)
    if _taken_as_empty(decided):
        yield [(f"  {EMPTY}", "dim")]


def _add(group: dict[Group, dict[str, list[str]]], of: Group, text: str, rule: str) -> None:
    asking = group.setdefault(of, {}).setdefault(text, [])
    name = rule.split("#")[-1]
    if name not in asking and name != NO_POLICY:
        asking.append(name)


def _asked(
    need: Mapping[str, Any], decided: Decided, codes: Codes
) -> Iterator[tuple[str, Group, str]]:
    """Title of the group, whom it is asked of, and the words, for each thing that a rule asks."""
    here = lines_named(need["lines"], codes)
    if need["depends_on"] is not None:
        yield OTHER, (here,), f"waits for {lines_named([need['depends_on']], codes)}"
    for fact in need["facts"]:
        text = f"{fact['question']} [{fact['fact']}]"
        declared = decided.around.bound.book.facts.get(fact["fact"])
        if fact["fact"] == HISTORY:
            yield PAST, (here,), fact["question"]
        elif declared is None:
            yield OTHER, (_of(fact, decided, codes) or here,), text
        elif declared.about != "line" and _this(fact, decided):
            yield RECORD, ("the claim",), text
        else:
            yield RECORD, (_of(fact, decided, codes),), text
    if need["depends_on"] is None and not need["facts"]:
        yield OTHER, (here,), "nothing that could be looked up would decide this"


def _this(fact: Mapping[str, Any], decided: Decided) -> bool:
    """Whether a question is about this claim, not about an earlier service."""
    return bool(fact["of"]["claim_id"] == decided.around.claim.claim_id)


def _of(fact: Mapping[str, Any], decided: Decided, codes: Codes) -> str:
    """The line or the earlier service that a question is about."""
    of = fact["of"]
    if not _this(fact, decided):
        claim = f", claim {of['claim_id']}" if of["claim_id"] else ""
        return f"the service of {of['service_date']}{claim}"
    return lines_named([of["line"]], codes) if of["line"] is not None else "the claim"


def _group(title: str, found: Mapping[Group, Mapping[str, list[str]]]) -> Iterator[list[Piece]]:
    if not found:
        return
    yield heading(title)
    for (of,), asked in found.items():
        yield [(f"    {of}", "")]
        for text, rules in asked.items():
            yield from wrapped(text, f"({', '.join(rules)})" if rules else "")


def _taken_as_empty(decided: Decided) -> bool:
    """Whether a planned claim's history ends before the day before its services (clause A30)."""
    around = decided.around
    if around.claim.stage != "planned":
        return False
    ends = [coverage.complete_to for coverage in around.coverage if coverage.complete_to]
    return bool(ends) and any((x.date - max(ends)).days > 1 for x in around.lines)
