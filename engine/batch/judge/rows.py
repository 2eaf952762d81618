"""Writes what was decided of a claim as rows: the claim, its findings and its needs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from engine.batch.judge.written import Written
from engine.batch.schemas import CODED, OUTPUTS
from engine.chain.decided import Decided
from engine.model.book import RuleBook
from engine.model.claim import Claim, Line, Provider
from engine.model.facility import facility_type
from engine.report.questions import Question
from engine.report.result import Summary

NOBODY = Provider()


def _nothing() -> dict[str, list[dict[str, Any]]]:
    return {name: [] for name in OUTPUTS}


@dataclass
class Rows:
    """Rows by output."""

    of: dict[str, list[dict[str, Any]]] = field(default_factory=_nothing)
    verdicts: Counter[str] = field(default_factory=Counter)
    charge: Decimal = Decimal()

    def add(self, decided: Decided, shown: Summary, file: str) -> None:
        """The rows of one claim."""
        claim, book = decided.around.claim, decided.around.bound.book
        shared = shared_row(claim, book)
        self.verdicts[shown.verdict] += 1
        self.of["claims"].append({**shared, **claim_row(claim, shown), "file": file})
        for finding in shown.findings:
            self.of["findings"].append({**shared, **finding_row(claim, finding)})
        for question in shown.open:
            self.of["needs"] += [{**shared, **row} for row in need_rows(claim, question)]
        self.charge += charge_of(claim.lines) or 0

    def written(self) -> Written:
        """The rows as tables, claims in the order in which they were judged."""
        tables = {name: _table(self.of[name], schema) for name, schema in CODED.items()}
        return Written(tables, self.verdicts, self.charge)


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.table({n: [row.get(n) for row in rows] for n in schema.names}, schema=schema)


def shared_row(claim: Claim, book: RuleBook) -> dict[str, Any]:
    """What stands in every row of a claim."""
    return {
        "claim_id": claim.claim_id,
        "payer": claim.payer.id or claim.payer.name,
        "contractor": claim.payer.contractor,
        "billing_npi": (claim.billing_provider or NOBODY).npi,
        "group": (claim.billing_provider or NOBODY).group,
        "book": book.digest,
    }


def mark_of(book: RuleBook) -> dict[str, str | None]:
    """A book as run.json names it."""
    return {name: getattr(book, name) for name in ("payer", "contractor", "plan", "title")}


def charge_of(lines: Sequence[Line]) -> Decimal | None:
    """The charges of some lines together; None if none is stated."""
    if len(lines) == 1:
        return lines[0].charge
    stated = [line.charge for line in lines if line.charge is not None]
    return sum(stated, Decimal()) if stated else None


def claim_row(claim: Claim, shown: Summary) -> dict[str, Any]:
    """The row of a claim."""
    first = claim.lines[0]
    return {
        "verdict": shown.verdict,
        "plan": claim.payer.plan,
        "state": claim.payer.state,
        "form": claim.form,
        "facility_type": facility_type(claim, first)[0],
        "place_of_service": first.place_of_service,
        "service_date": first.service_date,
        "rendering_npi": (first.rendering_provider or NOBODY).npi,
        "specialty": (first.rendering_provider or NOBODY).specialty,
        "charge": charge_of(claim.lines),
        "lines": len(claim.lines),
        **shown.checked,
    }


def of_lines(claim: Claim, numbers: Collection[int]) -> dict[str, Any]:
    """What follows from the numbers of the lines that a row is about; none: all of them."""
    lines = [line for line in claim.lines if line.number in numbers] or claim.lines
    first = lines[0]
    return {
        "service_date": first.service_date,
        "rendering_npi": (first.rendering_provider or NOBODY).npi,
        "charge": charge_of(lines),
    }


def of_first(claim: Claim, numbers: Collection[int]) -> dict[str, Any]:
    """What stands in a finding of the first of its lines."""
    first = next((x for x in claim.lines if x.number in numbers), None)
    return {
        "procedure": first.procedure if first else None,
        "place_of_service": (first or claim.lines[0]).place_of_service,
    }


def finding_row(claim: Claim, finding: dict[str, Any]) -> dict[str, Any]:
    """The row of a finding."""
    numbers = finding["lines"]
    policy, cites, remedy = _policy(finding["rule"]), finding["cites"], finding["remedy"]
    return {
        "lines": numbers,
        **of_lines(claim, numbers),
        "policy": policy,
        "rule": finding["rule"],
        "topic": policy.rsplit("/", 1)[-1] if policy else None,
        "finding": finding["finding"],
        **of_first(claim, numbers),
        "group_code": finding["group"],
        "carc": finding["carc"],
        "rarc": finding["rarc"],
        "message": finding["message"],
        **cites,
        "interpretations": finding["interpretations"],
        "exception": finding["exception"],
        "remedy": json.dumps(remedy, ensure_ascii=False, default=str) if remedy else None,
        "remedy_class": remedy["class"] if remedy else None,
        "verified": remedy["verified"] if remedy else None,
    }


def need_rows(claim: Claim, question: Question) -> list[dict[str, Any]]:
    """A row for each fact that is wanted, or one for the line on which the rule depends."""
    need = question.public(question.now)
    shared = {
        "lines": need["lines"],
        **of_lines(claim, need["lines"]),
        "policy": _policy(need["rule"]),
        "rule": need["rule"],
        "depends_on": need["depends_on"],
        "weighs": question.weighs,
    }
    facts = need["facts"] or [{"fact": None, "question": None}]
    return [{**shared, "fact": f["fact"], "question": f["question"]} for f in facts]


def _policy(rule: str) -> str | None:
    """The policy of a rule; the outcome of a line without a policy has none."""
    return rule.split("#")[0] if "#" in rule else None
