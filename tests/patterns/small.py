"""A small tree of policies around one rule, and claims to judge by it on both evaluators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.chain.decided import Decided
from engine.documents.load import load_tree
from engine.model.claim import (
    Claim,
    Coverage,
    History,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
)
from tests.naive.beside import book_of, both
from tests.properties.ground import file, shared_files

POLICY = "medicare/national/small"
DOCTOR = Provider(npi="1234567893")
WHOLE = (Coverage("p"),)


def rule(**keys: Any) -> dict[str, Any]:
    """A rule about trigger point codes that denies, with what a test says otherwise."""
    given = {
        "rule": "judged",
        "says": "A rule.",
        "cites": "firm/one",
        "applies_to": {"procedure": "needling"},
        "otherwise": {"finding": "deny"},
    }
    return {**given, **keys}


def policy(*rules: dict[str, Any], **keys: Any) -> dict[str, bytes]:
    """A tree with one national policy."""
    head = {
        "policy": "small",
        "title": "Small",
        "from": "2020-01-01",
        "sources": "../../sources.yaml",
        "scope": {"procedure": "everything"},
        "history": {
            "counting": "paid",
            "by": "any_provider",
            "cites": "interpretation/reading",
        },
        "rules": list(rules),
    }
    return {**shared_files(), f"{POLICY}/policy.yaml": file({**head, **keys})}


def line(code: str, day: str, number: int = 1, **keys: Any) -> Line:
    """A line of a claim, one unit by one provider."""
    given = {"units": 1, "rendering_provider": DOCTOR, **keys}
    return Line(number, code, date.fromisoformat(day), **given)


def past(code: str, day: str, **keys: Any) -> Service:
    """An earlier service, paid by the same payer to the same group."""
    of_line = {k: keys.pop(k) for k in ("modifiers", "documentation", "units") if k in keys}
    given = {"claim_id": "earlier", "payer": "medicare", "group": "one", "status": "paid", **keys}
    return Service("p", line(code, day, **of_line), **given)


def claim(*lines: Line, **keys: Any) -> Claim:
    """A professional claim of these lines."""
    given = {
        "claim_id": "this",
        "payer": Payer("medicare"),
        "patient": Patient("p"),
        "form": "professional",
        "billing_provider": Provider(group="one"),
        **keys,
    }
    return Claim(lines=tuple(replace(one, number=n + 1) for n, one in enumerate(lines)), **given)


@dataclass(frozen=True)
class Judged:
    """What both evaluators say alike; rules that do not apply are left out."""

    words: Mapping[tuple[str, int], str]
    decided: Decided = field(repr=False)

    def word(self, name: str = "judged", number: int = 1) -> str:
        """The outcome of a rule on a line."""
        return self.words.get((name, number), "not_applicable")


def judge(
    files: dict[str, bytes],
    judged: Claim,
    services: tuple[Service, ...] = (),
    coverage: tuple[Coverage, ...] = WHOLE,
    contractor: str | None = None,
    known_on: str | None = None,
) -> Judged:
    """Judge a claim by a tree, on the engine and on the naive evaluator."""
    documents, problems = load_tree(files)
    assert not problems
    day = None if known_on is None else date.fromisoformat(known_on)
    bound, problems = book_of(documents, "medicare", contractor, known_on=day)
    assert not [problem for problem in problems if problem.severity == "error"]
    found = both(documents, bound, judged, History(services, coverage))
    assert found.differences() == {}
    words = {(key[0].split("#")[-1], key[1][0]): word for key, word in found.engine.items()}
    return Judged(words, found.decided)
