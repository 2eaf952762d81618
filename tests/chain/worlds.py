"""Small rule books that live in memory, and claims to judge by them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.chain.bound import BoundBook
from engine.chain.decided import Decided
from engine.chain.stratified import decide
from engine.compiler.book import compile_book
from engine.compiler.library import Library
from engine.documents.load import load_tree
from engine.model.claim import (
    Claim,
    Coverage,
    FactValue,
    History,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
    Status,
)

DAY = date(2025, 3, 5)
FIRST = "2000-01-01"
SOURCES = {
    "sources": {
        "src": {
            "title": "A source",
            "publisher": "nobody",
            "document": "D1",
            "address": "none",
            "from": FIRST,
            "read": FIRST,
            "evidence": "primary",
            "sentences": {"it": {"says": "What it says.", "evidence": "primary"}},
        }
    }
}
SETS: dict[str, dict[str, Any]] = {
    "blocks": {
        "says": "Blocks with a region.",
        "of": "procedure",
        "attributes": ["region"],
        "members": [
            {"code": "64490", "region": "neck"},
            {"code": "64493", "region": "back"},
            {"code": "64494", "region": "back", "from": "2025-01-01"},
        ],
    },
    "points": {"says": "Points.", "of": "procedure", "members": ["20552", "20553"]},
    "pains": {"says": "Pains.", "of": "diagnosis", "members": ["M54.16", "M47.816"]},
}
FACTS: dict[str, dict[str, Any]] = {
    "relief": {"type": "percent", "about": "claim"},
    "care": {"type": "duration", "unit": "weeks", "about": "claim"},
    "imaging": {"type": "choice", "values": ["ct", "none"], "about": "line"},
    "biologic": {"type": "yes_no", "about": "line", "rare": True},
    "started": {"type": "date", "about": "claim"},
    "side": {"type": "choice", "values": ["left", "right", "bilateral"], "about": "line"},
}


def book(
    *rules: Mapping[str, Any], more: Mapping[str, Any] | None = None, **head: Any
) -> BoundBook:
    """A bound book of one payer with one policy; `head` adds keys to the policy's head."""
    policy = {
        "policy": "topic",
        "title": "A topic",
        "from": FIRST,
        "sources": "../sources.yaml",
        "scope": {"procedure": ["blocks", "points", "J0001"]},
        "history": {"counting": "paid", "by": "any_provider", "cites": "src/it"},
        "sets": SETS,
        "rules": list(rules),
        **head,
    }
    documents: dict[str, Any] = {
        "payer/payer.yaml": {
            "payer": "payer",
            "title": "A payer",
            "names": [],
            "ids": [],
            "layers": [{"from": FIRST, "coding": ["coding"], "payer": ["payer/topic"]}],
        },
        "payer/sources.yaml": SOURCES,
        "payer/topic/policy.yaml": policy,
        "vocabulary/facts.yaml": {"vocabulary": "facts", "says": "Facts.", "facts": _facts()},
        **(more or {}),
    }
    texts = {
        path: data if isinstance(data, bytes) else json.dumps(data).encode()
        for path, data in documents.items()
    }
    loaded, problems = load_tree(texts)
    made, found = compile_book(Library(loaded, problems), "payer")
    assert [*problems, *found] == []
    return BoundBook(made)


def _facts() -> dict[str, Any]:
    common = {"stated": "at_service", "changed_by": "somebody"}
    return {
        name: {"says": name, "question": f"{name}?", **common, **about}
        for name, about in FACTS.items()
    }


def rule(name: str, codes: Any, requires: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A rule on some codes that denies."""
    return {
        "rule": name,
        "says": "A rule.",
        "cites": "src/it",
        "applies_to": {"procedure": codes},
        "requires": requires,
        "otherwise": {"finding": "deny"},
        **more,
    }


def window(**kind: Any) -> dict[str, Any]:
    """A declared window that holds the day itself."""
    given = {"this_date": "inside", **kind}
    if "rolling" in kind:
        given = {"far_edge": "outside", **given}
    return {"says": "A window.", "cites": "src/it", **given}


def line(number: int = 1, code: str = "20552", day: date = DAY, **more: Any) -> Line:
    """A line of one unit."""
    return Line(**{"number": number, "procedure": code, "service_date": day, "units": 1, **more})


def claim(*lines: Line, record: Mapping[str, FactValue] | None = None, **more: Any) -> Claim:
    """A claim of the payer's; `record` are facts about it."""
    given: dict[str, Any] = {
        "claim_id": "C-1",
        "payer": Payer("payer"),
        "patient": Patient("P-1"),
        "lines": lines or (line(),),
        "billing_provider": Provider(group="ours"),
        "documentation": record or {},
        **more,
    }
    return Claim(**given)


def service(day: date, code: str = "20552", status: Status | None = "paid", **more: Any) -> Service:
    """An earlier service of the same patient."""
    own = {k: more.pop(k) for k in ("units", "modifiers", "documentation") if k in more}
    given = {"payer": "payer", "group": "ours", "claim_id": f"H-{day}-{code}", **more}
    return Service("P-1", line(1, code, day, **own), status=status, **given)


def history(*services: Service, covered: Sequence[Coverage] | None = None) -> History:
    """What was done before; without `covered` it is known in full."""
    return History(services, tuple([Coverage("P-1")] if covered is None else covered))


def words(decided: Decided) -> dict[tuple[str, tuple[int, ...]], str]:
    """The word of each rule on each line, by the rule's name and the lines' numbers."""
    numbers = [x.line.number for x in decided.around.lines]
    return {
        (bound.rule.name, tuple(numbers[n] for n in lines)): word
        for _, bound, word, lines in decided.outcomes
    }


def word(bound: BoundBook, one: Claim | None = None, before: History | None = None) -> str:
    """How the book's only rule comes out on the claim's last line."""
    decided = decide(bound, one or claim(), before or history())
    last = decided.around.lines[-1]
    found = [w for x, _, w, _ in decided.outcomes if x is last]
    return found[0] if found else "not_applicable"
