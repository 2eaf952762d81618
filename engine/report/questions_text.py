"""Questions in text: grouped by who can answer them, each asked once with the rules that ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.chain.needs import HISTORY
from engine.chain.stratified import NO_POLICY, Decided
from engine.report.layout import Codes, Piece, heading, lines_named, wrapped

Whom = tuple[int | str, ...]
"""Line numbers, or the one name of something else that is asked about."""
Asked = dict[str, list[str]]
CLAIM = "the claim"
RECORD = "to look up in the record"
PAST = "about earlier services"
OTHER = "also open"
LATER = "the note must state"
EMPTY = "taken as given: no such service between the end of the history and the day planned"


def question_lines(result: Mapping[str, Any], decided: Decided) -> Iterator[list[Piece]]:
    """Everything that is asked of one claim."""
    codes = {line.number: line.procedure for line in decided.around.claim.lines}
    groups: dict[str, dict[Whom, Asked]] = {RECORD: {}, PAST: {}, OTHER: {}}
    for need in result["needs"]:
        for title, whom, text in _asked(need, decided, codes):
            _add(groups[title], whom, text, need["rule"])
    later: dict[Whom, Asked] = {}
    for need in result.get("must_state", ()):
        for _, whom, text in _asked(need, decided, codes):
            _add(later, whom, text, need["rule"])
    for title, found in (*groups.items(), (LATER, later)):
        yield from _group(title, found, codes)
    if _taken_as_empty(decided):
        yield [(f"  {EMPTY}", "dim")]


def _add(group: dict[Whom, Asked], whom: Whom, text: str, rule: str) -> None:
    asking = group.setdefault(whom, {}).setdefault(text, [])
    name = rule.split("#")[-1]
    if name not in asking and name != NO_POLICY:
        asking.append(name)


def _asked(
    need: Mapping[str, Any], decided: Decided, codes: Codes
) -> Iterator[tuple[str, Whom, str]]:
    """Title of the group, whom it is asked of, and the words, for each thing that a rule asks."""
    here: Whom = tuple(need["lines"])
    if need["depends_on"] is not None:
        yield OTHER, here, f"waits for {lines_named([need['depends_on']], codes)}"
    for fact in need["facts"]:
        text = f"{fact['question']} [{fact['fact']}]"
        declared = decided.around.bound.book.facts.get(fact["fact"])
        if fact["fact"] == HISTORY:
            yield PAST, here, fact["question"]
        elif declared is not None and declared.about != "line" and _this(fact, decided):
            yield RECORD, (CLAIM,), text
        else:
            yield OTHER if declared is None else RECORD, _of(fact, decided), text
    if need["depends_on"] is None and not need["facts"]:
        yield OTHER, here, "nothing that could be looked up would decide this"


def _this(fact: Mapping[str, Any], decided: Decided) -> bool:
    """Whether a question is about this claim, not about an earlier service."""
    return bool(fact["of"]["claim_id"] == decided.around.claim.claim_id)


def _of(fact: Mapping[str, Any], decided: Decided) -> Whom:
    """The line or the earlier service that a question is about."""
    of = fact["of"]
    if not _this(fact, decided):
        claim = f", claim {of['claim_id']}" if of["claim_id"] else ""
        return (f"the service of {of['service_date']}{claim}",)
    return (of["line"],) if of["line"] is not None else (CLAIM,)


def _group(title: str, found: Mapping[Whom, Asked], codes: Codes) -> Iterator[list[Piece]]:
    if found:
        yield heading(title)
    for whom, asked in _joined(found).items():
        numbers = [n for n in whom if isinstance(n, int)]
        yield [(f"    {lines_named(numbers, codes) if numbers else whom[0]}", "")]
        for text, rules in asked.items():
            yield from wrapped(text, f"({', '.join(rules)})" if rules else "")


def _joined(found: Mapping[Whom, Asked]) -> dict[Whom, Asked]:
    """Lines of which exactly the same is asked stand together."""
    result: dict[Whom, Asked] = {}
    for whom, asked in found.items():
        same = next((w for w, a in result.items() if a == asked and _lines(w) and _lines(whom)), ())
        result.pop(same, None)
        result[tuple(dict.fromkeys((*same, *whom)))] = asked
    return result


def _lines(whom: Whom) -> bool:
    return all(isinstance(part, int) for part in whom)


def _taken_as_empty(decided: Decided) -> bool:
    """Whether a planned claim's history ends before the day before its services (clause A30)."""
    around = decided.around
    if around.claim.stage != "planned":
        return False
    ends = [coverage.complete_to for coverage in around.coverage if coverage.complete_to]
    return bool(ends) and any((x.date - max(ends)).days > 1 for x in around.lines)
