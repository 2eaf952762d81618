"""Small batch folders: Parquet parts and the account of a run, from rows or from real results."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from engine.analysis.sample import generate
from engine.chain.stratified import Decided
from engine.claims.read import read_claims
from engine.cli.evaluation import Desk
from engine.compiler.library import Library
from engine.compiler.shelf import Shelf
from engine.documents.source import from_folder
from engine.model.book import WEIGHTY
from engine.model.claim import Claim, Line
from engine.model.problem import Problem
from engine.report.result import result
from tests.policies.shipped import SHIPPED, linted

Row = dict[str, Any]
MONEY, DAY, WORDS = pa.decimal128(18, 2), pa.date32(), pa.list_(pa.string())
TYPES = {
    "service_date": DAY,
    "charge": MONEY,
    "verified": pa.bool_(),
    "interpretations": WORDS,
    "depends_on": pa.int32(),
    "weighs": pa.bool_(),
}
_WHO = ("billing_npi", "group", "rendering_npi")
_COUNTS = ("met", "violated", "undecided", "not_applicable", "not_judged", "no_policy")
COLUMNS: Mapping[str, Sequence[str]] = {
    "claims": (
        *("claim_id", "verdict", "payer", "contractor", "plan", "state", "form", "facility_type"),
        *("place_of_service", "service_date", *_WHO, "specialty", "charge", "lines", *_COUNTS),
        *("book", "file"),
    ),
    "findings": (
        *("claim_id", "payer", "contractor", "policy", "rule", "topic", "finding", "lines"),
        *("procedure", "service_date", "place_of_service", *_WHO, "charge", "group_code", "carc"),
        *("rarc", "message", "source", "locator", "evidence", "interpretations", "exception"),
        *("remedy", "remedy_class", "verified", "book"),
    ),
    "needs": (
        *("claim_id", "payer", "contractor", "policy", "rule", "lines", "fact", "question"),
        *("depends_on", "weighs", "service_date", *_WHO, "charge", "book"),
    ),
}


@dataclass
class Batch:
    """The rows of a run, and what was set aside."""

    claims: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    needs: list[Row] = field(default_factory=list)
    quarantine: list[Row] = field(default_factory=list)
    untouched: dict[str, int] = field(default_factory=dict)

    def account(self, **more: Any) -> Row:
        """What run.json says."""
        judged, aside, left = len(self.claims), len(self.quarantine), sum(self.untouched.values())
        counts = {"untouched": left, "judged": judged, "quarantined": aside}
        books = {"b1": {"payer": "medicare", "contractor": "palmetto", "title": "Medicare"}}
        return {
            "cleanclaim": "0.1.0",
            "policies": "a0728f56baa58328",
            "books": books,
            "inputs": [{"file": "claims.jsonl", "kind": "claims", "claims": judged, "lines": 2}],
            "began": "2026-11-22T10:00:00",
            "ended": "2026-11-22T10:00:09",
            "seconds": 9.0,
            "claims": {"read": judged + aside + left, **counts},
            "untouched": self.untouched,
            "verdicts": dict(Counter(row["verdict"] for row in self.claims)),
            "findings": len(self.findings),
            "needs": len(self.needs),
            "charge": {"read": "0.00", "judged": "0.00"},
            "complete": True,
            "options": {},
            **more,
        }

    def write(self, out: Path, parts: int = 2, **more: Any) -> Path:
        """Write the folder; every table in so many parts."""
        for table in COLUMNS:
            rows: list[Row] = getattr(self, table)
            (out / table).mkdir(parents=True, exist_ok=True)
            for n in range(parts):
                put(out / table / f"part-{n:05}.parquet", table, rows[n::parts])
        lines = "".join(json.dumps(item) + "\n" for item in self.quarantine)
        (out / "quarantine.jsonl").write_text(lines)
        (out / "run.json").write_text(json.dumps(self.account(**more)))
        return out


def put(file: Path, table: str, rows: list[Row], **types: Any) -> None:
    """One part; `types` replace those of columns, None leaves a column out."""
    kinds = {name: types.get(name, _type(table, name)) for name in COLUMNS[table]}
    schema = pa.schema([(name, kind) for name, kind in kinds.items() if kind is not None])
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), file)


def _type(table: str, name: str) -> Any:
    if name == "lines":
        return pa.int32() if table == "claims" else pa.list_(pa.int32())
    return pa.int32() if name in _COUNTS else TYPES.get(name, pa.string())


def claim(id: str, verdict: str = "clean", charge: str | None = "100.00", **more: Any) -> Row:
    """A judged claim."""
    return {
        "claim_id": id,
        "verdict": verdict,
        "payer": "medicare",
        "contractor": "palmetto",
        "place_of_service": "11",
        "service_date": date(2026, 3, 4),
        "billing_npi": "1900000054",
        "charge": None if charge is None else Decimal(charge),
        "lines": 1,
        **more,
    }


def finding(id: str, lines: list[int], charge: str | None, **more: Any) -> Row:
    """A finding that denies."""
    return {
        "claim_id": id,
        "rule": "medicare/blocks#one-unit",
        "finding": "deny",
        "lines": lines,
        "charge": None if charge is None else Decimal(charge),
        "group_code": "CO",
        "carc": "151",
        "message": "One unit is billed once.",
        "evidence": "primary",
        "verified": False,
        **more,
    }


def need(id: str, fact: str, **more: Any) -> Row:
    """A fact that an undecided claim asks for."""
    asked = f"What of {fact.replace('_', ' ')}?"
    about = {"claim_id": id, "rule": "medicare/blocks#care", "weighs": True}
    return {**about, "fact": fact, "question": asked, **more}


def real(folder: Path, claims: int = 70, seed: int = 3) -> tuple[Batch, list[tuple[Any, Claim]]]:
    """A sample corpus as the engine itself decides it: its rows, and the results behind them."""
    _corpus(folder, linted()[0], claims, seed)
    desk = Desk(Shelf(from_folder(SHIPPED)))
    desk.load_history((str(folder / "history.jsonl"),))
    batch, results = Batch(), []
    for item in read_claims(str(folder / "claims.jsonl")):
        assert not isinstance(item, Problem)
        addressed, _, _ = desk.addressed(item)
        decided, history = desk.decided(addressed)
        shown = result(decided, history)
        for asked in shown["needs"]:
            asked["weighs"] = _weighs(decided, asked["rule"])
        _add(batch, shown, decided)
        results.append((shown, addressed))
    return batch, results


def _weighs(decided: Decided, rule: str) -> bool:
    """Whether a rule does more than warn; so does the outcome of a line without a policy."""
    entries = [entry for entry in decided.around.bound.book.rules if entry.id == rule]
    return not entries or any(entry.consequence.finding in WEIGHTY for entry in entries)


def _corpus(folder: Path, library: Library, claims: int, seed: int) -> None:
    files = {name: (folder / f"{name}.jsonl").open("w") for name in ("claims", "history")}
    for made in generate(library, claims, seed, 0.5, ""):
        files["claims"].write(json.dumps(made.claim, default=str) + "\n")
        for part in (*made.history.get("coverage", ()), *made.history.get("services", ())):
            files["history"].write(json.dumps(part, default=str) + "\n")
    for file in files.values():
        file.close()


def _add(batch: Batch, shown: Row, decided: Decided) -> None:
    claim, book = decided.around.claim, decided.around.bound.book.digest
    first, billing = claim.lines[0], claim.billing_provider
    whose = {"claim_id": claim.claim_id, "payer": claim.payer.id, "book": book}
    who = {
        **whose,
        "contractor": claim.payer.contractor,
        "billing_npi": billing and billing.npi,
        "group": billing and billing.group,
        "rendering_npi": first.rendering_provider and first.rendering_provider.npi,
        "place_of_service": first.place_of_service,
        "service_date": first.service_date,
    }
    counts = {**shown["checked"], "lines": len(claim.lines), "charge": charge(claim.lines)}
    batch.claims.append({**who, **counts, "verdict": shown["verdict"], "file": "claims.jsonl"})
    _add_findings(batch, shown, claim, who)


def _add_findings(batch: Batch, shown: Row, claim: Claim, who: Row) -> None:
    for found in shown["findings"]:
        remedy = found["remedy"] or {}
        batch.findings.append(
            {
                **who,
                **{k: found[k] for k in ("rule", "finding", "lines", "carc", "rarc", "message")},
                "group_code": found["group"],
                "charge": charge(on(claim, found["lines"])),
                "evidence": found["cites"]["evidence"],
                "verified": remedy.get("verified", False),
            }
        )
    for asked in shown["needs"]:
        about = {**who, **{name: asked[name] for name in ("rule", "lines", "weighs")}}
        batch.needs += [
            {**about, "fact": fact["fact"], "question": fact["question"]} for fact in asked["facts"]
        ]


def on(claim: Claim, numbers: list[int]) -> list[Line]:
    """The lines of a finding; without numbers all of them."""
    return [line for line in claim.lines if not numbers or line.number in numbers]


def charge(lines: Iterable[Line]) -> Decimal | None:
    """Their charges together; None if none states one."""
    stated = [line.charge for line in lines if line.charge is not None]
    return sum(stated, Decimal(0)) if stated else None
