"""Assembles the result of one claim, exactly by the contract."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine import __version__
from engine.chain.bind import BoundRule
from engine.chain.facts import LineFacts
from engine.chain.ruling import prove_rule
from engine.chain.stratified import NO_POLICY, Decided
from engine.model.book import WEIGHTY
from engine.model.claim import Claim, History
from engine.model.outcome import Need
from engine.report.findings import findings

Result = dict[str, Any]


def result(decided: Decided, history: History, *, without_record: bool = False) -> Result:
    """The result of a claim that a chain decided.

    With `without_record` the rules that only documentation could decide are left out of the
    questions and of the verdict, and counted under ``without_record``.
    """
    around = decided.around
    found = findings(decided, history)
    open_rules = _questions(decided)
    left_out = [q for q in open_rules if without_record and _only_record(q)]
    needs = [_public(q) for q in open_rules if q not in left_out]
    words = Counter(word for _, _, word, _ in decided.outcomes)
    no_policy = len(decided.no_policy)
    weighs = any(f["finding"] in WEIGHTY for f in found)
    waits = any(q["weighs"] for q in open_rules if q not in left_out)
    shown: Result = {
        "claim_id": around.claim.claim_id,
        "verdict": "not_clean" if weighs else "undecided" if waits else "clean",
        "policies": _policies(decided),
        "checked": {
            "met": words["met"],
            "violated": words["violated"],
            "undecided": words["undecided"],
            "not_applicable": max(decided.not_applicable - len(decided.outcomes), 0),
            "not_judged": decided.not_judged,
            "no_policy": no_policy,
        },
        "findings": found,
        "needs": needs,
        "not_asked": _not_asked(decided),
        "digest": digest(around.claim, around.bound.book.digest),
    }
    if without_record:
        shown["without_record"] = len(left_out)
    return shown


def _policies(decided: Decided) -> list[dict[str, str]]:
    used = {bound.rule.policy for _, bound, _, _ in decided.outcomes}
    marks = decided.around.bound.book.policies
    return [{"id": m.id, "digest": m.digest} for m in marks if m.id in used]


def _questions(decided: Decided) -> list[dict[str, Any]]:
    """What each undecided rule asks; lines that ask the same stand together."""
    asked: dict[Any, dict[str, Any]] = {}
    for x, bound, word, lines in decided.outcomes:
        if word == "undecided":
            needs = prove_rule(decided.around.bound, bound.rule, x).needs
            key = (bound.rule.id, needs)
            entry = asked.setdefault(key, _question(decided, bound, needs))
            numbers = [decided.around.claim.lines[n].number for n in lines]
            entry["lines"] = sorted({*entry["lines"], *numbers})
    found = list(asked.values())
    found += [_no_policy(decided, decided.around.lines[n]) for n in decided.no_policy]
    found += [_no_policy(decided, x) for x in decided.scope_open]
    return sorted(found, key=lambda q: (q["lines"], q["rule"]))


def _question(decided: Decided, bound: BoundRule, needs: tuple[Need, ...]) -> dict[str, Any]:
    facts = [n for n in needs if n.depends_on is None]
    others = [n.depends_on for n in needs if n.depends_on is not None]
    return {
        "rule": bound.rule.id,
        "lines": [],
        "depends_on": others[0] if others and not facts else None,
        "facts": [_fact(n) for n in facts],
        "weighs": bound.rule.consequence.finding in WEIGHTY,
        "needs": needs,
    }


def _fact(need: Need) -> dict[str, Any]:
    return {
        "fact": need.fact,
        "question": need.question,
        "of": {
            "claim_id": need.claim_id,
            "line": need.line,
            "service_date": need.service_date.isoformat() if need.service_date else None,
        },
    }


def _no_policy(decided: Decided, x: LineFacts) -> dict[str, Any]:
    """The built-in undecided outcome of a line of which no policy speaks (clause A23)."""
    book, claim_id = decided.around.bound.book, decided.around.claim.claim_id
    if book.by_contractor and book.contractor is None:
        question = "In which state was the service? The contractor that decides follows from it."
        need = Need("state", question, claim_id, None, x.date, False)
    else:
        question = (
            f"Which policy of {book.title} speaks of {x.procedure} on {x.date}? None here does."
        )
        need = Need("policy", question, claim_id, x.line.number, x.date, False)
    return {
        "rule": NO_POLICY,
        "lines": [x.line.number],
        "depends_on": None,
        "facts": [_fact(need)],
        "weighs": True,
        "needs": (need,),
    }


def _only_record(question: Mapping[str, Any]) -> bool:
    return bool(question["needs"]) and all(n.documentation for n in question["needs"])


def _public(question: dict[str, Any]) -> dict[str, Any]:
    return {key: question[key] for key in ("rule", "lines", "depends_on", "facts")}


def _not_asked(decided: Decided) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for x, bound in decided.silent:
        needs = prove_rule(decided.around.bound, bound.rule, x).silent
        entry = found.setdefault(
            (bound.rule.id, needs),
            {"rule": bound.rule.id, "lines": [], "facts": [_fact(n) for n in needs]},
        )
        entry["lines"].append(x.line.number)
    return sorted(found.values(), key=lambda e: (e["lines"], e["rule"]))


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
