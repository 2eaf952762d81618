"""Applies what payers decided to the lines of claims, whichever of the two arrives first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.ledger.kinds import STATES
from engine.ledger.known import Known
from engine.ledger.record import Recorder
from engine.ledger.rows import Row, digest
from engine.ledger.schema import REMITTANCE, VERSION
from engine.model.remittance import LineDecision, Remittance


def record_remittances(recorder: Recorder, found: Sequence[Remittance]) -> Counter[str]:
    """Keep remittances, apply them to the claims that are there, and count what happened.

    ``recorded``, ``known`` (read before), ``waiting`` (for a claim that is not there yet),
    ``unmatched`` (lines that no line of their claim answers to).
    """
    rows = list({row["content"]: row for row in (_row(recorder, one) for one in found)}.values())
    contents = [row["content"] for row in rows]
    query = sa.select(REMITTANCE.c.content).where(REMITTANCE.c.content.in_(contents))
    before = set(recorder.connection.execute(query).scalars())
    new = [row for row in rows if row["content"] not in before]
    if new:
        recorder.connection.execute(sa.insert(REMITTANCE), new)
    counts = settle(recorder, {row["claim_id"] for row in new})
    counts["recorded"] = len(new)
    counts["known"] = len(found) - len(new)
    return counts


def patients_of(connection: sa.Connection, claim_ids: Collection[str]) -> set[str]:
    """Whose claims these are, as far as the ledger has them (all names as stored)."""
    query = sa.select(VERSION.c.patient).where(VERSION.c.claim_id.in_(sorted(claim_ids)))
    return set(connection.execute(query).scalars())


def settle(recorder: Recorder, claim_ids: Collection[str]) -> Counter[str]:
    """Apply what waits for these claims (ids as stored).

    Decisions about one version of a claim are gone through again in the order in which they were
    made, so that it does not matter in which order they are read.
    """
    counts: Counter[str] = Counter()
    c = REMITTANCE.c
    found = _of_claims(recorder.connection, claim_ids)
    known = Known.of_ids(recorder.connection, found) if found else Known()
    for claim_id, rows in sorted(found.items()):
        waiting = [row.id for row in rows if row.applied is None]
        own = known.versions(claim_id)
        if not own:
            counts["waiting"] += len(waiting)
        elif waiting:
            basis = max(v.version for v in own if v.event in STATES)
            about = [row for row in rows if row.applied is None or row.applied >= basis]
            ordered = sorted(map(_read, about), key=_order)
            counts["unmatched"] += _apply(recorder, claim_id, ordered, known)
            update = sa.update(REMITTANCE).where(c.id.in_(waiting))
            recorder.connection.execute(update.values(applied=own[-1].version))
    recorder.flush()
    return counts


def _of_claims(connection: sa.Connection, claim_ids: Collection[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    query = sa.select(REMITTANCE).where(REMITTANCE.c.claim_id.in_(sorted(claim_ids)))
    for row in connection.execute(query):
        found.setdefault(row.claim_id, []).append(row)
    return found


def _row(recorder: Recorder, found: Remittance) -> Row:
    names = recorder.names
    details = asdict(found)
    claim_id = names.claim(found.claim_id)
    patient = names.patient(found.patient_id) if found.patient_id else None
    control = names.claim(found.payer_control) if found.payer_control else None
    details |= {"claim_id": claim_id, "patient_id": patient, "payer_control": control}
    return {
        "claim_id": claim_id,
        "content": digest(details),
        "patient": patient,
        "decided_on": found.decided_on,
        "details": json.dumps(details, default=str),
        "source": recorder.source,
    }


def _read(row: Any) -> Remittance:
    given = json.loads(row.details)
    lines = tuple(
        LineDecision(**{**line, "modifiers": tuple(line["modifiers"]), "service_date": _day(line)})
        for line in given["lines"]
    )
    return replace(Remittance(**{**given, "lines": lines}), decided_on=row.decided_on)


def _day(line: dict[str, Any]) -> date | None:
    given = line["service_date"]
    return date.fromisoformat(given) if given else None


def _order(found: Remittance) -> tuple[date, str, bool, int]:
    """In time; of one day a reversal comes before the decision that corrects it."""
    return found.decided_on or date.min, found.trace or "", not found.reversal, found.position


def _apply(recorder: Recorder, claim_id: str, found: list[Remittance], known: Known) -> int:
    own = known.versions(claim_id)
    rows = known.current_rows(recorder.connection, claim_id)
    after = [dict(row) for row in rows]
    unmatched = sum(_decide(after, one) for one in found)
    changed = [new for old, new in zip(rows, after, strict=True) if old != new]
    control = next((f.payer_control for f in reversed(found) if f.payer_control), None)
    if changed or control:
        recorder.retire([claim_id], {row["line"] for row in changed})
        content = digest([asdict(one) for one in found])
        recorder.event(
            claim_id, own[-1].patient, "remittance", content, changed, own, None, control
        )
    if control:
        _retire_if_replaced(recorder, claim_id, control)
    return unmatched


def _decide(rows: list[Row], found: Remittance) -> int:
    """Write one decision into rows; how many of its lines answer to none of them."""
    for row in rows:
        row["payer_control"] = found.payer_control or row["payer_control"]
    if found.decision is None:
        return 0
    if not found.lines:
        for row in rows:
            _set(row, found.decision, found)
        return 0
    free, unmatched = list(rows), 0
    for line in found.lines:
        meant = _match(free, line)
        if meant is None:
            unmatched += 1
            continue
        free = [row for row in free if row is not meant]
        _set(meant, line.decision, found)
    return unmatched


def _set(row: Row, decision: str, found: Remittance) -> None:
    kept = row["status"] == "void" or (found.secondary and row["status"] == "paid")
    if not kept:
        row["status"] = decision


def _match(rows: list[Row], line: LineDecision) -> Row | None:
    """The row that a service payment means: by its number, else by what was done and when."""
    same = [row for row in rows if line.procedure in (None, row["procedure"])]
    dated = [row for row in same if line.service_date in (None, row["service_date"])]
    numbered = [row for row in same if row["line"] == line.line]
    exact = [row for row in dated if set(row["modifiers"].split()) == set(line.modifiers)]
    return next(iter((*numbered, *exact, *dated)), None)


def _retire_if_replaced(recorder: Recorder, claim_id: str, control: str) -> None:
    """A replacement that named the payer's number may have come before that number was known."""
    query = sa.select(VERSION.c.claim_id).where(
        VERSION.c.replaces == control, VERSION.c.claim_id != claim_id
    )
    if recorder.connection.execute(query).first() is not None:
        recorder.flush()
        recorder.retire([claim_id])
