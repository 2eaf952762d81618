"""Assembles the result of one claim, exactly by the contract."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine import __version__
from engine.chain.stratified import Decided
from engine.model.book import WEIGHTY
from engine.model.claim import Claim, History
from engine.report.findings import findings
from engine.report.questions import Question, not_asked, questions

Result = dict[str, Any]


def result(decided: Decided, history: History, *, without_record: bool = False) -> Result:
    """The result of a claim that a chain decided.

    With `without_record` the rules that only documentation could decide are left out of the
    questions and of the verdict, and counted under ``without_record``. What the note of a planned
    service is yet to state stands under ``must_state`` and is no question (clause A30).
    """
    around, said = decided.around, summary(decided, history, without_record=without_record)
    shown: Result = {
        "claim_id": around.claim.claim_id,
        "verdict": said.verdict,
        "policies": _policies(decided),
        "checked": said.checked,
        "findings": said.findings,
        "needs": said.needs,
        "not_asked": not_asked(decided),
        "digest": digest(around.claim, around.bound.book.digest),
    }
    if around.claim.stage == "planned":
        shown["must_state"] = [q.public(q.later) for q in said.asked if q.later]
    if without_record:
        shown["without_record"] = said.left_out
    return shown


@dataclass(frozen=True, slots=True)
class Summary:
    """The part of a result on which people act; `asked` are the questions behind `needs`."""

    verdict: str
    checked: dict[str, int]
    findings: list[dict[str, Any]]
    asked: list[Question]
    left_out: int

    @property
    def open(self) -> list[Question]:
        """The questions that can be asked now."""
        return [q for q in self.asked if not q.later or q.now]

    @property
    def needs(self) -> list[dict[str, Any]]:
        """The questions as a result shows them."""
        return [q.public(q.now) for q in self.open]


def summary(decided: Decided, history: History, *, without_record: bool = False) -> Summary:
    """Verdict, counts, findings and questions of a decided claim, without its digests."""
    found = findings(decided, history)
    asked = questions(decided)
    left_out = [q for q in asked if without_record and q.only_record]
    kept = [q for q in asked if q not in left_out] if left_out else asked
    weighs = any(f["finding"] in WEIGHTY for f in found)
    waits = any(q.weighs for q in kept)
    verdict = "not_clean" if weighs else "undecided" if waits else "clean"
    return Summary(verdict, _checked(decided), found, kept, len(left_out))


def _checked(decided: Decided) -> dict[str, int]:
    words = Counter(word for _, _, word, _ in decided.outcomes)
    return {
        "met": words["met"],
        "violated": words["violated"],
        "undecided": words["undecided"],
        "not_applicable": max(decided.not_applicable - len(decided.outcomes), 0),
        "not_judged": decided.not_judged,
        "no_policy": len(decided.no_policy),
    }


def _policies(decided: Decided) -> list[dict[str, str]]:
    used = {bound.rule.policy for _, bound, _, _ in decided.outcomes}
    marks = decided.around.bound.book.policies
    return [{"id": m.id, "digest": m.digest} for m in marks if m.id in used]


def digest(claim: Claim, book: str) -> str:
    """A hash of the claim, the rule book and the version of the engine."""
    text = json.dumps([__version__, book, plain(claim)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A value of the model as JSON knows it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(v) for name, v in _fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if isinstance(value, date | Decimal):
        return str(value)
    return value


def _fields(value: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(value, name)) for name in value.__dataclass_fields__]
