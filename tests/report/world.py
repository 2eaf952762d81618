"""Claims judged by small policies: the tree of the compiler's tests, with one policy replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.chain.bound import BoundBook
from engine.chain.stratified import Decided, decide
from engine.claims.documentation import check_claim, check_facts
from engine.claims.history import history_from
from engine.claims.record import claim_from
from engine.claims.where import Where
from engine.compiler.book import compile_book
from engine.documents.marks import Marks
from engine.documents.schema import validate
from engine.model.claim import History
from engine.model.problem import Location
from engine.report.result import Result, result
from tests.compiler.trees import EPIDURALS, Edit, edited, library

HEAD = """\
policy: epidurals
title: Epidural injections
from: 2021-01-01
sources: ../../sources.yaml
scope:
  procedure: epidurals
history: {counting: paid, by: any_provider, cites: interpretation/whose}
"""


def policy(rules: str, head: str = "") -> dict[str, str]:
    """The epidurals policy with these rules; `head` is put before them."""
    return {EPIDURALS: f"{HEAD}{head}rules:\n{rules}"}


def claim(*lines: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A claim of the contract; each line is an epidural of 2025-03-04 unless it says more."""
    return {
        "claim_id": "C-1",
        "form": "professional",
        "payer": {"id": "medicare", "contractor": "palmetto"},
        "patient": {"id": "P-1", "birth_date": "1955-03-01", "sex": "F"},
        "billing_provider": {"npi": "1234567893", "group": "carolina-pain"},
        "diagnoses": ["M54.16"],
        "lines": [
            {"number": n, "procedure": "62323", "service_date": "2025-03-04", "units": 1, **line}
            for n, line in enumerate(lines or ({},), 1)
        ],
        **more,
    }


WHOLE = {"coverage": [{"patient_id": "P-1", "complete_to": "2025-03-03", "providers": "all"}]}
"""A history that holds everything and in which nothing was done."""


def earlier(*days: str, **more: Any) -> dict[str, Any]:
    """A whole history with one paid epidural a day."""
    services = [
        {
            "patient_id": "P-1",
            "service_date": day,
            "procedure": "62323",
            "units": 1,
            "payer": "medicare",
            "claim_id": f"E-{n}",
            "line": 1,
            "group": "carolina-pain",
            "status": "paid",
            **more,
        }
        for n, day in enumerate(days, 1)
    ]
    return {**WHOLE, "services": services}


def judge(
    data: Mapping[str, Any],
    files: Mapping[str, str] | None = None,
    edits: Iterable[Edit] = (),
    history: Mapping[str, Any] = WHOLE,
) -> tuple[Decided, History]:
    """Decide a claim by the book of its contractor."""
    found = library(edited(edits, files))
    made, problems = claim_from(data, Where("claim"))
    assert made is not None
    assert problems == []
    made, problems = check_claim(made, found.facts, "claim")
    assert problems == []
    book, problems = compile_book(found, "medicare", made.payer.contractor)
    assert problems == []
    past, problems = history_from(history, Where("history"))
    assert problems == []
    for service in past.services:
        assert check_facts(service.line.documentation, found.facts, Location("history"))[1] == []
    past = past.of(made.patient.id)
    return decide(BoundBook(book), made, past), past


def judged(
    data: Mapping[str, Any],
    files: Mapping[str, str] | None = None,
    edits: Iterable[Edit] = (),
    history: Mapping[str, Any] = WHOLE,
    **options: bool,
) -> Result:
    """The result of a claim, which is what the schema says a result is."""
    decided, past = judge(data, files, edits, history)
    shown = result(decided, past, **options)
    problems, _ = validate("result", shown, Marks("result"))
    assert problems == []
    return shown
